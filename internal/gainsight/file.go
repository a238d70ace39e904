package gainsight

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// file is a body that is passed on as it comes.
type file struct {
	reader *bufio.Reader
	reply  *reply
	lost   func(error) error
}

// Read reads the body; what breaks it is told as a lost answer.
func (f *file) Read(b []byte) (int, error) {
	n, err := f.reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = f.lost(err)
	}
	return n, err
}

// Close ends the request.
func (f *file) Close() error {
	f.reply.close()
	return nil
}

// starts reports whether the body is a file: the status is 2xx, it is no page
// of a proxy, and its first character that is no white space does not open a
// JSON object.
func (f *file) starts() (bool, error) {
	if f.reply.status/100 != 2 || strings.HasPrefix(f.reply.header.Get("Content-Type"), "text/html") {
		return false, nil
	}
	for n := 1; n <= 512; n++ {
		b, err := f.reader.Peek(n)
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, f.lost(err)
		}
		switch b[n-1] {
		case ' ', '\t', '\r', '\n':
		default:
			return b[n-1] != '{', nil
		}
	}
	return true, nil
}
