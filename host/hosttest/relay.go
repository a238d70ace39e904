package hosttest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// relay stands between the connector and a tenant. It sees what is sent and
// can misbehave in the tenant's place.
type relay struct {
	url    string
	server *http.Server
	next   http.Handler

	mu        sync.Mutex
	seen      []exchange
	behaviour behaviour
}

// exchange is one request that came.
type exchange struct {
	method, path string
	// address is the URI with its query.
	address string
	// dump is the whole request.
	dump []byte
}

// behaviour answers a request, or has next do so.
type behaviour func(w http.ResponseWriter, r *http.Request, next http.Handler)

// newRelay serves a relay to the tenant at an address.
func newRelay(ctx context.Context, address string) (*relay, error) {
	target, err := url.Parse(address)
	if err != nil || target.Host == "" {
		return nil, fmt.Errorf("the tenant's address %q is not a URL with a host", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{DisableKeepAlives: true} // nothing of it outlives the case
	r := &relay{
		url:       "http://" + listener.Addr().String() + target.Path,
		behaviour: pass,
		next: &httputil.ReverseProxy{
			Transport: transport,
			Rewrite: func(p *httputil.ProxyRequest) {
				p.Out.URL.Scheme, p.Out.URL.Host = target.Scheme, target.Host
				if target.Scheme == "http" { // addresses in its answers then lead here as well
					p.Out.Host = p.In.Host
				}
			},
			ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
			FlushInterval: -1,
		},
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

func (r *relay) close() { _ = r.server.Close() }

// ServeHTTP notes the request and behaves. The body is read first: only then
// does the server see its caller give up.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	dump, _ := httputil.DumpRequest(req, true)
	r.mu.Lock()
	r.seen = append(r.seen, exchange{req.Method, req.URL.Path, req.RequestURI, dump})
	behave := r.behaviour
	r.mu.Unlock()
	behave(w, req, r.next)
}

// behave changes what happens to the requests that come from now on.
func (r *relay) behave(b behaviour) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.behaviour = b
}

// requests returns what came so far.
func (r *relay) requests() []exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]exchange(nil), r.seen...)
}

// pass lets the tenant answer.
func pass(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

// drop breaks the connection in place of an answer.
func drop(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// answer says the same to every request.
func answer(status int, header map[string]string, body string) behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// echo refuses every request and repeats all that it said, credentials
// included, as some gateways do.
func echo(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	dump, _ := httputil.DumpRequest(r, true)
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(dump)
}

// truncate has the tenant answer and breaks off after half of it.
func truncate(w http.ResponseWriter, r *http.Request, next http.Handler) {
	whole := &buffered{header: http.Header{}}
	next.ServeHTTP(whole, r)
	w.Header().Set("Content-Type", whole.header.Get("Content-Type"))
	w.Header().Set("Content-Length", strconv.Itoa(whole.body.Len()))
	w.WriteHeader(whole.status)
	_, _ = w.Write(whole.body.Bytes()[:whole.body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// loseAnswer has the tenant do the work of the requests that match and breaks
// the connection in place of its answer. It counts them.
func loseAnswer(match func(method, path string) bool, lost *atomic.Int64) behaviour {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !match(r.Method, r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(&buffered{header: http.Header{}}, r)
		lost.Add(1)
		panic(http.ErrAbortHandler)
	}
}

// buffered is an answer that goes nowhere.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffered) Header() http.Header { return b.header }

func (b *buffered) WriteHeader(status int) { b.status = status }

func (b *buffered) Write(p []byte) (int, error) {
	if b.status == 0 {
		b.status = http.StatusOK
	}
	return b.body.Write(p)
}

// gate holds requests until it is opened or their caller gives up.
type gate struct {
	opened   chan struct{}
	once     sync.Once
	arrived  atomic.Int64
	given    atomic.Int64
	released atomic.Int64
}

func newGate() *gate { return &gate{opened: make(chan struct{})} }

// open lets all requests through, now and later.
func (g *gate) open() { g.once.Do(func() { close(g.opened) }) }

func (g *gate) hold(w http.ResponseWriter, r *http.Request, next http.Handler) {
	g.arrived.Add(1)
	select {
	case <-g.opened:
		g.released.Add(1)
		next.ServeHTTP(w, r)
	case <-r.Context().Done():
		g.given.Add(1)
		panic(http.ErrAbortHandler)
	}
}
