package bulk

import (
	"io"

	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

// format is what an export delivers. Empty: CSV.
type format string

const (
	formatCSV    format = "csv"
	formatNDJSON format = "ndjson"
)

// contentType is the media type (of CSV: bulk.md, INFERRED: RFC 4180, UTF-8).
func (f format) contentType() string {
	if f == formatNDJSON {
		return "application/x-ndjson"
	}
	return "text/csv; charset=utf-8"
}

// table returns a table that is written in this format.
func (f format) table(out io.Writer, d delimited.Dialect, columns func([]string) ([]delimited.Column, error)) *delimited.Table {
	if f == formatNDJSON {
		return delimited.NewObjects(out, d, columns)
	}
	return delimited.NewCopy(out, d, columns)
}
