package host

import (
	"bytes"
	"sync"
)

// maxLine is the longest line that is taken from a connector, in bytes. It has
// room for a handshake and for any sensible log line.
const maxLine = 64 << 10

// lineWriter cuts what is written to it into lines. Of a line longer than
// maxLine the beginning is emitted at once and the rest dropped, so that a
// connector can neither fill the host's memory nor block on its own output.
type lineWriter struct {
	// emit gets each line without its end. The bytes are valid during the call
	// only. cut says that the line went on.
	emit func(line []byte, cut bool)

	mu       sync.Mutex
	line     []byte
	dropping bool
}

// Write never fails.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for rest := p; len(rest) > 0; {
		part, after, ended := bytes.Cut(rest, []byte{'\n'})
		rest = after
		w.add(part)
		if ended {
			w.end()
		}
	}
	return len(p), nil
}

// flush emits a last line that has no end.
func (w *lineWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		w.end()
	}
}

func (w *lineWriter) add(part []byte) {
	if w.dropping {
		return
	}
	room := maxLine - len(w.line)
	w.line = append(w.line, part[:min(room, len(part))]...)
	if len(part) > room {
		w.dropping = true
		w.emit(w.line, true)
	}
}

func (w *lineWriter) end() {
	if !w.dropping {
		w.emit(bytes.TrimSuffix(w.line, []byte{'\r'}), false)
	}
	w.dropping = false
	w.line = w.line[:0]
}
