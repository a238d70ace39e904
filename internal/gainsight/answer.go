package gainsight

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Answer is an answer of the tenant: a success, or a refusal beside its error.
// It is in the vendor's envelope, or in any form if the request takes that.
type Answer struct {
	// Data is the envelope's "data". Nil: absent or null.
	Data json.RawMessage
	// RequestID is the vendor's id of the request.
	RequestID string
	// Status is the HTTP status.
	Status int
	// Body is the whole answer. Nil: it has none.
	Body json.RawMessage
	// Repeated is set if the request was sent before, that answer was lost, and
	// it may have had its effect then.
	Repeated bool
}

// Find returns the first of the dotted paths that leads to a value other than
// null, from the top of the answer; nil if none does.
func (a *Answer) Find(paths []string) json.RawMessage {
	for _, path := range paths {
		value := a.Body
		if inside, ok := strings.CutPrefix(path, "data."); ok && a.Data != nil {
			value, path = a.Data, inside // nearly all of the body, and found in it before
		}
		for name := range strings.SplitSeq(path, ".") {
			var object map[string]json.RawMessage
			if json.Unmarshal(value, &object) != nil {
				value = nil
				break
			}
			value = object[name]
		}
		if len(value) > 0 && !bytes.Equal(value, []byte("null")) {
			return value
		}
	}
	return nil
}

// envelope is the union of the forms A to E of an answer (common.md, section
// 4): what one form lacks stays empty.
type envelope struct {
	Result    *flag           `json:"result"`
	ErrorCode text            `json:"errorCode"`
	ErrorDesc text            `json:"errorDesc"`
	RequestID text            `json:"requestId"`
	Message   text            `json:"message"`
	Title     text            `json:"title"`
	Detail    text            `json:"detail"`
	Data      json.RawMessage `json:"data"`
}

// describe returns what the envelope says of a failure, in the vendor's words.
func (e envelope) describe() string {
	return string(cmp.Or(e.ErrorDesc, e.Detail, e.Message, e.Title))
}

// code returns the vendor's error code; "object not found" has it in the title
// (common.md, form D). A title in words is none.
func (e envelope) code() string {
	code := string(cmp.Or(e.ErrorCode, e.Title))
	if strings.ContainsFunc(code, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return ""
	}
	return code
}

// flag is a boolean that may come as a JSON string, as in metadata bodies
// (open question 40).
type flag bool

// UnmarshalJSON accepts true, false and both as strings.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag(strings.EqualFold(string(bytes.Trim(b, `"`)), "true"))
	return nil
}

// text is a string that may come as any scalar; null and containers are empty.
type text string

// UnmarshalJSON accepts any JSON value.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")), b[0] == '{', b[0] == '[':
		*t = ""
	case b[0] != '"':
		*t = text(b)
	case bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b): // the usual case, without a second parser
		*t = text(b[1 : len(b)-1])
	default:
		return json.Unmarshal(b, (*string)(t))
	}
	return nil
}

// parse reads an answer. It is never nil; beside an error it has the request id
// and the body of a refusal. When an answer is a success is a setting ([Success]);
// the body is read whatever the status.
func (s *Session) parse(p prepared, r *reply, body []byte) (*Answer, error) {
	var env envelope
	body = p.credential.strike(body)
	err := json.Unmarshal(body, &env)
	answer := &Answer{RequestID: string(env.RequestID), Status: r.status}
	if err == nil && !bytes.Equal(env.Data, []byte("null")) {
		answer.Data = env.Data
	}
	switch {
	case p.AnyForm && r.status/100 == 2 && len(bytes.TrimSpace(body)) == 0:
		return answer, nil
	case p.AnyForm && r.status/100 == 2 && env.Result == nil && json.Valid(body):
		answer.Body = body
		return answer, nil
	case err != nil:
		return answer, s.foreign(p, r, len(body))
	case s.client.config.answers.succeeds(r.status, env):
		answer.Body = body
		return answer, nil
	case env.Result == nil && r.status/100 == 2:
		return answer, s.unmarked(p, r, len(body))
	}
	answer.Body = body
	return answer, s.refused(p, r, env)
}

// foreign is the error for an answer that is no envelope: a page of a proxy, a
// truncated document, another server.
func (s *Session) foreign(p prepared, r *reply, size int) error {
	switch {
	case r.status/100 == 3:
		e := p.errorf(connector.ReasonDownstreamContract,
			"the tenant redirects to another address, which is not followed because the credential would go along").
			WithHint("Set base_url to the address that answers itself.")
		e.Downstream.Status = r.status
		return e
	case meaningOf(r.status) != MeaningInvalid:
		return s.refused(p, r, envelope{})
	}
	e := p.errorf(connector.ReasonDownstreamContract, "the answer of %d bytes (HTTP %d) is not one of this API", size, r.status)
	e.Hint = "Is base_url the address of the tenant, with no proxy or sign-in page before it?"
	e.Downstream.Status = r.status
	e.OutcomeUnknown = p.Effect != connector.EffectRead && r.status/100 == 2
	return e
}

// unmarked is the error for an answer that does not say whether it is a success.
func (s *Session) unmarked(p prepared, r *reply, size int) error {
	e := connector.AsError(s.foreign(p, r, size))
	marked := p.errorf(e.Reason, "%w", retold{errNoResult, fmt.Sprintf("the answer of %d bytes (HTTP %d) is not one of this API", size, r.status)})
	marked.Downstream, marked.OutcomeUnknown = e.Downstream, e.OutcomeUnknown
	return marked.WithHint("%s If it is, and leaves out result where it succeeds, set answers.success to %s.", e.Hint, SuccessNotFalse)
}
