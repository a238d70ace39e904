package bulk

import (
	"context"
	"errors"
	"io"

	"github.com/gainsight-connector/gainsight-connector/plugin"
)

const (
	// block is how much is read from the tenant at a time, in bytes.
	block = 256 << 10
	// maxParallel is how many chunks may be read at once.
	maxParallel = 8
	// defaultParallel is how many are unless the input says.
	defaultParallel = 3
	// blocks is how many blocks all chunks of an export have together: 8 MiB.
	blocks = 32
)

// readAhead reads the chunks of a job, several at once, and gives them out one
// after the other. Each has its own share of the blocks, so that none that
// comes later can take what the next one needs; whoever has used up its share
// waits, and with it the tenant. The first is asked for alone: what the tenant
// refuses, it refuses once.
type readAhead struct {
	open func(ctx context.Context, index int) (io.ReadCloser, error)
	// parts are the chunks in their order.
	parts  chan *part
	free   chan []byte
	share  int
	first  int
	begun  chan struct{} // closed once the tenant has answered with the first
	cancel context.CancelFunc
	group  *plugin.Group
}

// part is a chunk that is read.
type part struct {
	index int
	full  chan []byte
	// err is why the chunk ended early, valid once full is closed.
	err error
}

// startReading reads the chunks from first on, parallel of them at once. The
// caller calls stop.
func startReading(ctx context.Context, first, chunks, parallel int, open func(context.Context, int) (io.ReadCloser, error)) *readAhead {
	ctx, cancel := context.WithCancel(ctx)
	group, ctx := plugin.NewGroup(ctx)
	r := &readAhead{
		open: open, parts: make(chan *part, parallel-1), free: make(chan []byte, blocks), share: blocks / parallel,
		first: first, begun: make(chan struct{}),
		cancel: cancel, group: group,
	}
	group.Go(func() error {
		defer close(r.parts)
		for i := first; i < chunks; i++ {
			// One block is being filled and one is with the consumer.
			p := &part{index: i, full: make(chan []byte, r.share-2)}
			select {
			case <-ctx.Done():
				return nil
			case r.parts <- p:
			}
			group.Go(func() error {
				defer close(p.full)
				p.err = errCutShort // unless read returns
				p.err = r.read(ctx, p)
				return nil // a failure is told when its chunk is due
			})
			select {
			case <-ctx.Done():
				return nil
			case <-r.begun:
			}
		}
		return nil
	})
	return r
}

// errCutShort is what a panic leaves behind; stop tells of the panic itself.
var errCutShort = errors.New("reading a chunk was cut short")

// read reads one chunk.
func (r *readAhead) read(ctx context.Context, p *part) error {
	body, err := r.open(ctx, p.index)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // a read is over, come what may
	if p.index == r.first {
		close(r.begun)
	}
	for {
		n, err := 0, error(nil)
		buffer := r.block()
		for n < len(buffer) && err == nil {
			var more int
			more, err = body.Read(buffer[n:])
			n += more
		}
		if n > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case p.full <- buffer[:n]:
			}
		}
		if isEnd(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// block returns a block that is free, or a new one: the shares bound how many
// there are.
func (r *readAhead) block() []byte {
	select {
	case b := <-r.free:
		return b
	default:
		return make([]byte, block)
	}
}

// reuse takes back a block.
func (r *readAhead) reuse(b []byte) {
	select {
	case r.free <- b[:cap(b)]:
	default: // unreachable: there is a place for each
	}
}

// stop ends all reading. The error is a panic of one of the readers.
func (r *readAhead) stop() error {
	r.cancel()
	return r.group.Wait()
}
