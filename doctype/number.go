package doctype

import "bytes"

// isNumber reports whether text is a number as JSON writes it (RFC 8259,
// section 6). It is not read, so it may have any size.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte{'-'})
	whole := digitsOf(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	text = text[whole:]
	if len(text) > 0 && text[0] == '.' {
		n := digitsOf(text[1:])
		if n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if len(text) > 0 && text[0]|0x20 == 'e' {
		text = text[1:]
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		n := digitsOf(text)
		if n == 0 {
			return false
		}
		text = text[n:]
	}
	return len(text) == 0
}

// digitsOf returns how many digits text begins with.
func digitsOf(text []byte) int {
	for i, b := range text {
		if b < '0' || b > '9' {
			return i
		}
	}
	return len(text)
}
