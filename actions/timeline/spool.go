package timeline

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// opening begins the body of a bulk request.
const opening = `{"records":[`

// spool is the body of a bulk request in a temporary file that only this user
// can read: the size of the body must be known before its first byte is sent,
// and it does not fit in memory. Where the system allows it the file loses its
// name at once, so that it is gone however the process ends; elsewhere it is
// removed after the call.
type spool struct {
	file  *os.File
	out   *bufio.Writer
	size  int64
	list  int64 // where the list of records ends
	limit int64
	line  bytes.Buffer
}

// newSpool returns an empty body of at most limit bytes.
func newSpool(limit int64) (*spool, error) {
	file, err := os.CreateTemp("", "gainsight-connector-*.json") // made with mode 0600
	if err != nil {
		return nil, spoolError(err)
	}
	_ = os.Remove(file.Name()) // Windows keeps the name of an open file; close removes it there
	s := &spool{file: file, out: bufio.NewWriterSize(file, 64<<10), limit: limit}
	if err := s.write([]byte(opening)); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// add appends record n.
func (s *spool) add(record map[string]any, n int) error {
	if n > 0 {
		if err := s.write([]byte(",")); err != nil {
			return err
		}
	}
	if err := s.encode(record); err != nil {
		return err
	}
	if s.size+int64(len("]}")) > s.limit {
		return s.tooLarge()
	}
	return nil
}

// finish ends the body, with lookups and what else goes beside the records, and
// returns it.
func (s *spool) finish(lookups map[string]any, beside map[string]json.RawMessage) (*io.SectionReader, error) {
	if err := s.write([]byte("]")); err != nil {
		return nil, err
	}
	s.list = s.size
	if len(lookups) > 0 {
		if err := s.member("lookups", lookups); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(beside)) {
		if err := s.member(name, beside[name]); err != nil {
			return nil, err
		}
	}
	if err := s.write([]byte("}")); err != nil {
		return nil, err
	}
	if s.size > s.limit {
		return nil, s.tooLarge()
	}
	if err := s.out.Flush(); err != nil {
		return nil, spoolError(err)
	}
	return io.NewSectionReader(s.file, 0, s.size), nil
}

// member writes one more member of the body.
func (s *spool) member(name string, v any) error {
	if err := s.write([]byte(",")); err != nil {
		return err
	}
	if err := s.encode(name); err != nil {
		return err
	}
	if err := s.write([]byte(":")); err != nil {
		return err
	}
	return s.encode(v)
}

func (s *spool) encode(v any) error {
	s.line.Reset()
	enc := json.NewEncoder(&s.line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return connector.Errorf(connector.ReasonInternal, "a record cannot be written as JSON: %w", err)
	}
	return s.write(bytes.TrimSuffix(s.line.Bytes(), []byte("\n")))
}

func (s *spool) write(b []byte) error {
	n, err := s.out.Write(b)
	s.size += int64(n)
	if err != nil {
		return spoolError(err)
	}
	return nil
}

// tooLarge refuses the body before anything of it was sent.
func (s *spool) tooLarge() error {
	return connector.Errorf(connector.ReasonTooLarge, "the request would be larger than the %d bytes that one call may have; nothing was sent", s.limit).
		WithHint("Upload the activities in several parts.")
}

// conceal takes the values of all records out of a text.
func (s *spool) conceal(text string) string {
	from := int64(len(opening)) - 1
	records := newRecordReader(io.NewSectionReader(s.file, from, s.list-from))
	for {
		raw, _, err := records.next()
		if err != nil {
			return text
		}
		if record, err := schema.Decode(raw); err == nil {
			text = gainsight.Conceal(text, record)
		}
	}
}

// close removes the file. What cannot be removed is left to the system: the
// call is over, and its outcome stands.
func (s *spool) close() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

// spoolError is for a disk that fails; the path of the file is nobody's
// business.
func spoolError(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	return connector.Errorf(connector.ReasonInternal, "the content cannot be kept in a temporary file until it is sent: %w", err)
}
