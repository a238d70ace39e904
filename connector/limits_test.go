package connector_test

import (
	"math"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestLimitsResolved(t *testing.T) {
	t.Parallel()
	const envelope = connector.EnvelopeBytes
	tests := map[string]struct{ in, want connector.Limits }{
		"defaults": {connector.Limits{}, connector.Limits{InlineBytes: 64 << 20, ChunkBytes: 256 << 10, MessageBytes: 64<<20 + envelope}},
		"negative": {connector.Limits{InlineBytes: -1, ChunkBytes: -1, MessageBytes: -1},
			connector.Limits{InlineBytes: 64 << 20, ChunkBytes: 256 << 10, MessageBytes: 64<<20 + envelope}},
		"a message too small for its content": {connector.Limits{InlineBytes: 1000, ChunkBytes: 2000, MessageBytes: 1},
			connector.Limits{InlineBytes: 1000, ChunkBytes: 2000, MessageBytes: 2000 + envelope}},
		"more than a message holds": {connector.Limits{InlineBytes: math.MaxInt, ChunkBytes: math.MaxInt, MessageBytes: math.MaxInt},
			connector.Limits{InlineBytes: math.MaxInt32 - envelope, ChunkBytes: math.MaxInt32 - envelope, MessageBytes: math.MaxInt32}},
		"a roomy message": {connector.Limits{InlineBytes: 1000, ChunkBytes: 500, MessageBytes: 1 << 20},
			connector.Limits{InlineBytes: 1000, ChunkBytes: 500, MessageBytes: 1 << 20}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.in.Resolved(); got != tt.want {
				t.Errorf("Resolved = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestLimitsMin(t *testing.T) {
	t.Parallel()
	const envelope = connector.EnvelopeBytes
	tests := map[string]struct{ a, b, want connector.Limits }{
		"defaults": {connector.Limits{}, connector.Limits{}, connector.Limits{}.Resolved()},
		"each side has its smallest": {
			connector.Limits{InlineBytes: 1 << 20, ChunkBytes: 4 << 10}, connector.Limits{InlineBytes: 2 << 20, ChunkBytes: 1 << 10},
			connector.Limits{InlineBytes: 1 << 20, ChunkBytes: 1 << 10, MessageBytes: 1<<20 + envelope},
		},
		"a message limit lowers the rest": {
			connector.Limits{InlineBytes: 4 << 10, ChunkBytes: 4 << 10}, connector.Limits{},
			connector.Limits{InlineBytes: 4 << 10, ChunkBytes: 4 << 10, MessageBytes: 4<<10 + envelope},
		},
		"chunks larger than inline": {
			connector.Limits{InlineBytes: 1 << 10, ChunkBytes: 1 << 20}, connector.Limits{InlineBytes: 1 << 10, ChunkBytes: 1 << 10},
			connector.Limits{InlineBytes: 1 << 10, ChunkBytes: 1 << 10, MessageBytes: 1<<10 + envelope},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.a.Min(tt.b)
			if got != tt.want {
				t.Errorf("Min = %+v, want %+v", got, tt.want)
			}
			if back := tt.b.Min(tt.a); back != got {
				t.Errorf("the other way round it is %+v", back)
			}
			if got.Resolved() != got {
				t.Errorf("the limits in force resolve to %+v", got.Resolved())
			}
		})
	}
}

func FuzzLimitsMin(f *testing.F) {
	f.Add(0, 0, 0, 0, 0, 0)
	f.Add(1, 1, 1, math.MaxInt, math.MaxInt, math.MaxInt)
	f.Fuzz(func(t *testing.T, i1, c1, m1, i2, c2, m2 int) {
		a := connector.Limits{InlineBytes: i1, ChunkBytes: c1, MessageBytes: m1}
		b := connector.Limits{InlineBytes: i2, ChunkBytes: c2, MessageBytes: m2}
		m := a.Min(b)
		for _, side := range []connector.Limits{a.Resolved(), b.Resolved()} {
			if m.InlineBytes > side.InlineBytes || m.ChunkBytes > side.ChunkBytes || m.MessageBytes > side.MessageBytes {
				t.Errorf("Min(%+v, %+v) = %+v exceeds a side", a, b, m)
			}
		}
		if m.InlineBytes <= 0 || m.ChunkBytes <= 0 || max(m.InlineBytes, m.ChunkBytes)+connector.EnvelopeBytes > m.MessageBytes {
			t.Errorf("Min(%+v, %+v) = %+v cannot be used", a, b, m)
		}
	})
}
