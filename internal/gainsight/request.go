package gainsight

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// maxAnswer bounds an answer that is read whole, in bytes. Describe
	// answers run to 180,000 characters (data_management.md, LIVE).
	maxAnswer = 64 << 20
	// maxThrottles is how often in a row the tenant may refuse a request for
	// its call budget, whatever this connector has counted, before it fails.
	maxThrottles = 6
	// maxTries is how often a request that may be repeated is sent before it
	// fails.
	maxTries = 3
)

// Request is one request to the tenant.
type Request struct {
	// Endpoint is the name of the endpoint.
	Endpoint string
	// Method takes the place of the endpoint's. Empty: it stays.
	Method string
	// Path fills the placeholders of the endpoint's path; "url" is an address
	// that the tenant gave in an earlier answer.
	Path map[string]string
	// Query goes beside the endpoint's own query and wins over it.
	Query url.Values
	// Body is marshalled to JSON. Nil: no body.
	Body any
	// Content is sent in place of Body, as it is and without being held in
	// memory. It is JSON. The connection's timeout is then for each piece of it
	// and for the answer, not for the whole. Nil: Body is sent.
	Content *io.SectionReader
	// Effect decides whether a lost request may be sent again.
	Effect connector.Effect
	// Private are values, or lists and maps of them, that an error must not
	// repeat although the tenant's answer may.
	Private []any
	// Range asks [Session.Open] for the rest of a file. Nil: for all of it.
	Range *Range
	// AnyForm takes any JSON, or nothing at all, for a success if the status is
	// 2xx: not every API of the vendor answers in its envelope.
	AnyForm bool
}

// prepared is a request ready to be sent, more than once if need be.
type prepared struct {
	Request
	endpoint Endpoint
	url      *url.URL
	body     []byte
	timeout  time.Duration
	budgets  []Budget
	// try is what becomes of the next try.
	try *try

	// credential is that of the next try; renewed is set if the tenant refused
	// the one before.
	credential credential
	renewed    bool
}

func (s *Session) prepare(req Request) (prepared, error) {
	p := prepared{Request: req, endpoint: s.client.config.Endpoint(req.Endpoint), timeout: s.client.config.Timeout}
	p.endpoint.Method = cmp.Or(req.Method, p.endpoint.Method)
	u, err := resolve(s.client.config.Base, p.endpoint.address(req.Path))
	if err != nil {
		return p, err
	}
	p.url, p.budgets = u, s.client.config.budgets(p.endpoint, u.Path)
	if p.endpoint.Query != "" || len(req.Query) > 0 {
		query, _ := url.ParseQuery(p.endpoint.Query) // [ParseConfig] has seen to that
		maps.Copy(query, u.Query())
		maps.Copy(query, req.Query)
		u.RawQuery = encodeQuery(query)
	}
	if req.Body != nil {
		if p.body, err = marshal(req.Body); err != nil {
			return p, connector.Errorf(connector.ReasonInternal, "the body for endpoint %s cannot be written as JSON: %w", req.Endpoint, err)
		}
	}
	if extra := p.endpoint.Extra(); len(extra) > 0 && req.Content == nil {
		p.body, err = p.extend(extra)
	}
	return p, err
}

// Extra returns the members of Body that are sent.
func (e Endpoint) Extra() map[string]json.RawMessage {
	extra := maps.Clone(e.Body)
	maps.DeleteFunc(extra, func(_ string, v json.RawMessage) bool { return bytes.Equal(v, []byte("null")) })
	return extra
}

// extend puts members beside those of the body, which win over them.
func (p prepared) extend(extra map[string]json.RawMessage) ([]byte, error) {
	members := extra
	if len(p.body) > 0 {
		if json.Unmarshal(p.body, &members) != nil {
			return nil, connector.Errorf(connector.ReasonInvalidConnection,
				"endpoints.%q.body: in the form that the connection sets, the body is no JSON object that it could be added to", p.Endpoint)
		}
	}
	return marshal(members)
}

// encodeQuery is url.Values.Encode, but commas stay readable: the vendor's
// samples send lists as "category=CTA_STATUS,CTA_PRIORITY".
func encodeQuery(v url.Values) string { return strings.ReplaceAll(v.Encode(), "%2C", ",") }

