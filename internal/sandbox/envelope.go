package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// Gateway codes (common.md 5.1).
const (
	codeNoRoute      = "GS_APIG_1000"
	codeUnauthorized = "GS_APIG_2401"
	codeAddress      = "GS_APIG_2402"
	codeThrottled    = "GS_APIG_2404"
	codeUserThrottle = "GU_2400"
	// codeOtherThrottle is made up: a code of which a connector has to be told.
	codeOtherThrottle = "GS_APIG_2405"
)

// An answer is what goes back: a JSON body, raw bytes of another type, or a
// stream.
type answer struct {
	status      int
	body        any
	raw         []byte
	contentType string // of raw and stream
	header      http.Header
	stream      func(http.ResponseWriter)
}

// bytes returns the whole body of an answer, a stream included.
func (a answer) bytes() []byte {
	switch {
	case a.stream != nil:
		var b recorder
		a.stream(&b)
		return b.Bytes()
	case a.body != nil:
		return encode(a.body)
	default:
		return a.raw
	}
}

func (a answer) write(w http.ResponseWriter) {
	contentType := a.contentType
	if contentType == "" {
		contentType = "application/json"
	}
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Type", contentType)
	if a.stream != nil {
		w.WriteHeader(a.status)
		a.stream(w)
		return
	}
	body := a.bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // a caller that hung up is not our failure
}

// A recorder takes a stream into memory.
type recorder struct{ bytes.Buffer }

func (*recorder) Header() http.Header { return http.Header{} }
func (*recorder) WriteHeader(int)     {}

// encode returns JSON. Values of this package always encode; should one not,
// the answer says so.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Appendf(nil, `{"result":false,"errorDesc":%q}`, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// standard is envelope A (common.md 4, DOC2 sample, LIVE): all six keys are
// always there.
type standard struct {
	Result    bool    `json:"result"`
	ErrorCode *string `json:"errorCode"`
	ErrorDesc *string `json:"errorDesc"`
	RequestID string  `json:"requestId"`
	Data      any     `json:"data"`
	Message   *string `json:"message"`
}

// metadata is envelope C (common.md 4, DOC2 sample): no error keys at all.
type metadata struct {
	RequestID string `json:"requestId"`
	Result    bool   `json:"result"`
	Data      any    `json:"data"`
}

// problem is envelope D (common.md 4, DOC2 sample): the code is in the title.
type problem struct {
	RequestID string `json:"requestId"`
	Result    bool   `json:"result"`
	Instance  string `json:"instance"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	ErrorDesc string `json:"errorDesc"`
}

// gateway is envelope E (common.md 4, DOC2 sample): no data key.
type gateway struct {
	Result    bool   `json:"result"`
	ErrorCode string `json:"errorCode"`
	ErrorDesc string `json:"errorDesc"`
	RequestID string `json:"requestId"`
	Message   string `json:"message"`
}

// ok answers envelope A.
func (c *call) ok(data any) answer {
	return answer{status: http.StatusOK, body: c.standard(data)}
}

func (c *call) standard(data any) standard {
	return standard{Result: true, RequestID: c.id, Data: data}
}

// metadata answers envelope C.
func (c *call) metadata(data any) answer {
	return answer{status: http.StatusOK, body: metadata{Result: true, RequestID: c.id, Data: data}}
}

// refuse answers envelope A with an error and the given data, which is {} for
// Cockpit (cta.md, DOC2 sample) and null elsewhere (INFERRED).
func (c *call) refuse(code, desc string, data any) answer {
	return c.refuseWith(c.tenant.forms.refusalStatus(), code, desc, data)
}

func (c *call) refuseWith(status int, code, desc string, data any) answer {
	return answer{status: status, body: standard{
		ErrorCode: &code, ErrorDesc: &desc, RequestID: c.id, Data: data,
	}}
}

// notFound answers envelope D.
func (c *call) notFound() answer {
	const text = "Requested object not found."
	return answer{status: c.tenant.forms.notFoundStatus(), body: problem{
		RequestID: c.id,
		Instance:  c.tenant.clock().UTC().Format("2006-01-02 15:04:05") + " UTC",
		Title:     cmp.Or(c.tenant.forms.NotFoundTitle, "OBJECT_NOT_FOUND"),
		Detail:    text,
		ErrorDesc: text,
	}}
}

// gateway answers envelope E. message repeats the description, as in the
// sample.
func (c *call) gateway(status int, code, desc string) answer {
	return answer{status: status, body: gateway{
		ErrorCode: code, ErrorDesc: desc, RequestID: c.id, Message: desc,
	}}
}

// throttled answers in one of the documented forms (common.md 3). Retry-After
// and the x-ratelimit headers are UNKNOWN, so none is sent.
func (c *call) throttled(form ThrottleForm) answer {
	switch form {
	case ThrottleUser429:
		return c.refuseWith(http.StatusTooManyRequests, codeUserThrottle, "Too many request", nil)
	case ThrottleOther:
		return c.gateway(http.StatusBadRequest, codeOtherThrottle, "Slow down")
	case ThrottleGateway200:
		return c.gateway(http.StatusOK, codeThrottled, "Too many requests")
	default:
		return c.gateway(http.StatusTooManyRequests, codeThrottled, "Too many requests")
	}
}

// A refusal is a failure in the vendor's words, with its code where one is
// known.
type refusal struct{ code, text string }

func refusef(code, format string, args ...any) *refusal {
	return &refusal{code: code, text: fmt.Sprintf(format, args...)}
}

// Error is "CODE: text", the form of Cockpit's failure lists (cta.md).
func (r *refusal) Error() string {
	if r.code == "" {
		return r.text
	}
	return r.code + ": " + r.text
}
