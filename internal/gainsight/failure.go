package gainsight

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// IsEmptyResult reports whether err is one of the forms in which the tenant
// says that a query found nothing (common.md, form G).
func IsEmptyResult(err error) bool { return errors.Is(err, errEmptyResult) }

// IsObjectNotFound reports whether err says that an object does not exist, as
// opposed to the path of the operation.
func IsObjectNotFound(err error) bool { return errors.Is(err, errNoObject) }

// IsNoSuchPath reports whether err says that the tenant does not know the path
// of an operation, or not by this method.
func IsNoSuchPath(err error) bool {
	e := connector.AsError(err)
	return e != nil && (errors.Is(err, errNoPath) || e.Downstream.Status == http.StatusMethodNotAllowed)
}

// LacksResult reports whether err says that an answer with a status of 2xx does
// not tell whether it is a success ([Success]).
func LacksResult(err error) bool { return errors.Is(err, errNoResult) }

// errorf returns an error that names the request: method, path and no more,
// since a query may hold values.
func (p prepared) errorf(reason connector.Reason, format string, args ...any) *connector.Error {
	e := connector.Errorf(reason, format, args...)
	e.Message = fmt.Sprintf("%s %s: %s", p.endpoint.Method, p.url.Path, e.Message)
	return e
}

// refused returns what an answer that is no success means.
func (s *Session) refused(p prepared, r *reply, env envelope) error {
	config := s.client.config
	code := env.code()
	meaning := config.answers.meaning(r.status, code, env)
	reason := meaning.reason()
	var e *connector.Error
	switch meaning {
	case MeaningUnauthorized:
		e = s.unauthorized(p)
	case MeaningAddress:
		e = p.errorf(reason, "tenant %s does not allow calls from this machine's IP address", config.Tenant).
			WithHint("Add the address to the IP list of the Gainsight API connection.")
	case MeaningThrottled:
		e = p.errorf(reason, "the call budget of tenant %s is spent", config.Tenant).
			WithHint("The budget is shared by every integration of the tenant and starts anew with the clock's next minute, hour or day.")
		e.RetryAfter = config.retryAfter(r.header, s.client.Clock())
	case MeaningNoPath:
		text := fmt.Sprintf("tenant %s knows no such path", config.Tenant)
		if p.endpoint.Evidence == connector.EvidenceInferred {
			text += "; it is inferred and not confirmed for your tenant"
		}
		e = p.errorf(reason, "%w", retold{errNoPath, text})
		if p.endpoint.settable() {
			e.Hint = fmt.Sprintf("If your tenant differs, set endpoints.%q of the connection; the command probe tries what else it may be.", p.Endpoint)
		}
	case MeaningUnavailable:
		e = p.errorf(reason, "the tenant answered with a server error (HTTP %d)", r.status)
		e.OutcomeUnknown = p.Effect != connector.EffectRead
		e.RetryAfter, _ = toldWait(r.header, s.client.Clock())
	case MeaningEmpty:
		e = p.errorf(reason, "%w: %s", errEmptyResult, s.told(p, code, env))
	case MeaningNoObject:
		e = p.errorf(reason, "%w", retold{errNoObject, "the tenant refused the request: " + s.told(p, code, env)})
	default:
		e = p.errorf(reason, "the tenant refused the request: %s", s.told(p, code, env))
		if p.endpoint.Evidence == connector.EvidenceInferred {
			e.Hint = fmt.Sprintf("How this is asked for is inferred. If your tenant wants it otherwise, set endpoints.%q of the connection.", p.Endpoint)
		}
	}
	e.Downstream = connector.Downstream{Status: r.status, Code: code, RequestID: string(env.RequestID)}
	return e
}

// unauthorized explains that the tenant refused the credential.
func (s *Session) unauthorized(p prepared) *connector.Error {
	config := s.client.config
	if p.credential.bearer {
		return p.errorf(connector.ReasonAuthFailed, "tenant %s (%s) refused an access token that it had just given", config.Tenant, config.Base.Host).
			WithHint("If other actions work, the registered application may not allow this one: see its scope in Gainsight.")
	}
	return p.errorf(connector.ReasonAuthFailed, "tenant %s (%s) refused the access key sent in header %q", config.Tenant, config.Base.Host, p.endpoint.AuthHeader).
		WithHint("Check auth.access_key of the connection: re-generating a key in Gainsight ends the one before. "+
			"If other actions work, this one may want another header: set endpoints.%q.auth_header.", p.Endpoint)
}

// told is what the tenant says of a failure, fit to be shown.
func (s *Session) told(p prepared, code string, env envelope) string {
	text := strings.TrimSpace(code + " " + s.conceal(p, env.describe()))
	return cmp.Or(text, "it gives no reason")
}

// conceal takes the credential and the values of a request out of a text.
func (s *Session) conceal(p prepared, text string) string {
	return Conceal(text, p.Private, p.credential.secret.Reveal())
}

// retryAfter is how long a throttled caller waits: what the tenant says, or
// what the connection does, or until the clock's minute is over, whatever
// windows the request counts in (open question 13).
func (c Config) retryAfter(h http.Header, now time.Time) time.Duration {
	if wait, told := toldWait(h, now); told {
		return wait
	}
	if wait := c.limits.throttledWait; wait > 0 {
		return wait
	}
	return PerMinute.end(now).Sub(now)
}

// toldWait is the tenant's Retry-After, if it can be read. It is a day at most:
// no budget has a longer window.
func toldWait(h http.Header, now time.Time) (wait time.Duration, told bool) {
	value := h.Get("Retry-After")
	seconds, err := strconv.ParseInt(value, 10, 64) // beyond its range it is the end of that range
	if (err == nil || errors.Is(err, strconv.ErrRange)) && seconds >= 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return min(PerDay.Length(), at.Sub(now)), true
	}
	return 0, false
}

// lost returns what it means that no whole answer came. left says that the
// request may have reached the tenant.
func (s *Session) lost(ctx context.Context, p prepared, left bool, cause error) error {
	config := s.client.config
	var e *connector.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e = p.errorf(connector.ReasonCanceled, "the call was cancelled: %w", ctx.Err())
	case ctx.Err() != nil:
		e = p.errorf(connector.ReasonDeadlineExceeded, "the tenant had not answered when the call's deadline passed: %w", ctx.Err())
	case errors.Is(cause, errTimeout):
		e = p.errorf(connector.ReasonDownstreamTimeout, "tenant %s did not answer within %s", config.Tenant, config.Timeout)
	case left:
		e = p.errorf(connector.ReasonDownstreamUnavailable, "the connection to %s broke before the whole answer came: %w",
			config.Base.Host, retold{cause, s.conceal(p, cause.Error())})
	default:
		e = p.errorf(connector.ReasonDownstreamUnavailable, "%s cannot be reached: %w",
			config.Base.Host, retold{cause, s.conceal(p, cause.Error())}).
			WithHint("Check base_url of the connection and the way to that host.")
	}
	e.OutcomeUnknown = left && p.Effect != connector.EffectRead
	return e
}
