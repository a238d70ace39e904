package schema

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// pointer is a JSON Pointer (RFC 6901) in unescaped tokens.
type pointer []string

// parsePointer reads the string form.
func parsePointer(s string) (pointer, error) {
	if s == "" {
		return nil, nil
	}
	if s[0] != '/' {
		return nil, fmt.Errorf("schema: the JSON Pointer %q must be empty or start with a slash", s)
	}
	return jsonpointer.Names(s), nil
}

// parseFragment reads the URI form that $ref and the validator's locations
// use: everything before the number sign is dropped, the rest percent-decoded.
func parseFragment(location string) pointer {
	if _, fragment, ok := strings.Cut(location, "#"); ok {
		location = fragment
	}
	location = strings.TrimPrefix(location, "/")
	if location == "" {
		return nil
	}
	p := strings.Split(location, "/")
	for i, token := range p {
		if decoded, err := url.PathUnescape(token); err == nil {
			token = decoded
		}
		p[i] = jsonpointer.Name(token)
	}
	return p
}

// String returns the string form.
func (p pointer) String() string {
	var b strings.Builder
	for _, token := range p {
		b.WriteByte('/')
		b.WriteString(jsonpointer.Token(token))
	}
	return b.String()
}

// with returns a copy of p with one more token.
func (p pointer) with(token string) pointer {
	return append(slices.Clip(p), token)
}

// last returns the last token, or "".
func (p pointer) last() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}

// in returns the value that p points to in a decoded document.
func (p pointer) in(document any) (any, bool) {
	for _, token := range p {
		switch v := document.(type) {
		case map[string]any:
			next, ok := v[token]
			if !ok {
				return nil, false
			}
			document = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			document = v[i]
		default:
			return nil, false
		}
	}
	return document, true
}

// comparePointers orders parents before children and array indices by number.
func comparePointers(a, b pointer) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		i, errX := strconv.Atoi(x)
		j, errY := strconv.Atoi(y)
		if errX == nil && errY == nil && i != j {
			return cmp.Compare(i, j)
		}
		return cmp.Compare(x, y)
	})
}
