package connector

// Defaults and bounds of [Limits].
const (
	// DefaultInlineBytes is the largest input or output of Execute unless
	// agreed otherwise: 16 MiB.
	DefaultInlineBytes = 16 << 20
	// DefaultChunkBytes is the largest payload of a chunk unless agreed
	// otherwise: 256 KiB, which gives most of the best stream rate while
	// single calls beside it stay fast.
	DefaultChunkBytes = 256 << 10
	// EnvelopeBytes is the room that a message has beside its payload.
	EnvelopeBytes = 64 << 10
)

// Limits bounds what one message may hold. Each side has its own; the smaller
// ones are in force, see [Limits.Min]. Zero fields mean the defaults.
type Limits struct {
	// InlineBytes is the largest input or output of Execute, and the largest
	// schema. 0: [DefaultInlineBytes].
	InlineBytes int
	// ChunkBytes is the largest payload of one chunk of a stream.
	// 0: [DefaultChunkBytes].
	ChunkBytes int
	// MessageBytes is the largest encoded message, at least the larger of the
	// other two plus [EnvelopeBytes]. 0: just that.
	MessageBytes int
}

// Resolved returns l with every zero field replaced by its default and
// MessageBytes raised to what the others need.
func (l Limits) Resolved() Limits {
	if l.InlineBytes <= 0 {
		l.InlineBytes = DefaultInlineBytes
	}
	if l.ChunkBytes <= 0 {
		l.ChunkBytes = DefaultChunkBytes
	}
	l.MessageBytes = max(l.MessageBytes, max(l.InlineBytes, l.ChunkBytes)+EnvelopeBytes)
	return l
}

// Min returns the limits in force between two sides. The message limit of
// either side is honoured by lowering the other two until they fit.
func (l Limits) Min(other Limits) Limits {
	a, b := l.Resolved(), other.Resolved()
	m := Limits{MessageBytes: min(a.MessageBytes, b.MessageBytes)}
	payload := m.MessageBytes - EnvelopeBytes
	m.InlineBytes = min(a.InlineBytes, b.InlineBytes, payload)
	m.ChunkBytes = min(a.ChunkBytes, b.ChunkBytes, payload)
	return m
}
