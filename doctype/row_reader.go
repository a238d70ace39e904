package doctype

import "bytes"

// rowReader reads the members of a JSON object without looking into them.
type rowReader struct {
	text   []byte
	begun  bool
	broken bool
}

// member returns the next member as it is written, and false at the end.
func (r *rowReader) member() (name, value []byte, more bool) {
	r.space()
	switch b := r.next(); {
	case !r.begun && b == '{':
		r.begun = true
		r.space()
		if r.peek() == '}' {
			r.next()
			return nil, nil, r.end()
		}
	case r.begun && b == ',':
		r.space()
	case r.begun && b == '}':
		return nil, nil, r.end()
	default:
		r.broken = true
		return nil, nil, false
	}
	name = r.string()
	r.space()
	if r.next() != ':' {
		r.broken = true
	}
	r.space()
	value = r.value()
	return name, value, !r.broken
}

// end sees to it that nothing follows; there is no further member.
func (r *rowReader) end() bool {
	r.space()
	r.broken = r.broken || len(r.text) > 0
	return false
}

func (r *rowReader) peek() byte {
	if len(r.text) == 0 {
		return 0
	}
	return r.text[0]
}

func (r *rowReader) next() byte {
	b := r.peek()
	r.text = r.text[min(1, len(r.text)):]
	return b
}

func (r *rowReader) space() {
	for len(r.text) > 0 && (r.text[0] == ' ' || r.text[0] == '\n' || r.text[0] == '\t' || r.text[0] == '\r') {
		r.text = r.text[1:]
	}
}

// take returns the first n bytes.
func (r *rowReader) take(n int) []byte {
	taken := r.text[:n]
	r.text = r.text[n:]
	return taken
}

// string returns a JSON string, quotes included.
func (r *rowReader) string() []byte {
	for i := 1; r.peek() == '"' && i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '"':
			return r.take(i + 1)
		}
	}
	r.broken = true
	return nil
}

// value returns any JSON value.
func (r *rowReader) value() []byte {
	if r.peek() == '"' {
		return r.string()
	}
	for i, depth := 0, 0; i < len(r.text); i++ {
		switch r.text[i] {
		case '"':
			inner := rowReader{text: r.text[i:]}
			i += max(0, len(inner.string())-1)
			r.broken = r.broken || inner.broken
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return r.scalar(i)
			}
			depth--
			if depth == 0 {
				return r.take(i + 1)
			}
		case ',':
			if depth == 0 {
				return r.scalar(i)
			}
		}
	}
	r.broken = true
	return nil
}

// scalar returns the first n bytes, without space behind them.
func (r *rowReader) scalar(n int) []byte {
	value := bytes.TrimRight(r.take(n), " \n\t\r")
	r.broken = r.broken || len(value) == 0
	return value
}
