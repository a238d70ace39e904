package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// metadata is what is used of a server's metadata document (RFC 8414, 2).
type metadata struct {
	Issuer                string `json:"issuer"`
	AuthorizationEndpoint string `json:"authorization_endpoint"`
	TokenEndpoint         string `json:"token_endpoint"`
}

// parseMetadata reads a document. One of another issuer must not be used
// (RFC 8414, 3.3). An error holds nothing of the document.
func parseMetadata(body []byte, issuer *url.URL) (metadata, error) {
	var m metadata
	if json.Unmarshal(body, &m) != nil {
		return metadata{}, errors.New("it is not a metadata document")
	}
	u, err := url.Parse(m.Issuer)
	switch {
	case err != nil || m.Issuer == "":
		return metadata{}, errors.New("it names no issuer")
	case !sameIssuer(u, issuer):
		return metadata{}, fmt.Errorf("its issuer is not %s", issuer)
	}
	return m, nil
}

// sameIssuer compares without regard to case of the host and a slash at the end.
func sameIssuer(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host) && a.User == nil && a.RawQuery == "" && a.Fragment == "" &&
		strings.TrimRight(a.EscapedPath(), "/") == strings.TrimRight(b.EscapedPath(), "/")
}
