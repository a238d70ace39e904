package doctype

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// members reads the members of a JSON object in whatever form they come: the
// vendor's samples have booleans and numbers as JSON strings
// (data_management.md, DOC2 sample). A null is a missing member.
type members struct {
	pointer   string
	raw       map[string]json.RawMessage
	malformed []string // keys, each once
	copies    copies
}

// copies has one copy of each text: metadata say the same things again and
// again.
type copies map[string]string

func (c copies) one(s string) string {
	if known, ok := c[s]; ok {
		return known
	}
	c[s] = s
	return s
}

// newMembers returns the members of the object in raw, and false if it is none.
func newMembers(pointer string, raw json.RawMessage, copies copies) (*members, bool) {
	m := &members{pointer: pointer, copies: copies}
	err := json.Unmarshal(raw, &m.raw)
	return m, err == nil && m.raw != nil
}

func (m *members) empty() bool { return len(m.raw) == 0 }

// get returns a member that is there and not null.
func (m *members) get(key string) (json.RawMessage, bool) {
	raw, ok := m.raw[key]
	return raw, ok && !bytes.Equal(raw, []byte("null"))
}

func (m *members) bad(key string) {
	if !slices.Contains(m.malformed, key) {
		m.malformed = append(m.malformed, key)
	}
}

// scalar returns a member as text, whether it is a string, a number or a
// boolean.
func (m *members) scalar(key string) (string, bool) {
	raw, ok := m.get(key)
	if !ok {
		return "", false
	}
	text, ok := scalar(raw)
	if !ok {
		m.bad(key)
	}
	return text, ok
}

func scalar(raw json.RawMessage) (string, bool) {
	switch raw[0] {
	case '{', '[':
		return "", false
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err == nil
	}
	return string(raw), true
}

func (m *members) text(key string) string {
	s, _ := m.scalar(key)
	return m.copies.one(s)
}

func (m *members) flag(key string, unset bool) bool {
	s, ok := m.scalar(key)
	if !ok || s == "" {
		return unset
	}
	b, err := strconv.ParseBool(strings.ToLower(s))
	if err != nil {
		m.bad(key)
		return unset
	}
	return b
}

// count returns a whole number that is not negative, or nil.
func (m *members) count(key string) *int {
	s, ok := m.scalar(key)
	if !ok || s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1<<31-1 || f != float64(int(f)) {
		m.bad(key)
		return nil
	}
	n := int(f)
	return &n
}

func (m *members) countOr(key string, unset int) int {
	if n := m.count(key); n != nil {
		return *n
	}
	return unset
}

func (m *members) list(key string) []json.RawMessage {
	raw, ok := m.get(key)
	if !ok {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		m.bad(key)
	}
	return list
}

// texts returns the scalars of a list; a single scalar is a list of one.
func (m *members) texts(key string) []string {
	raw, ok := m.get(key)
	if !ok {
		return nil
	}
	if s, ok := scalar(raw); ok {
		return []string{m.copies.one(s)}
	}
	var texts []string
	for _, item := range m.list(key) {
		s, ok := scalar(item)
		if !ok {
			m.bad(key)
			continue
		}
		texts = append(texts, m.copies.one(s))
	}
	return texts
}

// inner returns an object within; one without members if there is none.
func (m *members) inner(key string) *members {
	pointer := m.pointer + "/" + key
	raw, ok := m.get(key)
	if !ok {
		return &members{pointer: pointer, copies: m.copies}
	}
	inner, ok := newMembers(pointer, raw, m.copies)
	if !ok {
		m.bad(key)
	}
	return inner
}
