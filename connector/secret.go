package connector

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// redacted is what every printer of a [Secret] shows.
const redacted = "[redacted]"

// Secret is a credential. It cannot be printed, logged or marshalled by
// accident: every such way shows "[redacted]". The zero value is empty. Secrets
// are compared with [Secret.Equal] and are no keys of a map.
type Secret struct {
	// A function, because printers that walk a value by reflection find what is
	// in unexported fields and behind pointers, and ask no methods. What a
	// function holds they do not reach.
	reveal func() string
}

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{func() string { return value }} }

// Reveal returns the value. Call it where the value is sent, nowhere else.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// Equal reports whether both have the same value, in a time that does not tell
// where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// GoString returns "[redacted]", for %#v.
func (s Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue returns "[redacted]" to log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]" to every encoder, JSON included.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
