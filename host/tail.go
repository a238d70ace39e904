package host

import (
	"bytes"
	"sync"
)

// maxTail is how much of a connector's stderr is kept, in bytes.
const maxTail = 64 << 10

// tail keeps the end of a connector's stderr, for the day it dies.
type tail struct {
	mu    sync.Mutex
	buf   []byte
	crash string
	last  string
}

// add keeps a line as it came; said is what it tells a person.
func (t *tail) add(line []byte, said string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(append(t.buf, line...), '\n')
	if len(t.buf) > 2*maxTail { // now and then, not at every line
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-maxTail:]...)
	}
	if t.crash == "" && isCrash(line) {
		t.crash = said
	}
	if said != "" {
		t.last = said
	}
}

// text returns the kept end.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf[max(0, len(t.buf)-maxTail):])
}

// lastWords returns the line that says best why the process ended: the first
// one of a Go crash, else the last one of all.
func (t *tail) lastWords() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.crash != "" {
		return t.crash
	}
	return t.last
}

// isCrash recognises the first line that the Go runtime prints when it ends a
// process.
func isCrash(line []byte) bool {
	return bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("fatal error: ")) ||
		bytes.HasPrefix(line, []byte("SIGQUIT: "))
}