// marshal is json.Marshal without the escaping of HTML: rich text stays as it
// was given.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Do sends a request and returns the tenant's answer if it is a success. What
// may be repeated without harm is sent again, at most twice, after an answer
// was lost or the tenant had a server error. Before it is sent it waits for the
// tenant's call budgets, if the deadline allows, and again if the tenant finds
// them spent. The error is a
// [connector.Error]; in a dry run it is [ErrPlanned]. A refusal comes with its
// answer, whose data may tell of single records.
func (s *Session) Do(ctx context.Context, req Request) (*Answer, error) {
	lost := false
	return carry(ctx, s, req, func(p prepared) (answer *Answer, id string, err error) {
		defer func() { lost = lost || err != nil && connector.AsError(err).OutcomeUnknown }()
		r, err := s.send(ctx, p)
		if err != nil {
			return nil, "", err
		}
		defer r.close()
		data, err := r.readAll(maxAnswer + 1)
		switch {
		case err != nil:
			return nil, "", s.lost(ctx, p, true, err)
		case len(data) > maxAnswer:
			e := p.errorf(connector.ReasonDownstreamContract, "the answer is larger than %d bytes", maxAnswer)
			e.OutcomeUnknown = p.Effect != connector.EffectRead
			return nil, "", e
		}
		answer, err = s.parse(p, r, data)
		answer.Repeated = lost
		return answer, answer.RequestID, err
	})
}

// Open sends a read whose answer is a file and not an envelope. The caller
// closes it. An envelope in its place is an error, whatever the HTTP
// status (bulk.md, Fetch Chunk Data), and so is a page of a proxy. The
// connection's timeout is for each piece of the stream, not for the whole.
func (s *Session) Open(ctx context.Context, req Request) (*File, error) {
	return carry(ctx, s, req, func(p prepared) (*File, string, error) {
		r, err := s.send(ctx, p)
		if err != nil {
			return nil, "", err
		}
		r.idle = s.client.config.Timeout
		f := &File{reader: bufio.NewReaderSize(r, 64<<10), reply: r, lost: func(err error) error { return s.lost(ctx, p, true, err) }}
		starts, err := f.starts()
		switch {
		case err != nil:
			r.close()
			return nil, "", err
		case starts:
			return f, "", nil
		}
		defer r.close()
		data, err := io.ReadAll(io.LimitReader(f, 1<<20))
		if err != nil {
			return nil, "", err
		}
		answer, err := s.parse(p, r, data)
		if err == nil {
			err = p.errorf(connector.ReasonDownstreamContract, "the tenant answered with a JSON object where a file was due")
		}
		return nil, answer.RequestID, err
	})
}

// carry prepares a request and runs send, once or more. In a dry run it only
// records the request.
func carry[T any](ctx context.Context, s *Session, req Request, send func(prepared) (T, string, error)) (T, error) {
	var none T
	p, err := s.prepare(req)
	if err != nil {
		return none, err
	}
	if s.dryRun {
		s.plan(Planned{Method: p.endpoint.Method, Path: p.url.RequestURI(), Body: p.shown()})
		return none, ErrPlanned
	}
	return persist(ctx, s, p, send)
}

// persist runs send once there is room in the budgets, and again if that does
// no harm and the failure may pass. send returns the vendor's request id too;
// what it returns beside the last error is passed on.
func persist[T any](ctx context.Context, s *Session, p prepared, send func(prepared) (T, string, error)) (T, error) {
	tries := 1
	if p.Effect == connector.EffectRead || p.Effect == connector.EffectIdempotentWrite {
		tries = maxTries
	}
	pauses := fullJitter()
	unknown := false
	var v, none T
	var e *connector.Error
	for n, throttles := 1, 0; ; n++ {
		booked, refused, spent := s.enter(ctx, &p)
		switch {
		case spent && e != nil: // the answer that came says more than that none was asked for
			e.RetryAfter = refused.RetryAfter
			return v, e
		case refused != nil:
			refused.OutcomeUnknown = refused.OutcomeUnknown || unknown
			return none, refused
		}
		var id string
		var err error
		p.try = newTry(n+throttles, p.renewed, s.client.Clock())
		v, id, err = send(p)
		s.ended(ctx, p, id, err)
		if err == nil {
			return v, nil
		}
		if !p.try.left.Load() {
			s.client.ledger.cancel(booked)
		}
		e = connector.AsError(err)
		if reroute(&p, e) || s.disowned(&p, e) { // nothing was done, and the next try is another request
			v, e = none, nil
			n--
			continue
		}
		// What an earlier try may have done stays done.
		unknown = unknown || e.OutcomeUnknown
		e.OutcomeUnknown = unknown
		switch {
		case e.Reason == connector.ReasonRateLimited:
			s.throttled(ctx, p, e.RetryAfter)
			throttles++
			if throttles == maxThrottles {
				return v, e
			}
			n-- // nothing was done, so that even a write may be sent again
		case n == tries || !passing(e) || !s.spares(ctx, e.RetryAfter):
			return v, e
		default:
			if err := s.client.Sleep(ctx, e.RetryAfter+pauses.NextBackOff()); err != nil {
				return none, s.lost(ctx, p, unknown, err)
			}
		}
	}
}

