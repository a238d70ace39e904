package supervise

import (
	"io"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// content is what an upload reads, by one attempt at a time. An attempt that
// has ended may still have a Read running.
type content struct {
	mu     sync.Mutex
	r      io.Reader
	back   func() error // nil: it cannot be set back
	passed bool         // something was read
	turn   int          // of the attempt that may read
}

func newContent(r io.Reader) *content {
	c := &content{r: r}
	s, ok := r.(io.Seeker)
	if !ok {
		return c
	}
	begin, err := s.Seek(0, io.SeekCurrent)
	if err != nil { // as of a pipe, which is a file by its type alone
		return c
	}
	c.back = func() error {
		_, err := s.Seek(begin, io.SeekStart)
		return err
	}
	return c
}

// rewind goes back to the begin for another attempt, if it can.
func (c *content) rewind() bool {
	if c.back != nil {
		c.mu.Lock() // a Read that runs is soon over
	} else if !c.mu.TryLock() {
		return false // a Read that runs may take for ever, and what it gets is lost
	}
	defer c.mu.Unlock()
	c.turn++
	if c.passed && (c.back == nil || c.back() != nil) {
		return false
	}
	c.passed = false
	return true
}

// reader returns the content for one attempt.
func (c *content) reader() io.Reader {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &turnReader{content: c, turn: c.turn}
}

// turnReader is the content in the hands of one attempt.
type turnReader struct {
	content *content
	turn    int
}

// Read reads while it is the attempt's turn.
func (t *turnReader) Read(p []byte) (int, error) {
	c := t.content
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.turn != c.turn {
		return 0, connector.Errorf(connector.ReasonCanceled, "another attempt reads the content")
	}
	n, err := c.r.Read(p)
	c.passed = c.passed || n > 0
	return n, err
}
