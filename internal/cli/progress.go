package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Repainting the line of a progress.
const (
	progressEvery = 200 * time.Millisecond
	clearLine     = "\r\x1b[K"
	defaultWidth  = 80
)

// progress is one line on a terminal that says how far long work is. It is
// repainted every so often, and gone once the work has ended. A nil progress
// does nothing.
type progress struct {
	what  string
	w     io.Writer
	width int
	began time.Time
	now   func() time.Time

	mu    sync.Mutex
	state connector.Progress
	bytes uint64

	quit, gone chan struct{}
}

// progress starts to show the progress of an action, if stderr is a terminal
// that nothing else is written to meanwhile.
func (a *app) progress(what string) *progress {
	if a.json || a.log.shown() || !a.isTerminal(a.stderr) {
		return nil
	}
	return startProgress(a.stderr, what, widthOf(a.stderr), a.now)
}

func startProgress(w io.Writer, what string, width int, now func() time.Time) *progress {
	p := &progress{what: what, w: w, width: width, began: now(), now: now, quit: make(chan struct{}), gone: make(chan struct{})}
	go p.paint()
	return p
}

// widthOf returns the columns of a terminal.
func widthOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultWidth
}

// update takes the state of the work.
func (p *progress) update(state connector.Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = state
}

// Write counts the bytes of a stream that passes by.
func (p *progress) Write(b []byte) (int, error) {
	if p == nil {
		return len(b), nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += uint64(len(b))
	return len(b), nil
}

// stop removes the line.
func (p *progress) stop() {
	if p == nil {
		return
	}
	close(p.quit)
	<-p.gone
}

func (p *progress) paint() {
	defer close(p.gone)
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	painted := false
	for {
		select {
		case <-p.quit:
			if painted {
				_, _ = io.WriteString(p.w, clearLine)
			}
			return
		case <-ticker.C:
			_, _ = io.WriteString(p.w, clearLine+p.line())
			painted = true
		}
	}
}

// line says how far the work is, in one line that fits the terminal.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := p.now().Sub(p.began)
	parts := []string{p.what}
	if p.state.Message != "" {
		parts[0] += ": " + p.state.Message
	}
	if p.state.Done > 0 {
		parts[0] += " " + doneOf(p.state)
	}
	if p.bytes > 0 {
		parts = append(parts, size(p.bytes))
	}
	if rate := p.rate(elapsed); rate != "" {
		parts = append(parts, rate)
	}
	line := strings.Join(append(parts, duration(elapsed)), ", ")
	if over := utf8.RuneCountInString(line) - (p.width - 1); over > 0 {
		runes := []rune(line)
		line = string(runes[:max(len(runes)-over-1, 0)]) + "…"
	}
	return line
}

func doneOf(s connector.Progress) string {
	if s.Total == 0 {
		return count(s.Done)
	}
	return fmt.Sprintf("%s of %s (%d %%)", count(s.Done), count(s.Total), 100*s.Done/s.Total)
}

// rate is in bytes if they are counted, else in units of the work.
func (p *progress) rate(elapsed time.Duration) string {
	seconds := elapsed.Seconds()
	switch {
	case seconds <= 0:
		return ""
	case p.bytes > 0:
		return size(uint64(float64(p.bytes)/seconds)) + "/s"
	case p.state.Done > 0:
		return count(uint64(float64(p.state.Done)/seconds)) + "/s"
	}
	return ""
}
