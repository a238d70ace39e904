package host

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// minStruck is how long a secret must be, in bytes, to be struck out of a
	// line: a shorter one is in many words.
	minStruck = 8
	// maxStruck is how many texts are looked for; the oldest are given up.
	maxStruck = 1 << 16
	// struck stands where a secret was.
	struck = "[redacted]"
)

// striker strikes the secrets that a connector was given out of the lines that
// it prints: a panic has the text that its author gave it, and a library prints
// what it likes. Its zero value knows none. It is safe for concurrent use.
type striker struct {
	mu sync.Mutex
	// find returns the secrets that begin with a text of minStruck bytes. It is a
	// function for the reason that [connector.Secret] is one. Nil: there are none.
	find func(head []byte) []string
	add  func(text string)
}

// learn adds secrets. They stay for the life of the process: what it says last
// is read when its connections are gone.
func (s *striker) learn(secrets map[string]connector.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find == nil {
		s.find, s.add = newStruck(maxStruck)
	}
	for _, secret := range secrets {
		for _, text := range forms(secret.Reveal()) {
			s.add(text)
		}
	}
}

// learn has secrets struck out of what the connector prints from now on.
func (p *Plugin) learn(secrets map[string]connector.Secret) {
	if p.launch != nil {
		p.launch.proc.log.secrets.learn(secrets)
	}
}

// newStruck returns the two ways into a set of at most limit texts.
func newStruck(limit int) (find func([]byte) []string, add func(string)) {
	texts := map[string][]string{}
	var order []string
	add = func(text string) {
		head := text[:minStruck]
		if slices.Contains(texts[head], text) {
			return
		}
		texts[head] = append(texts[head], text)
		slices.SortFunc(texts[head], func(a, b string) int { return len(b) - len(a) }) // the longest that fits
		order = append(order, text)
		if len(order) <= limit {
			return
		}
		oldest := order[0]
		order[0], order = "", order[1:]
		head = oldest[:minStruck]
		texts[head] = slices.DeleteFunc(texts[head], func(t string) bool { return t == oldest })
		if len(texts[head]) == 0 {
			delete(texts, head)
		}
	}
	return func(head []byte) []string { return texts[string(head)] }, add
}

// forms are the ways in which a secret may stand in a line: one of its own lines,
// as it is, in JSON or in Go.
func forms(secret string) []string {
	all := map[string]bool{}
	for line := range strings.Lines(secret) {
		line = strings.TrimRight(line, "\r\n")
		quoted, err := json.Marshal(line)
		if err != nil {
			quoted = []byte(`""`)
		}
		for _, form := range []string{line, inside(string(quoted)), inside(strconv.Quote(line)), strings.ReplaceAll(line, "/", `\/`)} {
			all[form] = len(form) >= minStruck
		}
	}
	maps.DeleteFunc(all, func(_ string, long bool) bool { return !long })
	return slices.Sorted(maps.Keys(all))
}

// inside returns a literal without its quotes.
func inside(literal string) string { return literal[1 : len(literal)-1] }

// strike returns the line without secrets: itself, if it has none.
func (s *striker) strike(line []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find == nil {
		return line
	}
	var clean []byte // up to kept
	kept := 0
	for i := 0; i+minStruck <= len(line); {
		secret := s.at(line[i:])
		if secret == "" {
			i++
			continue
		}
		clean = append(append(clean, line[kept:i]...), struck...)
		i += len(secret)
		kept = i
	}
	if kept == 0 {
		return line
	}
	return append(clean, line[kept:]...)
}

// at returns the secret that text begins with. Empty: it begins with none.
func (s *striker) at(text []byte) string {
	for _, secret := range s.find(text[:minStruck]) {
		if bytes.HasPrefix(text, []byte(secret)) {
			return secret
		}
	}
	return ""
}
