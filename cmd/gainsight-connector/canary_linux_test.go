package main_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// The secrets of every connection of these tests; the sandbox makes up the
// tokens.
const (
	keyCanary    = "canary/key+0b1e7d52a9"
	clientCanary = "canary-client-5f7c22e8d1"
)

// traces are the forms in which a text may be written and still be read.
func traces(text string) []string {
	forms := []string{
		text, hex.EncodeToString([]byte(text)), url.QueryEscape(text), url.PathEscape(text), strings.ReplaceAll(text, "/", `\/`),
	}
	for shift := range 3 { // base64 looks different by what comes before
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			code := e.EncodeToString([]byte(strings.Repeat("x", shift) + text))
			forms = append(forms, code[(shift*8+5)/6:len(code)-2])
		}
	}
	return forms
}

// findings are all that was said and must hold no secret, by where.
type findings struct {
	mu   sync.Mutex
	said map[string]*strings.Builder
}

func (f *findings) add(where, text string) { _, _ = f.writer(where).Write([]byte(text + "\n")) }

// silent fails the test if a canary is in what was said.
func (f *findings) silent(t *testing.T, canaries []string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for where, b := range f.said {
		said := b.String()
		for _, c := range canaries {
			for _, form := range traces(c) {
				if at := strings.Index(said, form); at >= 0 {
					t.Errorf("%s shows %s as %q: %.300s", where, c, form, said[max(0, at-100):])
				}
			}
		}
	}
}

// writer notes what is written.
func (f *findings) writer(where string) *noted { return &noted{f, where} }

type noted struct {
	findings *findings
	where    string
}

func (n *noted) Write(p []byte) (int, error) {
	n.findings.mu.Lock()
	defer n.findings.mu.Unlock()
	if n.findings.said == nil {
		n.findings.said = map[string]*strings.Builder{}
	}
	if n.findings.said[n.where] == nil {
		n.findings.said[n.where] = &strings.Builder{}
	}
	return n.findings.said[n.where].Write(p)
}

// text returns what was said in a place.
func (f *findings) text(where string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.said[where] == nil {
		return ""
	}
	return f.said[where].String()
}
