package gainsight

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want, wrong string }{
		"label":                    {in: "acme", want: "https://acme.gainsightcloud.com"},
		"label with region":        {in: "acme.us2", want: "https://acme.us2.gainsightcloud.com"},
		"label with slash":         {in: " acme/ ", want: "https://acme.gainsightcloud.com"},
		"label with base path":     {in: "acme/gs", want: "https://acme.gainsightcloud.com/gs"},
		"host":                     {in: "acme.eu.gainsightcloud.com", want: "https://acme.eu.gainsightcloud.com"},
		"URL":                      {in: "https://acme.gainsightcloud.com/", want: "https://acme.gainsightcloud.com"},
		"URL of one label":         {in: "https://gainsight", want: "https://gainsight"},
		"own domain":               {in: "api.yourcompany.com", want: "https://api.yourcompany.com"},
		"own domain with port":     {in: "api.yourcompany.com:8443", want: "https://api.yourcompany.com:8443"},
		"label with port":          {in: "gateway:8443", want: "https://gateway:8443"},
		"base path":                {in: "https://api.yourcompany.com/gs/", want: "https://api.yourcompany.com/gs"},
		"letters of any script":    {in: "https://münchen.example", want: "https://m%C3%BCnchen.example"},
		"upper case scheme":        {in: "HTTPS://acme.gainsightcloud.com", want: "https://acme.gainsightcloud.com"},
		"IPv6 loopback":            {in: "http://[::1]:8080", want: "http://[::1]:8080"},
		"IPv6 without scheme":      {in: "[::1]:8080", want: "https://[::1]:8080"},
		"http to loopback":         {in: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080"},
		"http to localhost":        {in: "http://LocalHost:8080", want: "http://LocalHost:8080"},
		"localhost":                {in: "localhost", want: "https://localhost"},
		"http to another host":     {in: "http://acme.gainsightcloud.com", wrong: "https"},
		"http to a private host":   {in: "http://10.0.0.1", wrong: "https"},
		"http to localhost's name": {in: "http://localhost.example.com", wrong: "https"},
		"empty":                    {in: " ", wrong: "required"},
		"slashes":                  {in: "///", wrong: "required"},
		"slashes before a label":   {in: "//acme", wrong: "not an address"},
		"user":                     {in: "https://ann@acme.gainsightcloud.com", wrong: "user"},
		"user and password":        {in: "https://ann:secret@acme.gainsightcloud.com", wrong: "user"}, //nolint:gosec // made up
		"user before a label":      {in: "ann@acme", wrong: "user"},
		"query":                    {in: "https://acme.gainsightcloud.com?a=b", wrong: "query"},
		"empty query":              {in: "https://acme.gainsightcloud.com?", wrong: "query"},
		"query after a label":      {in: "acme?a=b", wrong: "query"},
		"fragment":                 {in: "https://acme.gainsightcloud.com#x", wrong: "fragment"},
		"scheme":                   {in: "ftp://acme.gainsightcloud.com", wrong: "https"},
		"no host":                  {in: "https://", wrong: "not an address"},
		"port alone":               {in: "https://:443", wrong: "not an address"},
		"bad port":                 {in: "https://acme.gainsightcloud.com:port", wrong: "not an address"},
		"space":                    {in: "acme corp", wrong: "not an address"},
		"empty label":              {in: "https://acme..com", wrong: "not an address"},
		"junk":                     {in: "{{base_url}}", wrong: "not an address"},
		"control character":        {in: "acme\x00", wrong: "not an address"},
		"dots in the path":         {in: "https://acme.gainsightcloud.com/gs/../x", wrong: ".."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, wrong := parseAddress(tt.in)
			switch {
			case wrong != nil && (tt.wrong == "" || !strings.Contains(wrong.Message, tt.wrong) || wrong.Pointer != "/base_url"):
				t.Errorf("refused: %+v", wrong)
			case wrong == nil && u.String() != tt.want:
				t.Errorf("got %s, want %q", u, tt.want)
			}
			if wrong != nil && strings.Contains(wrong.Message, "secret") {
				t.Errorf("the message repeats a password: %s", wrong.Message)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	const host, deep = "https://acme.gainsightcloud.com", "https://api.example.com:8443/gs"
	tests := map[string]struct {
		base, ref, want string
		reason          connector.Reason
	}{
		"relative":                   {base: host, ref: "v3/x", want: host + "/v3/x"},
		"rooted":                     {base: host, ref: "/v3/x", want: host + "/v3/x"},
		"trailing slash stays":       {base: host, ref: "/v2/cockpit/cta/", want: host + "/v2/cockpit/cta/"},
		"query stays as it is":       {base: host, ref: "v3/x?sig=a%2Fb+c&t", want: host + "/v3/x?sig=a%2Fb+c&t"},
		"fragment is dropped":        {base: host, ref: "v3/x#y", want: host + "/v3/x"},
		"absolute":                   {base: host, ref: host + "/v3/x?a=b", want: host + "/v3/x?a=b"},
		"absolute, upper case":       {base: host, ref: "HTTPS://ACME.gainsightcloud.com/v3/x", want: host + "/v3/x"},
		"absolute, usual port":       {base: host, ref: "https://acme.gainsightcloud.com:443/v3/x", want: host + "/v3/x"},
		"absolute, port of the base": {base: deep, ref: "https://api.example.com:8443/v3/x", want: "https://api.example.com:8443/v3/x"},
		"under a base path":          {base: deep, ref: "v3/x", want: deep + "/v3/x"},
		"rooted under a base path":   {base: deep, ref: "/v3/x", want: deep + "/v3/x"},
		"encoded slash":              {base: host, ref: "v1/a%2Fb/describe", want: host + "/v1/a%2Fb/describe"},
		"encoded space":              {base: host, ref: "v1/a%20b", want: host + "/v1/a%20b"},
		"encoded base":               {base: "https://x.example.com/a%2Fb", ref: "v1/c", want: "https://x.example.com/a%2Fb/v1/c"},
		"dots within a name":         {base: host, ref: "v1/a..b/.c", want: host + "/v1/a..b/.c"},
		"backslash is a character":   {base: host, ref: `\evil.example.com/x`, want: host + "/%5Cevil.example.com/x"},
		"other host":                 {base: host, ref: "https://evil.example.com/x", reason: connector.ReasonPermissionDenied},
		"host with more at the end":  {base: host, ref: host + ".evil.example.com/x", reason: connector.ReasonPermissionDenied},
		"other host, no scheme":      {base: host, ref: "//evil.example.com/x", reason: connector.ReasonPermissionDenied},
		"other scheme":               {base: host, ref: "http://acme.gainsightcloud.com/x", reason: connector.ReasonPermissionDenied},
		"other port": {base: host, ref: "https://acme.gainsightcloud.com:8443/x",
			reason: connector.ReasonPermissionDenied},
		"the usual port is another": {base: deep, ref: "https://api.example.com/x", reason: connector.ReasonPermissionDenied},
		"user info": {base: host, ref: "https://ann@acme.gainsightcloud.com/x",
			reason: connector.ReasonPermissionDenied},
		"user info that looks like it": {base: host, ref: host + "@evil.example.com/x", reason: connector.ReasonPermissionDenied},
		"opaque":                       {base: host, ref: "https:acme.gainsightcloud.com/x", reason: connector.ReasonPermissionDenied},
		"another kind":                 {base: host, ref: "javascript:alert(1)", reason: connector.ReasonPermissionDenied},
		"up":                           {base: deep, ref: "../v3/x", reason: connector.ReasonInvalidInput},
		"up in the middle":             {base: deep, ref: "/v1/objects/../users", reason: connector.ReasonInvalidInput},
		"up, encoded":                  {base: deep, ref: "%2e%2e/v3/x", reason: connector.ReasonInvalidInput},
		"up, encoded slash":            {base: deep, ref: "..%2Fv3", reason: connector.ReasonInvalidInput},
		"up, absolute":                 {base: deep, ref: deep + "/../x", reason: connector.ReasonInvalidInput},
		"here":                         {base: deep, ref: "/v1/./x", reason: connector.ReasonInvalidInput},
		"malformed":                    {base: host, ref: "v3/%zz", reason: connector.ReasonInvalidInput},
		"control character":            {base: host, ref: "v3/\n", reason: connector.ReasonInvalidInput},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := url.Parse(tt.base)
			if err != nil {
				t.Fatal(err)
			}
			u, err := resolve(base, tt.ref)
			switch {
			case err != nil && (tt.reason == "" || connector.AsError(err).Reason != tt.reason):
				t.Errorf("got %v, want reason %q", err, tt.reason)
			case err == nil && u.String() != tt.want:
				t.Errorf("got %s, want %q", u, tt.want)
			}
			if base.String() != tt.base {
				t.Errorf("the base became %s", base)
			}
		})
	}
}

// FuzzResolve: whatever a tenant answers, what is called is on its host, in
// the form that goes over the wire as well.
func FuzzResolve(f *testing.F) {
	for _, ref := range []string{
		"v3/x", "/v3/x?a=b", "//evil/x", "https://acme.gainsightcloud.com/x",
		"https://acme.gainsightcloud.com@evil/x", "..%2f", `\\evil`, "http:x", "?", "",
	} {
		f.Add(ref)
	}
	base := &url.URL{Scheme: "https", Host: "acme.gainsightcloud.com", Path: "/gs"}
	f.Fuzz(func(t *testing.T, ref string) {
		u, err := resolve(base, ref)
		if err != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil {
			t.Fatalf("%q: %v", u, err)
		}
		for _, u := range []*url.URL{u, again} {
			if u.Scheme != base.Scheme || u.Host != base.Host || u.User != nil || u.Opaque != "" || climbs(u) {
				t.Fatalf("%q leads to %#v", ref, u)
			}
		}
	})
}

// FuzzParseAddress: an accepted address is one that can be called and shown.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"acme", "acme.us2", "https://acme.gainsightcloud.com/gs", "http://[::1]:1", "a@b", "//x", "x?y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, wrong := parseAddress(s)
		if wrong != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host != u.Host || again.Host == "" {
			t.Fatalf("%q became %q, which reads as %v, %v", s, u, again, err)
		}
		if u.Scheme != "https" && !isLoopback(u.Hostname()) || u.User != nil || u.RawQuery != "" || climbs(u) {
			t.Fatalf("%q became %q", s, u)
		}
	})
}
