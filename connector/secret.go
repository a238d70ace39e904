package connector

import (
	"fmt"
	"log/slog"
)

// redacted is what every printer of a [Secret] shows.
const redacted = "[redacted]"

// Secret is a credential. It cannot be printed, logged or marshalled by
// accident: every such way shows "[redacted]". The zero value is empty. Two
// secrets are not compared by their values.
type Secret struct {
	// A pointer, because fmt prints what it finds in a struct's unexported
	// fields without asking their methods.
	value *string
}

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the value. Call it where the value is sent, nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.Reveal() == "" }

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
