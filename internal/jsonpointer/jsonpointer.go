// Package jsonpointer puts JSON Pointers (RFC 6901) together and takes them
// apart.
package jsonpointer

import "strings"

// Token escapes a name to be a part of a pointer.
func Token(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Name is the reverse of [Token].
func Name(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Names returns the names that a pointer consists of. Of the empty one, the whole
// document, and of "/" they are one empty name.
func Names(pointer string) []string {
	names := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range names {
		names[i] = Name(token)
	}
	return names
}
