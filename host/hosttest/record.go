package hosttest

import (
	"bytes"
	"sync"
)

// maxRecord bounds what is kept of an output, in bytes: the end of it.
const maxRecord = 8 << 20

// record keeps what is written to it. It is safe for concurrent use.
type record struct {
	mu  sync.Mutex
	buf []byte
}

// Write implements [io.Writer].
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buf = append(r.buf, p...)
	if len(r.buf) > 2*maxRecord {
		r.buf = append(r.buf[:0], r.buf[len(r.buf)-maxRecord:]...)
	}
	return len(p), nil
}

// String returns what was written so far.
func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.buf)
}

// lines returns the lines written so far that are not empty.
func (r *record) lines() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines [][]byte
	for line := range bytes.Lines(bytes.Clone(r.buf)) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}
