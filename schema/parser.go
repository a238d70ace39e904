package schema

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxDepth is how deep encoding/json nests.
	maxDepth = 10_000
	// maxNumber bounds the text of a number and its exponent.
	maxNumber = 400
)

// syntaxError says where JSON broke off and what should have been there.
type syntaxError struct {
	offset   int
	expected string
}

func (e *syntaxError) Error() string { return "expected " + e.expected }

// duplicateError says which property occurs twice.
type duplicateError struct{ at pointer }

func (*duplicateError) Error() string { return "occurs twice" }

// parser reads JSON in one pass. encoding/json neither tells duplicate names
// nor keeps its messages free of content.
type parser struct {
	data  []byte
	pos   int
	depth int
}

func (p *parser) document() (any, error) {
	if i := invalidUTF8(p.data); i >= 0 {
		return nil, &syntaxError{i, "UTF-8"}
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(p.data) {
		return nil, p.expected("nothing after the value")
	}
	return v, nil
}

// invalidUTF8 returns the offset of the first invalid byte, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func (p *parser) expected(what string) error { return &syntaxError{p.pos, what} }

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

// take skips the next byte if it is c.
func (p *parser) take(c byte) bool {
	if p.pos < len(p.data) && p.data[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// next is take after white space.
func (p *parser) next(c byte) bool {
	p.space()
	return p.take(c)
}

func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) value() (any, error) {
	p.space()
	switch c := p.peek(); {
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.array)
	case c == '"':
		return p.text()
	case c == '-' || isDigit(c):
		return p.number()
	case c == 't':
		return true, p.literal("true")
	case c == 'f':
		return false, p.literal("false")
	case c == 'n':
		return nil, p.literal("null")
	}
	return nil, p.expected("a value")
}

func (p *parser) nested(read func() (any, error)) (any, error) {
	p.depth++
	if p.depth > maxDepth {
		return nil, p.expected("at most 10000 levels of nesting")
	}
	p.pos++
	v, err := read()
	p.depth--
	return v, err
}

func (p *parser) object() (any, error) {
	object := map[string]any{}
	if p.next('}') {
		return object, nil
	}
	for {
		p.space()
		if p.peek() != '"' {
			return nil, p.expected("a property name in double quotes")
		}
		name, err := p.text()
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			return nil, &duplicateError{pointer{name}}
		}
		if !p.next(':') {
			return nil, p.expected(`":"`)
		}
		if object[name], err = p.value(); err != nil {
			return nil, under(name, err)
		}
		if p.next('}') {
			return object, nil
		}
		if !p.take(',') {
			return nil, p.expected(`"," or "}"`)
		}
	}
}

func (p *parser) array() (any, error) {
	array := []any{}
	if p.next(']') {
		return array, nil
	}
	for {
		item, err := p.value()
		if err != nil {
			return nil, under(strconv.Itoa(len(array)), err)
		}
		array = append(array, item)
		if p.next(']') {
			return array, nil
		}
		if !p.take(',') {
			return nil, p.expected(`"," or "]"`)
		}
	}
}

// under puts token before the pointer that err carries, if any.
func under(token string, err error) error {
	if twice, ok := errors.AsType[*duplicateError](err); ok {
		twice.at = slices.Insert(twice.at, 0, token)
	}
	return err
}

func (p *parser) literal(word string) error {
	for i := range len(word) {
		if !p.take(word[i]) {
			return p.expected(word)
		}
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits skips digits and reports whether there were any.
func (p *parser) digits() bool {
	start := p.pos
	for isDigit(p.peek()) {
		p.pos++
	}
	return p.pos > start
}

func (p *parser) number() (any, error) {
	start := p.pos
	p.take('-')
	if !p.take('0') && !p.digits() {
		return nil, p.expected("a digit")
	}
	if p.take('.') && !p.digits() {
		return nil, p.expected("a digit")
	}
	if p.peek() == 'e' || p.peek() == 'E' {
		p.pos++
		exponent := p.pos
		if !p.take('-') {
			p.take('+')
		}
		if !p.digits() {
			return nil, p.expected("a digit")
		}
		if n, err := strconv.Atoi(string(p.data[exponent:p.pos])); err != nil || n > maxNumber || n < -maxNumber {
			return nil, &syntaxError{start, "a number with an exponent between -400 and 400"}
		}
	}
	if p.pos-start > maxNumber {
		return nil, &syntaxError{start, "a number of at most 400 characters"}
	}
	return json.Number(p.data[start:p.pos]), nil
}

func (p *parser) text() (string, error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(p.data[start : p.pos-1]), nil
		case c == '\\':
			return p.escaped(append([]byte(nil), p.data[start:p.pos]...))
		case c < ' ':
			return "", p.expected("an escape sequence in place of a control character")
		}
		p.pos++
	}
	return "", p.expected(`the closing "`)
}

// escaped reads the rest of a string that begins with done.
func (p *parser) escaped(done []byte) (string, error) {
	for p.pos < len(p.data) {
		c := p.data[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(done), nil
		case c < ' ':
			return "", p.expected("an escape sequence in place of a control character")
		case c != '\\':
			done = append(done, c)
			p.pos++
			continue
		}
		p.pos++
		r, err := p.escape()
		if err != nil {
			return "", err
		}
		done = utf8.AppendRune(done, r)
	}
	return "", p.expected(`the closing "`)
}

// escape reads what follows a backslash. A lone surrogate becomes U+FFFD, as
// in encoding/json.
func (p *parser) escape() (rune, error) {
	c := p.peek()
	switch c {
	case '"', '\\', '/':
		p.pos++
		return rune(c), nil
	case 'u':
		return p.unicode()
	}
	const letters, meanings = "bfnrt", "\b\f\n\r\t"
	for i := range len(letters) {
		if p.take(letters[i]) {
			return rune(meanings[i]), nil
		}
	}
	return 0, p.expected("an escape sequence")
}

func (p *parser) unicode() (rune, error) {
	p.pos++
	first, ok := hex4(p.data[p.pos:])
	if !ok {
		return 0, p.expected("four hexadecimal digits")
	}
	p.pos += 4
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	if rest := p.data[p.pos:]; len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		if second, ok := hex4(rest[2:]); ok {
			if r := utf16.DecodeRune(first, second); r != unicode.ReplacementChar {
				p.pos += 6
				return r, nil
			}
		}
	}
	return unicode.ReplacementChar, nil
}

func hex4(data []byte) (rune, bool) {
	if len(data) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range data[:4] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
