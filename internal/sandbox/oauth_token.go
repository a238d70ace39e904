package sandbox

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// tokenReply is the answer to a token request (common.md 2.2, DOC2; RFC 6749,
// 5.1).
type tokenReply struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// tokenError is a refused token request (RFC 6749, 5.2). What the vendor sends
// is UNKNOWN beyond 400, 401 and 403 (common.md 2.2, CODE).
type tokenError struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func refuseToken(code, description string) *tokenError {
	return &tokenError{status: http.StatusBadRequest, Code: code, Description: description}
}

// tokenGrant gives a token for a form. The mutex of the server is held.
type tokenGrant func(s *authServer, form url.Values) (tokenReply, *tokenError)

// machineGrants are those of the machine-to-machine endpoint.
func machineGrants() map[string]tokenGrant {
	return map[string]tokenGrant{"client_credentials": (*authServer).forMachine}
}

// userGrants are those of the endpoint for users.
func userGrants() map[string]tokenGrant {
	return map[string]tokenGrant{"authorization_code": (*authServer).forCode, "refresh_token": (*authServer).forRefresh}
}

// token answers a token request.
func (s *authServer) token(w http.ResponseWriter, r *http.Request, grants map[string]tokenGrant) answer {
	client, machine := s.application, grants["client_credentials"] != nil
	if machine {
		client = s.machine
	}
	reply, refused := s.tokenFor(w, r, grants, client, machine)
	header := http.Header{"Cache-Control": {"no-store"}}
	if refused == nil {
		return answer{status: http.StatusOK, body: reply, header: header}
	}
	if refused.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Basic") // RFC 6749, 5.2
	}
	return answer{status: refused.status, body: refused, header: header}
}

func (s *authServer) tokenFor(
	w http.ResponseWriter, r *http.Request, grants map[string]tokenGrant, client Client, machine bool,
) (tokenReply, *tokenError) {
	form, refused := s.form(w, r, machine)
	if refused != nil {
		return tokenReply{}, refused
	}
	if !authenticated(r, form, client, machine) {
		return tokenReply{}, &tokenError{
			status: http.StatusUnauthorized, Code: "invalid_client", Description: "Unknown client, or the secret is wrong",
		}
	}
	give, ok := grants[form.Get("grant_type")]
	if !ok {
		return tokenReply{}, refuseToken("unsupported_grant_type", "This grant_type is not supported here")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return give(s, form)
}

// form reads the body. At the machine-to-machine endpoint both a form and no
// body at all are reported as accepted (common.md 2.2, LIVE; open question 36).
func (s *authServer) form(w http.ResponseWriter, r *http.Request, machine bool) (url.Values, *tokenError) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // an unreadable one is none
	bodies := s.tenant.forms.MachineBody
	if machine && kind == "application/json" && r.ContentLength == 0 && bodies != MachineBodyForm {
		return url.Values{"grant_type": {"client_credentials"}}, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil || machine && bodies == MachineBodyNone {
		return nil, refuseToken("invalid_request", "The body has another form")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 { // RFC 6749, 3.2
			return nil, refuseToken("invalid_request", "A parameter is repeated: "+name)
		}
	}
	return r.PostForm, nil
}

// authenticated checks id and secret. A machine sends them in the header
// (common.md 2.2, LIVE); how a user's application does is UNKNOWN, so that both
// ways of RFC 6749 (2.3.1) are taken, but not at once.
func authenticated(r *http.Request, form url.Values, client Client, machine bool) bool {
	id, secret, basic := r.BasicAuth()
	if !basic {
		if machine {
			return false
		}
		id, secret = form.Get("client_id"), form.Get("client_secret")
	} else if form.Has("client_secret") {
		return false
	}
	return id == client.ID && subtle.ConstantTimeCompare([]byte(secret), []byte(client.Secret)) == 1
}

// lifetime is how long an access token lives.
func (s *authServer) lifetime(usual time.Duration) time.Duration {
	return cmp.Or(s.tenant.options.TokenLifetime, usual)
}

func (s *authServer) reply(lifetime time.Duration) tokenReply {
	return tokenReply{AccessToken: s.issue(lifetime), TokenType: "Bearer", ExpiresIn: int(lifetime / time.Second)}
}

func (s *authServer) forMachine(url.Values) (tokenReply, *tokenError) {
	return s.reply(s.lifetime(machineLifetime)), nil
}

// forCode exchanges a code. It works once.
func (s *authServer) forCode(form url.Values) (tokenReply, *tokenError) {
	code := form.Get("code")
	given, ok := s.codes[code]
	delete(s.codes, code)
	switch {
	case !ok, !s.tenant.clock().Before(given.ends):
		return tokenReply{}, refuseToken("invalid_grant", "The code is unknown, spent or expired")
	case form.Get("redirect_uri") != given.redirect:
		return tokenReply{}, refuseToken("invalid_grant", "The redirect_uri is not that of the authorization")
	case !verifies(form.Get("code_verifier"), given.challenge):
		return tokenReply{}, refuseToken("invalid_grant", "The code_verifier does not fit")
	}
	return s.forUser(&grant{scopes: given.scopes}), nil
}

// verifies checks a PKCE verifier (RFC 7636, 4.6). One without a challenge is
// refused, too.
func verifies(verifier, challenge string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// forRefresh renews. A refresh token that was replaced and comes again is in
// two hands, so that the whole grant ends (RFC 9700, 4.14.2). That the vendor
// replaces them is UNKNOWN (open question 35).
func (s *authServer) forRefresh(form url.Values) (tokenReply, *tokenError) {
	token := form.Get("refresh_token")
	g, ok := s.grants[token]
	if !ok || g.current != token {
		if ok {
			s.revoke(g)
		}
		return tokenReply{}, refuseToken("invalid_grant", "The refresh token is unknown, revoked or was used before")
	}
	return s.forUser(g), nil
}

func (s *authServer) forUser(g *grant) tokenReply {
	reply := s.reply(s.lifetime(userLifetime))
	g.access = append(g.access, reply.AccessToken)
	reply.Scope = strings.Join(g.scopes, " ")
	if !slices.Contains(g.scopes, offlineScope) && !s.tenant.forms.RefreshAlways {
		return reply
	}
	if g.current == "" || !s.tenant.forms.RefreshKept {
		s.rotate(g)
		reply.RefreshToken = g.current
	}
	return reply
}
