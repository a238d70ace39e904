package gainsight

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// domain is where tenants without a domain of their own live (common.md, DOC).
const domain = ".gainsightcloud.com"

// parseAddress returns the address of a tenant. It accepts a label ("acme"), a
// label with its region ("acme.us2"), a host or a URL. Plain HTTP is for
// loopback hosts only, because every request carries a credential.
func parseAddress(s string) (*url.URL, *connector.Violation) {
	bad := func(message string) (*url.URL, *connector.Violation) {
		return nil, &connector.Violation{Pointer: "/base_url", Message: message}
	}
	text := strings.TrimSpace(s)
	if strings.Trim(text, "/") == "" {
		return bad("is required: the address of the tenant, e.g. https://acme.gainsightcloud.com")
	}
	if !strings.Contains(text, "://") {
		host, path, _ := strings.Cut(text, "/")
		if strings.Count(host, ".") < 2 && !strings.Contains(host, ":") && !isLoopback(host) {
			host += domain
		}
		text = "https://" + host + "/" + path
	}
	u, err := url.Parse(text)
	if err != nil || !isHost(u.Hostname()) {
		return bad("is not an address such as https://acme.gainsightcloud.com")
	}
	switch {
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return bad("must not hold a user, a query or a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return bad("is plain http to a host that is not loopback, which would send the credential in the clear; use https")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("must begin with https://")
	case climbs(u):
		return bad("must not hold . or .. in its path")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// isHost reports whether s looks like a host name or an IP address.
func isHost(s string) bool {
	strange := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }
	return net.ParseIP(s) != nil || !slices.ContainsFunc(strings.Split(s, "."), func(label string) bool {
		return label == "" || strings.ContainsFunc(label, strange)
	})
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// climbs reports whether a path has "." or ".." for a segment, encoded or not.
// No path of the vendor has, and a name that is put into a path could reach
// another operation with it.
func climbs(u *url.URL) bool {
	return slices.ContainsFunc(strings.Split(u.Path, "/"), func(s string) bool { return s == "." || s == ".." })
}

// resolve returns the address of a path, or of a URL that the tenant gave in
// an answer: relative with or without a leading slash, or absolute. One that
// leaves the tenant's host is refused, because the credential would go along
// (common.md, section 1).
func resolve(base *url.URL, ref string) (*url.URL, error) {
	u, err := url.Parse(ref)
	switch {
	case err != nil:
		return nil, connector.Errorf(connector.ReasonInvalidInput, "the address is malformed")
	case climbs(u):
		return nil, connector.Errorf(connector.ReasonInvalidInput, "the address holds . or .. in its path and was not called")
	}
	full := *base
	full.RawQuery = u.RawQuery
	if u.Host == "" && u.Scheme == "" {
		full.Path = strings.TrimRight(base.Path, "/") + "/" + strings.TrimLeft(u.Path, "/")
		full.RawPath = strings.TrimRight(base.EscapedPath(), "/") + "/" + strings.TrimLeft(u.EscapedPath(), "/")
		return &full, nil
	}
	if !sameOrigin(u, base) || u.User != nil {
		return nil, connector.Errorf(connector.ReasonPermissionDenied,
			"the address leads away from the tenant's host %s and was not called", base.Host)
	}
	full.Path, full.RawPath = u.Path, u.RawPath
	return &full, nil
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if u.Scheme == "http" {
		return cmp.Or(u.Port(), "80")
	}
	return cmp.Or(u.Port(), "443")
}
