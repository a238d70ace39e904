package oauth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// failure is why a token request failed.
type failure struct {
	err *connector.Error
	// elsewhere is set if the address may not be a token endpoint at all.
	elsewhere bool
}

// refusal is the union of an OAuth error (RFC 6749, 5.2) and the vendor's
// envelope (common.md, section 4): what one form lacks stays empty.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	ErrorCode   string `json:"errorCode"`
	RequestID   string `json:"requestId"`
}

// failure returns what it means that a token request failed.
func (s *server) failure(ctx context.Context, u *url.URL, ex *exchange, err error, secrets []connector.Secret) *failure {
	if ex.status == 0 {
		return &failure{err: s.lost(ctx, u, err, secrets)}
	}
	var said refusal
	_ = json.Unmarshal(ex.body, &said) // a page of a proxy says nothing
	said.Error, said.ErrorCode = word(said.Error, secrets), word(said.ErrorCode, secrets)
	f := &failure{}
	switch {
	case ex.status/100 == 3:
		f.err = s.errorf(u, connector.ReasonDownstreamContract, "the answer leads to another address, which is not followed because the secret would go along").
			WithHint("Set auth.token_url of the connection to the address that answers itself.")
	case said.Error != "" && !s.gateway(ex.status):
		f.err, f.elsewhere = s.refused(u, said, secrets), denies(ex.status) && !protocolWord(said.Error)
	default:
		f.err, f.elsewhere = s.foreign(u, ex, said)
	}
	f.err.Downstream = connector.Downstream{
		Status: ex.status, Code: cmp.Or(said.Error, said.ErrorCode), RequestID: printable(hide(said.RequestID, secrets)),
	}
	return f
}

// gateway reports whether a status says what is wrong whoever answers. Gateways
// and frameworks have an "error" of their own in the body then.
func (s *server) gateway(status int) bool {
	switch s.config.ReasonOf(status, "") {
	case connector.ReasonRateLimited, connector.ReasonDownstreamUnavailable, connector.ReasonNotFound:
		return true
	default:
		return status == http.StatusMethodNotAllowed
	}
}