// enter gets p a credential and room in the budgets. The credential comes first:
// a token request takes its time, in which a place would be kept from others and
// its window could end. One that expired during the wait for the place is
// renewed. spent is set if the error is that there is no room.
func (s *Session) enter(ctx context.Context, p *prepared) (b *booking, e *connector.Error, spent bool) {
	if err := s.sign(ctx, p); err != nil {
		return nil, connector.AsError(err), false
	}
	b, err := s.admit(ctx, *p)
	if refused, ok := errors.AsType[*connector.Error](err); ok {
		return nil, refused, true
	}
	if err != nil {
		return nil, connector.AsError(s.lost(ctx, *p, false, err)), false
	}
	if err := s.sign(ctx, p); err != nil {
		s.client.ledger.cancel(b)
		return nil, connector.AsError(err), false
	}
	return b, nil, false
}

// fullJitter waits anywhere between nothing and an interval that doubles from
// 200 ms to 10 s: a backoff that varies by its whole length around the middle.
func fullJitter() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval: 100 * time.Millisecond, RandomizationFactor: 1, Multiplier: 2, MaxInterval: 5 * time.Second,
	}
}

// longestPause is how long a call waits for a tenant that says when to come
// back from an outage. Beyond that its caller is told.
const longestPause = 2 * time.Minute

// spares reports whether the caller has the time that the tenant asks for. 0: it
// asks for none.
func (s *Session) spares(ctx context.Context, asked time.Duration) bool {
	now := s.client.Clock()
	return asked == 0 || !now.Add(asked).After(last(ctx, now, longestPause))
}

// reroute reports whether the tenant has no such route, so that nothing can have
// come of the request, and another method may do, which the next try of p then
// has.
func reroute(p *prepared, e *connector.Error) bool {
	other := p.endpoint.OtherMethod
	if other == "" || !IsNoSuchPath(e) {
		return false
	}
	p.endpoint.Method, p.endpoint.OtherMethod = other, ""
	return true
}

// passing reports whether the same read may succeed a moment later. A spent
// budget is not such a case: its window must pass first.
func passing(err error) bool {
	return errors.Is(err, connector.ReasonDownstreamUnavailable) || errors.Is(err, connector.ReasonDownstreamTimeout)
}

// maxShown is the largest content that a dry run shows, in bytes.
const maxShown = 1 << 20

// shown returns the body for the plan of a dry run. Nil: there is none, or it
// is too large to be shown.
func (p prepared) shown() json.RawMessage {
	if p.Content == nil || p.Content.Size() > maxShown {
		return p.body
	}
	b := make([]byte, p.Content.Size())
	if _, err := p.Content.ReadAt(b, 0); err != nil {
		return nil
	}
	return b
}

// reader returns the body for one try. The transport reads it after the timer
// of the reply has been set.
func (p prepared) reader(r *reply) io.Reader {
	if p.Content == nil {
		return bytes.NewReader(p.body)
	}
	return &content{Reader: io.NewSectionReader(p.Content, 0, p.Content.Size()), reply: r, limit: p.timeout}
}

// send makes one HTTP request. It asks the transport itself: a client would
// follow redirects, and the credential with them. The error tells whether the
// request may have had an effect.
func (s *Session) send(ctx context.Context, p prepared) (*reply, error) {
	trace := &httptrace.ClientTrace{WroteHeaders: func() { p.try.left.Store(true) }}
	reqCtx, cancel := context.WithCancelCause(httptrace.WithClientTrace(ctx, trace))
	r := &reply{ctx: reqCtx, cancel: cancel}
	req, err := http.NewRequestWithContext(reqCtx, p.endpoint.Method, "", p.reader(r))
	if err != nil {
		cancel(nil)
		return nil, p.errorf(connector.ReasonInvalidConnection, "the method of endpoint %s is malformed", p.Endpoint)
	}
	req.URL = p.url
	p.credential.sign(req.Header, p.endpoint.AuthHeader)
	req.Header.Set("Accept", "application/json, text/plain, */*")
	if p.body != nil || p.Content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.Content != nil {
		req.ContentLength = p.Content.Size()
	}
	p.Range.ask(req.Header)
	r.timer = time.AfterFunc(p.timeout, func() { cancel(errTimeout) })
	resp, err := s.client.opts.Transport.RoundTrip(req) //nolint:bodyclose // the reply closes it
	if err != nil {
		err = r.explain(err)
		r.stop()
		err = s.lost(ctx, p, p.try.left.Load(), err)
	} else {
		p.try.status = resp.StatusCode
		r.status, r.header, r.body, r.size = resp.StatusCode, resp.Header, resp.Body, resp.ContentLength
		r.packed = resp.Uncompressed
	}
	return r, err
}
