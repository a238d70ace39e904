package connector

import "math"

// Defaults and bounds of [Limits].
const (
	// DefaultInlineBytes is the largest input or output of Execute unless
	// agreed otherwise: 64 MiB, a write of some 100,000 records and its results.
	DefaultInlineBytes = 64 << 20
	// DefaultChunkBytes is the largest payload of a chunk unless agreed
	// otherwise: 256 KiB, which gives most of the best stream rate while
	// single calls beside it stay fast.
	DefaultChunkBytes = 256 << 10
	// EnvelopeBytes is the room that a message has beside its payload.
	EnvelopeBytes = 64 << 10

	// maxMessageBytes is the most that protobuf encodes and the wire counts.
	maxMessageBytes = math.MaxInt32
)

// Limits bounds what one message may hold. Each side has its own; the smaller
// ones are in force, see [Limits.Min]. Zero fields mean the defaults; a message
// has 2 GiB at most.
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

// Resolved returns l with every zero field replaced by its default, what no
// message can hold lowered, and MessageBytes raised to what the others need.
func (l Limits) Resolved() Limits {
	if l.InlineBytes <= 0 {
		l.InlineBytes = DefaultInlineBytes
	}
	if l.ChunkBytes <= 0 {
		l.ChunkBytes = DefaultChunkBytes
	}
	l.InlineBytes = min(l.InlineBytes, maxMessageBytes-EnvelopeBytes)
	l.ChunkBytes = min(l.ChunkBytes, maxMessageBytes-EnvelopeBytes)
	l.MessageBytes = min(max(l.MessageBytes, max(l.InlineBytes, l.ChunkBytes)+EnvelopeBytes), maxMessageBytes)
	return l
}

// Min returns the limits in force between two sides: the smaller ones. As each
// side's message has room for its own payload, the smaller message has room for
// the smaller payload.
func (l Limits) Min(other Limits) Limits {
	a, b := l.Resolved(), other.Resolved()
	return Limits{
		InlineBytes:  min(a.InlineBytes, b.InlineBytes),
		ChunkBytes:   min(a.ChunkBytes, b.ChunkBytes),
		MessageBytes: min(a.MessageBytes, b.MessageBytes),
	}
}
