package sandbox

import (
	"net/http"
	"strings"
)

// flushSize is about how much of a chunk is written at once, in bytes.
const flushSize = 64 << 10

// lockRows is how many rows are rendered under one read lock.
const lockRows = 256

// byteOrderMark is the UTF-8 one.
const byteOrderMark = "\ufeff"

// A cell appends the CSV of one column of a row.
type cell func(dst []byte, r row) []byte

// writeChunk writes rows as RFC 4180 CSV in UTF-8 with a header row of the
// names in select (bulk.md, INFERRED). Its memory does not depend on the
// number of rows. It stops when the caller hangs up.
func (t *Tenant) writeChunk(w http.ResponseWriter, j *job, from, to int) {
	cells := make([]cell, len(j.columns))
	for i := range j.columns {
		cells[i] = t.cell(&j.columns[i])
	}
	newline := "\r\n"
	if t.forms.CSVNewline {
		newline = "\n"
	}
	buf := make([]byte, 0, flushSize+flushSize/4)
	if t.forms.CSVMark {
		buf = append(buf, byteOrderMark...)
	}
	delimiter := t.forms.delimiter()
	if !t.forms.CSVBare {
		for i := range j.columns {
			if i > 0 {
				buf = append(buf, delimiter)
			}
			buf = appendQuoted(buf, j.columns[i].asked)
		}
		buf = append(buf, newline...)
	}
	for from < to {
		next := min(from+lockRows, to)
		t.mu.RLock()
		j.rows.each(from, next, func(r row) { buf = append(appendRow(buf, r, cells, delimiter), newline...) })
		t.mu.RUnlock()
		from = next
		if len(buf) >= flushSize {
			if _, err := w.Write(buf); err != nil {
				return
			}
			buf = buf[:0]
		}
	}
	_, _ = w.Write(buf)
}

// appendRow quotes the empty value of a single column, which would otherwise
// be an empty line, and that is no record to most readers.
func appendRow(dst []byte, r row, cells []cell, delimiter byte) []byte {
	start := len(dst)
	for i, c := range cells {
		if i > 0 {
			dst = append(dst, delimiter)
		}
		dst = c(dst, r)
	}
	if len(dst) == start {
		dst = append(dst, `""`...)
	}
	return dst
}

// cell compiles a column. Direct columns of the generated object have a fast
// way.
func (t *Tenant) cell(col *column) cell {
	fast := usageAppender(col.field)
	if len(col.hops) > 0 || t.forms.Dates != DatesISO || t.forms.CSVDates != CSVDatesAsLists {
		fast = nil
	}
	return func(dst []byte, r row) []byte {
		if u, ok := r.(*usageRow); ok && fast != nil {
			return fast(dst, u)
		}
		return appendQuoted(dst, t.forms.text(col.field, t.value(r, col)))
	}
}

func (f Forms) delimiter() byte {
	if f.CSVSemicolon {
		return ';'
	}
	return ','
}

// appendQuoted quotes a value only where RFC 4180 needs it, whichever the
// delimiter.
func appendQuoted(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ",;\"\r\n") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		dst = append(dst, s[:i+1]...)
		dst = append(dst, '"')
		s = s[i+1:]
	}
	dst = append(dst, s...)
	return append(dst, '"')
}
