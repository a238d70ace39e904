package doctype

import "unicode/utf8"

// plain are the bytes that stand for themselves in a JSON string.
var plain = func() (table [256]bool) { //nolint:gochecknoglobals // a constant that the language cannot write
	for i := range table {
		table[i] = i >= 0x20 && i != '"' && i != '\\'
	}
	return table
}()

// appendQuoted appends text as a JSON string. Brackets stay readable; what is
// no UTF-8 becomes U+FFFD.
func appendQuoted(dst, text []byte) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	if !utf8.Valid(text) {
		text = []byte(string([]rune(string(text))))
	}
	done := 0
	for i, b := range text {
		if plain[b] {
			continue
		}
		dst = append(dst, text[done:i]...)
		done = i + 1
		switch b {
		case '"', '\\':
			dst = append(dst, '\\', b)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&0xf])
		}
	}
	return append(append(dst, text[done:]...), '"')
}
