package timeline

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// maxRecord is the largest record that is taken, in bytes: it is held in
// memory. The vendor's limit on a note is not known (open question 18).
const maxRecord = 1 << 20

// errRecordTooLarge says that a record was skipped; others may follow.
var errRecordTooLarge = errors.New("the record is too large")

// recordReader cuts a content into records: one JSON value a line, or the
// elements of one JSON array. It does not look into them. It holds one record
// at a time.
type recordReader struct {
	in     *bufio.Reader
	record []byte
	line   int // of the next byte, from 1
	begun  bool
	array  bool
	any    bool // an element was there
	ended  bool
}

func newRecordReader(in io.Reader) *recordReader {
	return &recordReader{in: bufio.NewReaderSize(in, 64<<10), line: 1}
}

// next returns the text of the next record, valid until the next call, and the
// line on which it begins. The error is io.EOF at the end, or
// errRecordTooLarge, after which next can be called again.
func (r *recordReader) next() (text []byte, line int, err error) {
	if !r.begun {
		if err := r.begin(); err != nil {
			return nil, r.line, err
		}
	}
	if r.array {
		return r.element()
	}
	return r.row()
}

// byteOrderMark may begin a text.
var byteOrderMark = []byte("\ufeff")

// begin finds out which of the two forms the content has.
func (r *recordReader) begin() error {
	r.begun = true
	if start, _ := r.in.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = r.in.Discard(len(byteOrderMark))
	}
	b, err := r.skipSpace()
	if err != nil {
		return err
	}
	if b == '[' {
		r.array = true
		return nil
	}
	return r.in.UnreadByte()
}

// skipSpace returns the first byte that is no white space.
func (r *recordReader) skipSpace() (byte, error) {
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case b == '\n':
			r.line++
		case b != ' ' && b != '\t' && b != '\r':
			return b, nil
		}
	}
}

// row returns the next line that is not blank.
func (r *recordReader) row() ([]byte, int, error) {
	for {
		line := r.line
		r.record = r.record[:0]
		large := false
		for {
			part, err := r.in.ReadSlice('\n')
			if large = large || len(r.record)+len(part) > maxRecord; !large {
				r.record = append(r.record, part...)
			}
			if err == nil {
				r.line++
				break
			}
			if errors.Is(err, io.EOF) && (large || len(r.record) > 0) {
				break // the last line needs no end
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, line, err
			}
		}
		if large {
			return nil, line, errRecordTooLarge
		}
		if text := bytes.TrimSpace(r.record); len(text) > 0 {
			return text, line, nil
		}
	}
}

// element returns the next element of the array.
func (r *recordReader) element() ([]byte, int, error) {
	if r.ended {
		return nil, r.line, io.EOF
	}
	first, err := r.skipSpace()
	if err != nil {
		return nil, r.line, r.cut(err)
	}
	line := r.line
	if first == ']' && !r.any {
		return nil, line, r.end()
	}
	r.any = true
	if err := r.in.UnreadByte(); err != nil {
		return nil, line, err
	}
	large, err := r.scan()
	switch text := bytes.TrimSpace(r.record); {
	case err != nil:
		return nil, line, err
	case large:
		return nil, line, errRecordTooLarge
	case len(text) == 0:
		return nil, line, malformed(line, "an element is missing")
	default:
		return text, line, nil
	}
}

// scan collects bytes up to the comma or the bracket that ends the element.
func (r *recordReader) scan() (large bool, err error) {
	r.record = r.record[:0]
	depth, quoted, escaped := 0, false, false
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			return large, r.cut(err)
		}
		switch {
		case b == '\n':
			r.line++
		case escaped:
			escaped = false
		case quoted:
			quoted, escaped = b != '"', b == '\\'
		case b == '"':
			quoted = true
		case depth == 0 && b == ',':
			return large, nil
		case depth == 0 && b == ']':
			if err := r.end(); !errors.Is(err, io.EOF) {
				return large, err
			}
			return large, nil
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		}
		if large = large || len(r.record) == maxRecord; !large {
			r.record = append(r.record, b)
		}
	}
}

// end sees to it that nothing follows the array; io.EOF if so.
func (r *recordReader) end() error {
	r.ended = true
	_, err := r.skipSpace()
	if err == nil {
		return malformed(r.line, "something follows the array")
	}
	return err
}

// cut says that the content ends within the array.
func (r *recordReader) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return malformed(r.line, "the array does not end")
	}
	return err
}

func malformed(line int, what string) error {
	return connector.Errorf(connector.ReasonInvalidInput, "malformed JSON at line %d: %s; nothing was sent", line, what)
}
