package sandbox

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// CallbackPath is the path of the callback URL that the tenants' applications
// are registered with, on any port of a loopback address (RFC 8252, 7.3).
const CallbackPath = "/callback"

// authorization is a request for a user's consent (RFC 6749, 4.1.1; RFC 7636,
// 4.3).
type authorization struct {
	redirect  *url.URL
	state     string
	scopes    []string
	challenge string
}

// parseAuthorization reads a request. A client or callback URL that is not
// registered is never redirected to; bad is then what the page says.
func (s *authServer) parseAuthorization(q url.Values) (a authorization, refused, bad string) {
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != s.application.ID:
		return a, "", "There is no application with this client_id."
	case err != nil || !registered(redirect):
		return a, "", "The redirect_uri is not a callback URL of the application."
	}
	a = authorization{
		redirect: redirect, state: q.Get("state"), scopes: strings.Fields(q.Get("scope")), challenge: q.Get("code_challenge"),
	}
	unknown := func(scope string) bool { return !slices.Contains(scopes(), scope) }
	switch {
	case q.Get("response_type") != "code":
		return a, "unsupported_response_type", ""
	case slices.ContainsFunc(a.scopes, unknown):
		return a, "invalid_scope", ""
	case a.challenge != "" && q.Get("code_challenge_method") != "S256":
		return a, "invalid_request", ""
	case a.challenge == "" && !s.tenant.forms.PKCEOptional:
		return a, "invalid_request", ""
	}
	return a, "", ""
}

// registered reports whether a URL is the callback URL, whatever its port.
func registered(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && u.Path == CallbackPath && u.RawQuery == "" && u.Fragment == "" && u.User == nil &&
		(u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// authorize shows the page that asks for consent, or takes it for given.
func (s *authServer) authorize(r *http.Request) answer {
	a, refused, bad := s.parseAuthorization(r.URL.Query())
	switch {
	case bad != "":
		return page(http.StatusBadRequest, consentPage{Tenant: s.tenant.name, Problem: bad})
	case refused != "":
		return a.back(url.Values{"error": {refused}})
	case s.tenant.options.AutoApprove:
		return s.approve(a)
	}
	return page(http.StatusOK, consentPage{Tenant: s.tenant.name, Parameters: r.URL.Query(), Scopes: a.scopes})
}

// consent takes the answer that the user gave on the page.
func (s *authServer) consent(w http.ResponseWriter, r *http.Request) answer {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.ParseForm() != nil {
		return page(http.StatusBadRequest, consentPage{Tenant: s.tenant.name, Problem: "The form cannot be read."})
	}
	a, refused, bad := s.parseAuthorization(r.PostForm)
	switch {
	case bad != "":
		return page(http.StatusBadRequest, consentPage{Tenant: s.tenant.name, Problem: bad})
	case refused != "":
		return a.back(url.Values{"error": {refused}})
	case r.PostForm.Get("decision") != "allow":
		return a.back(url.Values{"error": {"access_denied"}})
	}
	return s.approve(a)
}

// approve sends the browser back with a code.
func (s *authServer) approve(a authorization) answer {
	code := "sandbox-code-" + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = consent{
		redirect: a.redirect.String(), challenge: a.challenge, scopes: a.scopes, ends: s.tenant.clock().Add(codeLifetime),
	}
	return a.back(url.Values{"code": {code}})
}

// back sends the browser to the callback URL.
func (a authorization) back(q url.Values) answer {
	if a.state != "" {
		q.Set("state", a.state)
	}
	to := *a.redirect
	to.RawQuery = q.Encode()
	return answer{status: http.StatusFound, contentType: "text/plain; charset=utf-8", header: http.Header{"Location": {to.String()}}}
}

// consentPage is what the page shows.
type consentPage struct {
	Tenant     string
	Problem    string
	Parameters url.Values
	Scopes     []string
}

// consentTemplate is parsed when the page is first shown: whoever links the
// sandbox in starts without it.
var consentTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("consent").Parse(consentText))
})

const consentText = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox tenant {{.Tenant}}</title></head>
<body><h1>Sandbox tenant {{.Tenant}}</h1>
{{if .Problem}}<p>{{.Problem}}</p>{{else}}
<p>An application wants to act for you. It asks for: {{range .Scopes}}{{.}} {{else}}no scope{{end}}</p>
<form method="post" action="` + authorizePath + `">
{{range $name, $values := .Parameters}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">
{{end}}{{end}}<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
</form>{{end}}</body></html>
`

func page(status int, p consentPage) answer {
	var b bytes.Buffer
	if err := consentTemplate().Execute(&b, p); err != nil {
		status = http.StatusInternalServerError
	}
	return answer{status: status, raw: b.Bytes(), contentType: "text/html; charset=utf-8", header: http.Header{
		"Cache-Control": {"no-store"}, "Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
	}}
}
