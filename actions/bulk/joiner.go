package bulk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// block is how much is read from the tenant at a time.
	block = 256 << 10
	// maxHeader bounds the header row of a chunk.
	maxHeader = 1 << 20
)

// byteOrderMark may come before a chunk (open question 17).
var byteOrderMark = []byte("\ufeff")

// joiner makes one CSV stream of chunks, each of which has a header row: the
// header is written once, and a chunk must have the same one as the first. Rows
// are counted, not parsed, and go through as they are; only a last row without
// a line break gets one. Memory is one block, whatever the size of a chunk.
type joiner struct {
	out io.Writer
	// records counts the rows written, headers left out.
	records uint64

	header  []byte // without its line break; nil before the first
	lineEnd []byte // that of the first header row
	buffer  []byte
}

// fetch appends a chunk of the tenant to the stream.
func (j *joiner) fetch(ctx context.Context, c *actions.Call, url string) error {
	body, err := openChunk(ctx, c, url)
	if err != nil {
		return err
	}
	err = j.append(body)
	_ = body.Close() // a read is over, come what may
	return err
}

// append appends a chunk to the stream.
func (j *joiner) append(chunk io.Reader) error {
	if j.buffer == nil {
		j.buffer = make([]byte, block)
	}
	rest, err := j.readHeader(chunk)
	var rows rowCounter
	for {
		if len(rest) > 0 {
			rows.count(rest)
			if _, err := j.out.Write(rest); err != nil {
				return err
			}
		}
		if err != nil {
			break
		}
		var n int
		n, err = chunk.Read(j.buffer)
		rest = j.buffer[:n]
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if rows.quoted {
		return errQuoted()
	}
	if rows.partial {
		rows.rows++
		if _, err := j.out.Write(j.lineEnd); err != nil {
			return err
		}
	}
	j.records += rows.rows
	return nil
}

// readHeader takes the header row off a chunk, writes it if it is the first,
// and returns what was read beyond it. The error is io.EOF if that is all.
func (j *joiner) readHeader(chunk io.Reader) (rest []byte, err error) {
	var read []byte
	var row rowCounter
	for {
		n, err := chunk.Read(j.buffer)
		at := len(read)
		read = append(read, j.buffer[:n]...)
		if end := row.firstEnd(read[at:]); end >= 0 {
			if wrong := j.takeHeader(read[:at+end]); wrong != nil {
				return nil, wrong
			}
			return read[at+end:], err
		}
		switch {
		case errors.Is(err, io.EOF) && row.quoted:
			return nil, errQuoted()
		case errors.Is(err, io.EOF):
			if wrong := j.takeHeader(read); wrong != nil {
				return nil, wrong
			}
			return nil, err
		case err != nil:
			return nil, err
		case len(read) > maxHeader:
			return nil, connector.Errorf(connector.ReasonDownstreamContract,
				"the header row of a chunk is longer than %d bytes; is it CSV?", maxHeader)
		}
	}
}

// takeHeader compares a header row with that of the first chunk, or writes it.
func (j *joiner) takeHeader(row []byte) error {
	row = bytes.TrimPrefix(row, byteOrderMark)
	names := bytes.TrimSuffix(bytes.TrimSuffix(row, []byte("\n")), []byte("\r"))
	switch {
	case len(row) == 0: // a chunk of no rows may have no header either
		return nil
	case j.header != nil && !bytes.Equal(j.header, names):
		return connector.Errorf(connector.ReasonDownstreamContract, "a chunk has other columns than the first one")
	case j.header != nil:
		return nil
	}
	j.header, j.lineEnd = bytes.Clone(names), bytes.Clone(row[len(names):])
	if !bytes.HasSuffix(row, newline) {
		j.lineEnd = []byte("\r\n") // as RFC 4180 has it
	}
	_, err := j.out.Write(slices.Concat(j.header, j.lineEnd))
	return err
}

func errQuoted() error {
	return connector.Errorf(connector.ReasonDownstreamContract, "a chunk ends within a quoted value")
}
