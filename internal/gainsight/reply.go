package gainsight

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// reply is an HTTP answer whose body is still to come, under the time limit of
// its request.
type reply struct {
	status int
	header http.Header
	body   io.ReadCloser
	// size is what the header announces. Negative: nothing.
	size int64
	// packed is set if the answer was compressed on its way.
	packed bool
	// idle, if set, gives every Read a time limit of its own.
	idle time.Duration

	ctx    context.Context //nolint:containedctx // the request's own, which net/http ties to its body as well
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

// Read reads the body and says what broke it.
func (r *reply) Read(p []byte) (int, error) {
	if r.idle > 0 {
		r.timer.Reset(r.idle)
		defer r.timer.Stop()
	}
	n, err := r.body.Read(p)
	if err != nil {
		err = r.explain(err)
	}
	return n, err
}

// readAll reads the body, but no more than limit bytes.
func (r *reply) readAll(limit int64) ([]byte, error) {
	var b bytes.Buffer
	if r.size > 0 {
		b.Grow(int(min(r.size, 1<<20)) + bytes.MinRead) // with room to meet the end; an announcement is no proof
	}
	_, err := b.ReadFrom(io.LimitReader(r, limit))
	return b.Bytes(), err
}

// explain tells a passed time limit from other failures.
func (r *reply) explain(err error) error {
	if !errors.Is(err, io.EOF) && errors.Is(context.Cause(r.ctx), errTimeout) {
		return errTimeout
	}
	return err
}

func (r *reply) close() {
	_ = r.body.Close()
	r.stop()
}

func (r *reply) stop() {
	r.timer.Stop()
	r.cancel(nil)
}