// denies reports whether a status is that of an answer which something before
// the token endpoint may give.
func denies(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// protocolWord reports whether a code is one of a token endpoint (RFC 6749, 5.2).
func protocolWord(code string) bool {
	return slices.Contains([]string{
		"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	}, code)
}

// clientHint is for a refusal that does not say what it minds.
const clientHint = "Check auth.client_id and auth.client_secret of the connection, and auth.token_url if your tenant has its token endpoint elsewhere."

// refused explains an error in the words of OAuth.
func (s *server) refused(u *url.URL, said refusal, secrets []connector.Secret) *connector.Error {
	if said.Error == "server_error" || said.Error == "temporarily_unavailable" {
		return s.errorf(u, connector.ReasonDownstreamUnavailable, "the authorization server of tenant %s answered %s", s.config.Tenant, said.Error)
	}
	text := said.Error
	// Hidden first, because the cut of a long text could leave a part of a secret.
	if told := hide(printable(hide(said.Description, secrets)), secrets); told != "" {
		text += ": " + told
	}
	e := s.errorf(u, connector.ReasonAuthFailed, "tenant %s gave no access token: %s", s.config.Tenant, text)
	switch said.Error {
	case "invalid_client":
		e.Hint = "Check auth.client_id and auth.client_secret of the connection: the tenant does not know the one or refuses the other."
	case "invalid_grant":
		e.Hint = "The refresh token or the code has expired, was revoked or was used before. Sign in again: gainsight-connector login --connection FILE."
		if s.config.Grant == ClientCredentials {
			e.Hint = "Check auth.client_id and auth.client_secret of the connection."
		}
	case "unauthorized_client", "unsupported_grant_type":
		e.Hint = "Check auth.type: the client may be registered for another way to sign in."
	case "invalid_scope":
		e.Hint = "Check auth.scopes of the connection against the scope of the registered application."
	case "invalid_request":
		e.Hint = "Check auth.token_url; the tenant may also want the request in another form (auth.body_form, auth.client_auth, auth.pkce)."
	default:
		e.Hint = clientHint
	}
	return e
}

// foreign explains an answer that is not in the words of OAuth. elsewhere is
// set if it may come from something that is no token endpoint.
func (s *server) foreign(u *url.URL, ex *exchange, said refusal) (e *connector.Error, elsewhere bool) {
	if ex.status/100 == 2 && said.ErrorCode == "" {
		return s.errorf(u, connector.ReasonDownstreamContract, "the answer of %d bytes (HTTP %d) is not that of a token endpoint", len(ex.body), ex.status).
			WithHint("Set auth.token_url of the connection if your tenant has its token endpoint elsewhere."), true
	}
	switch reason := s.config.ReasonOf(ex.status, said.ErrorCode); {
	case reason == connector.ReasonNotFound, ex.status == http.StatusMethodNotAllowed:
		return s.errorf(u, connector.ReasonInvalidConnection, "tenant %s has no token endpoint at this address", s.config.Tenant).
			WithHint("The address is not confirmed for your tenant: set auth.token_url of the connection."), true
	case reason == connector.ReasonRateLimited:
		e := s.errorf(u, reason, "the call budget of tenant %s is spent", s.config.Tenant)
		e.RetryAfter = s.config.RetryAfter(ex.header)
		return e, false
	case reason == connector.ReasonDownstreamUnavailable:
		e := s.errorf(u, reason, "the authorization server of tenant %s answered with a server error (HTTP %d)", s.config.Tenant, ex.status)
		if ex.header.Get("Retry-After") != "" {
			e.RetryAfter = s.config.RetryAfter(ex.header)
		}
		return e, false
	case s.config.ReasonOf(0, said.ErrorCode) == connector.ReasonPermissionDenied: // common.md 2.1, GS_APIG_2402
		return s.errorf(u, connector.ReasonPermissionDenied, "tenant %s does not allow calls from this machine's IP address", s.config.Tenant).
			WithHint("Add the address to the IP list of the Gainsight API connection."), false
	default:
		return s.errorf(u, connector.ReasonAuthFailed, "tenant %s gave no access token (HTTP %d)", s.config.Tenant, ex.status).
			WithHint(clientHint), denies(ex.status)
	}
}

// lost explains that no whole answer came.
func (s *server) lost(ctx context.Context, u *url.URL, err error, secrets []connector.Secret) *connector.Error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		return s.errorf(u, connector.ReasonDownstreamTimeout, "the authorization server of tenant %s did not answer within %s", s.config.Tenant, s.config.Timeout)
	}
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err // the message names the address already
	}
	return s.errorf(u, connector.ReasonDownstreamUnavailable, "%s cannot be reached: %s", u.Host, hide(err.Error(), secrets)).
		WithHint("Check base_url and auth.token_url of the connection and the way to that host.")
}

// ended is the error for a caller who did not wait for the answer.
func ended(ctx context.Context) *connector.Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return connector.Errorf(connector.ReasonDeadlineExceeded, "there was no access token yet when the call's deadline passed: %w", ctx.Err())
	}
	return connector.Errorf(connector.ReasonCanceled, "the call was cancelled while it waited for an access token: %w", ctx.Err())
}

// errorf returns an error that names the address: its path, and its host if
// that is not the tenant's.
func (s *server) errorf(u *url.URL, reason connector.Reason, format string, args ...any) *connector.Error {
	e := connector.Errorf(reason, format, args...)
	where := u.Path
	if !s.config.OnTenant(u) {
		where = u.Host + u.Path
	}
	e.Message = fmt.Sprintf("%s: %s", where, e.Message)
	return e
}

// word returns a code, or nothing if it does not look like one or repeats a
// secret of the request.
func word(s string, secrets []connector.Secret) string {
	strange := func(r rune) bool {
		return r > unicode.MaxASCII || r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	if len(s) > 64 || strings.ContainsFunc(s, strange) || hide(s, secrets) != s {
		return ""
	}
	return s
}

// printable returns the beginning of a text on one line.
func printable(s string) string {
	const most = 300
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return !unicode.IsPrint(r) }), " ")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "..."
	}
	return s
}

// hide takes secrets out of a text.
func hide(text string, secrets []connector.Secret) string {
	values := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		if !secret.Empty() {
			values = append(values, secret.Reveal())
		}
	}
	// The longest first, so that of one that holds another no part is left.
	slices.SortFunc(values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, v := range values {
		text = strings.ReplaceAll(text, v, "[value]")
	}
	return text
}
