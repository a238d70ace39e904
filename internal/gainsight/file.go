package gainsight

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// File is an answer that is passed on as it comes. One goroutine reads it.
type File struct {
	reader *bufio.Reader
	reply  *reply
	lost   func(error) error
}

// Range is the rest of a file of which the beginning has come.
type Range struct {
	// From is how many bytes have come.
	From int64
	// ETag is that of the file which they are of, from [File.ETag].
	ETag string
}

// ask puts a range into the header of a request (RFC 9110, 14.2 and 13.1.5): a
// tenant that knows none, or has another file by now, answers with all of it.
func (r *Range) ask(h http.Header) {
	if r != nil {
		h.Set("Range", fmt.Sprintf("bytes=%d-", r.From))
		h.Set("If-Range", r.ETag)
	}
}

// ETag returns what a [Range] of the same file needs. Empty: the tenant offers
// no ranges, or nothing by which to know the file again.
func (f *File) ETag() string {
	etag := f.reply.header.Get("ETag")
	if f.reply.packed || f.reply.header.Get("Accept-Ranges") != "bytes" || !strings.HasPrefix(etag, `"`) {
		return ""
	}
	return etag
}

// Offset returns where in the file the answer begins: that of the request's
// [Range] if the tenant took it, else 0.
func (f *File) Offset() int64 {
	var from int64
	if f.reply.status != http.StatusPartialContent {
		return 0
	}
	if _, err := fmt.Sscanf(f.reply.header.Get("Content-Range"), "bytes %d-", &from); err != nil {
		return 0
	}
	return from
}

// Read reads the body; what breaks it is told as a lost answer.
func (f *File) Read(b []byte) (int, error) {
	n, err := f.reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = f.lost(err)
	}
	return n, err
}

// Close ends the request.
func (f *File) Close() error {
	f.reply.close()
	return nil
}

// starts reports whether the body is a file: the status is 2xx, it is no page
// of a proxy, and its first character that is no white space does not open a
// JSON object.
func (f *File) starts() (bool, error) {
	if f.reply.status == http.StatusPartialContent {
		return true, nil // its beginning has been seen
	}
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
