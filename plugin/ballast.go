package plugin

import (
	"runtime"
	"runtime/metrics"
)

const (
	// ballastBytes is how much more garbage may gather in a small process.
	ballastBytes = 4 << 20
	// smallBytes is the live heap, ballast and all, below which a process is small.
	smallBytes = 3 * ballastBytes
)

// ballast is memory that nobody touches, so that it takes addresses and no
// memory. A connector holds little, and the collector, which lets a heap double,
// would run every few dozen calls and shrink stacks that the next calls grow
// again. A process that holds much needs none, and throws it off for good.
type ballast struct {
	weight []byte
	live   func() uint64
}

// newBallast returns a ballast that stays until live says, after a collection,
// that the process is no longer small. Nobody needs to hold it.
func newBallast(live func() uint64) *ballast {
	b := &ballast{make([]byte, ballastBytes), live}
	b.stay()
	return b
}

// stay keeps the ballast through the next collection, which calls settle.
func (b *ballast) stay() { runtime.SetFinalizer(b, (*ballast).settle) }

func (b *ballast) settle() {
	if b.live() < smallBytes {
		b.stay()
	}
}

// liveBytes is what the last collection found in use.
func liveBytes() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
