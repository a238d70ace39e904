package sandbox

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// Header names of the access key. "accesskey" is the documented one, in any
// case (common.md 2.1, DOC). "authentication" stands in the request table of
// the bulk page only (common.md 2.1, DOC, conflict).
const (
	accessKeyHeader      = "Accesskey"
	authenticationHeader = "Authentication"
)

// authorized reports whether the request carries the tenant's access key in a
// header that its API honours, or an access token. Both at once are refused
// (common.md 2.2, INFERRED).
func (t *Tenant) authorized(r *http.Request) bool {
	if r.Header.Get("Authorization") != "" {
		return r.Header.Get(accessKeyHeader) == "" && t.auth.bearer(r)
	}
	for _, h := range t.keyHeaders(r.URL.Path) {
		given := r.Header.Get(h)
		if given != "" && subtle.ConstantTimeCompare([]byte(given), []byte(t.accessKey)) == 1 {
			return true
		}
	}
	return false
}

func (t *Tenant) keyHeaders(path string) []string {
	if !strings.HasPrefix(path, "/v3/") {
		return []string{accessKeyHeader}
	}
	switch t.forms.BulkHeader {
	case BulkHeaderAuthentication:
		return []string{authenticationHeader}
	case BulkHeaderEither:
		return []string{accessKeyHeader, authenticationHeader}
	default:
		return []string{accessKeyHeader}
	}
}
