package sandbox

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes matching requests go wrong. See [Tenant.Inject].
type Fault struct {
	// Method and Path select requests: the exact method and a prefix of the
	// path. Empty matches all.
	Method, Path string
	// After lets that many matching requests pass first.
	After int
	// Times is how many requests are hit then; 0 means every one.
	Times int

	Kind FaultKind
	// Delay is for FaultLatency.
	Delay time.Duration
	// Throttle is the form of FaultThrottled.
	Throttle ThrottleForm
	// RetryAfter adds a Retry-After header, in whole seconds, to any fault that
	// answers. Whether the vendor sends it is UNKNOWN. 0: no header.
	RetryAfter time.Duration
	// Bytes is how much of the body FaultTruncated sends. Default: half.
	Bytes int
}

// FaultKind is what a fault does.
type FaultKind int

const (
	// FaultLatency waits for Delay, or until the caller gives up, then goes on.
	FaultLatency FaultKind = iota
	// FaultThrottled answers as if over a limit. Nothing is done.
	FaultThrottled
	// FaultServerError answers 500 with envelope A. Nothing is done.
	FaultServerError
	// FaultServerErrorBare answers 500 without a body. Nothing is done.
	FaultServerErrorBare
	// FaultBadGateway answers 502 with a proxy's HTML page. Nothing is done.
	FaultBadGateway
	// FaultUnavailable answers 503 with a proxy's HTML page. Nothing is done.
	FaultUnavailable
	// FaultDropped closes the connection before the work. Nothing is done.
	FaultDropped
	// FaultLostAnswer does the work, then closes the connection without an
	// answer: a write was applied and the caller cannot know.
	FaultLostAnswer
	// FaultTruncated does the work, announces the whole body in Content-Length,
	// sends Bytes of it and closes the connection.
	FaultTruncated
	// FaultMalformed does the work and answers with JSON that stops too early,
	// under a Content-Length that agrees.
	FaultMalformed
	// FaultUnauthorized answers 401 with GS_APIG_2401, envelope E, as for an
	// expired token or a regenerated key. Nothing is done.
	FaultUnauthorized
	// FaultAddress answers 403 with GS_APIG_2402, envelope E, as for a caller
	// outside the IP allow-list (common.md 2.1, LIVE; the status is CODE).
	// Nothing is done.
	FaultAddress
	// FaultExpired answers GSOBJ_1023 as for a status or chunk URL that is known
	// no longer (INFERRED). Nothing is done.
	FaultExpired
	// FaultFewerRows does the work and leaves out what comes after the last line
	// break in two thirds of the body, under a Content-Length that agrees.
	FaultFewerRows
)

// faults are the injected faults, oldest first.
type faults struct {
	mu     sync.Mutex
	active []*injected
}

type injected struct {
	Fault
	seen int
}

// Inject makes matching requests go wrong from now on. Faults apply in the
// order they were injected: latencies add up, and the first of the other kinds
// wins; the others count the request all the same. remove ends the fault; it may be called more than once.
func (t *Tenant) Inject(f Fault) (remove func()) {
	in := &injected{Fault: f}
	t.faults.mu.Lock()
	defer t.faults.mu.Unlock()
	t.faults.active = append(t.faults.active, in)
	return func() {
		t.faults.mu.Lock()
		defer t.faults.mu.Unlock()
		t.faults.active = slices.DeleteFunc(t.faults.active, func(x *injected) bool { return x == in })
	}
}

// A hit is what the faults do to one request.
type hit struct {
	delay time.Duration
	fault *Fault // nil: only the delay
}

func (fs *faults) match(r *http.Request) hit {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var h hit
	for _, f := range fs.active {
		if f.Method != "" && f.Method != r.Method || !strings.HasPrefix(r.URL.Path, f.Path) {
			continue
		}
		f.seen++
		n := f.seen - f.After
		if n <= 0 || f.Times > 0 && n > f.Times {
			continue
		}
		if f.Kind == FaultLatency {
			h.delay += f.Delay
		} else if h.fault == nil {
			h.fault = &f.Fault
		}
	}
	return h
}

// before waits, and answers in place of the tenant when the fault does not let
// the work begin.
func (h hit) before(c *call) (a answer, done bool) {
	if h.delay > 0 && !wait(c.request, h.delay) {
		return answer{}, true
	}
	if h.fault == nil {
		return answer{}, false
	}
	switch h.fault.Kind {
	case FaultThrottled:
		return c.throttled(h.fault.Throttle), true
	case FaultServerError:
		return c.serverError(), true
	case FaultServerErrorBare:
		return answer{status: http.StatusInternalServerError, contentType: "text/plain; charset=utf-8"}, true
	case FaultBadGateway:
		return proxyPage(http.StatusBadGateway), true
	case FaultUnavailable:
		return proxyPage(http.StatusServiceUnavailable), true
	case FaultUnauthorized:
		return c.gateway(http.StatusUnauthorized, codeUnauthorized, "Unauthorized"), true
	case FaultAddress:
		return c.gateway(http.StatusForbidden, cmp.Or(c.tenant.forms.AddressCode, codeAddress), "IP Address does not lie in range of whitelisted ips"), true
	case FaultExpired:
		return c.refuse(codeInvalidPath, "Invalid API path", nil), true
	case FaultDropped:
		return answer{}, true
	default:
		return answer{}, false
	}
}

// wait reports false when the caller gave up.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// serverError leaves errorCode null: the code of an internal error is UNKNOWN.
func (c *call) serverError() answer {
	desc := "Internal Server Error"
	return answer{status: http.StatusInternalServerError, body: standard{ErrorDesc: &desc, RequestID: c.id}}
}

func proxyPage(status int) answer {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return answer{status: status, contentType: "text/html", raw: []byte(
		"<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n")}
}

// loses reports whether no whole answer will be sent.
func (h hit) loses() bool {
	if h.fault == nil {
		return false
	}
	switch h.fault.Kind {
	case FaultDropped, FaultLostAnswer, FaultTruncated:
		return true
	default:
		return false
	}
}

// send writes the answer, or as much of it as the fault allows.
func (h hit) send(w http.ResponseWriter, a answer) {
	if a.status == 0 { // dropped, or the caller gave up
		panic(http.ErrAbortHandler)
	}
	if h.fault == nil {
		a.write(w)
		return
	}
	if h.fault.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(h.fault.RetryAfter/time.Second)))
	}
	switch h.fault.Kind {
	case FaultLostAnswer:
		panic(http.ErrAbortHandler)
	case FaultTruncated:
		h.truncate(w, a)
	case FaultMalformed:
		body := a.bytes()
		a.stream, a.body, a.raw = nil, nil, body[:len(body)*2/3]
		a.write(w)
	case FaultFewerRows:
		body := a.bytes()
		a.stream, a.body, a.raw = nil, nil, body[:bytes.LastIndexByte(body[:len(body)*2/3], '\n')+1]
		a.write(w)
	default:
		a.write(w)
	}
}

func (h hit) truncate(w http.ResponseWriter, a answer) {
	body := a.bytes()
	n := min(h.fault.Bytes, len(body)-1)
	if n <= 0 {
		n = len(body) / 2
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Content-Type", "application/json")
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(body[:n])
	_ = http.NewResponseController(w).Flush() // so that the part arrives
	panic(http.ErrAbortHandler)
}
