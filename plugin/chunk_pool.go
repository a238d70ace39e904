package plugin

import "google.golang.org/grpc/mem"

// spareChunks is how many chunks of an output wait to be used again. The
// transport has one or two on their way at a time.
const spareChunks = 4

// chunkPool keeps the memory of chunks that are out, for one output.
type chunkPool chan *[]byte

var _ mem.BufferPool = chunkPool(nil)

// Get implements [mem.BufferPool]. All buffers of a pool have one size.
func (p chunkPool) Get(size int) *[]byte {
	select {
	case b := <-p:
		*b = (*b)[:size]
		return b
	default:
		b := make([]byte, size)
		return &b
	}
}

// Put implements [mem.BufferPool].
func (p chunkPool) Put(b *[]byte) {
	select {
	case p <- b:
	default:
	}
}
