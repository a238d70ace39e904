package hosttest_test

import (
	"strconv"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func manifest() connector.Manifest {
	c, err := warp{}.build()
	if err != nil {
		return connector.Manifest{}
	}
	return c.Manifest()
}

// redirect changes the handle that a request names.
func redirect(req any, to func(string) string) {
	if upload, ok := req.(*connectorv1.UploadRequest); ok && upload.GetStart() != nil {
		req = upload.GetStart()
	}
	switch r := req.(type) {
	case interface {
		GetCall() *connectorv1.CallContext
	}:
		if r.GetCall().GetHandle() != "" {
			r.GetCall().Handle = to(r.GetCall().GetHandle())
		}
	case *connectorv1.CloseConnectionRequest:
		r.Handle = to(r.GetHandle())
	}
}

// book holds the handles that were given out.
type book struct {
	mu    sync.Mutex
	known map[string]string // by what the host knows
	last  string
}

// tamper changes the handles of requests, and notes or changes those that are
// given out.
func (b *book) tamper(to func(handle string) string, given func(*connectorv1.OpenConnectionResponse)) tamper {
	return tamper{
		request: func(req any) any {
			b.mu.Lock()
			defer b.mu.Unlock()
			redirect(req, to)
			return nil
		},
		response: func(_, resp any, err error) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			if o, ok := resp.(*connectorv1.OpenConnectionResponse); ok && err == nil {
				given(o)
			}
			return err
		},
	}
}

// lastHandle replaces every handle that was not given out by the last one that
// was.
func lastHandle() tamper {
	b := &book{known: map[string]string{}}
	return b.tamper(func(handle string) string {
		if _, ok := b.known[handle]; ok {
			return handle
		}
		return b.last
	}, func(o *connectorv1.OpenConnectionResponse) {
		b.known[o.GetHandle()], b.last = o.GetHandle(), o.GetHandle()
	})
}

// shortHandles numbers the connections.
func shortHandles() tamper {
	b := &book{known: map[string]string{}}
	return b.tamper(func(handle string) string {
		if whole, ok := b.known[handle]; ok {
			return whole
		}
		return handle
	}, func(o *connectorv1.OpenConnectionResponse) {
		short := strconv.Itoa(len(b.known))
		b.known[short], o.Handle = o.GetHandle(), short
	})
}

// closesOnce fails on a connection that is closed already.
func closesOnce() tamper {
	b := book{known: map[string]string{}}
	return tamper{response: func(req, _ any, err error) error {
		c, ok := req.(*connectorv1.CloseConnectionRequest)
		if !ok {
			return err
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, closed := b.known[c.GetHandle()]; closed {
			return status.Error(codes.NotFound, "closed already")
		}
		b.known[c.GetHandle()] = ""
		return err
	}}
}
