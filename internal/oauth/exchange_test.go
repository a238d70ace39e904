package oauth_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// TestTokenRequest: what goes over the wire.
func TestTokenRequest(t *testing.T) {
	t.Parallel()
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	const form = "application/x-www-form-urlencoded"
	tests := map[string]struct {
		change                func(*oauth.Config)
		authorization, accept string
		contentType, body     string
	}{
		"machine": {nil, basic("client:" + clientSecret), "application/json", form, "grant_type=client_credentials"},
		"machine with scopes": {
			func(c *oauth.Config) { c.Scopes = []string{"read", "write"} },
			basic("client:" + clientSecret), "application/json", form, "grant_type=client_credentials&scope=read+write",
		},
		"machine without a body": {
			func(c *oauth.Config) { c.NoBody = true }, basic("client:" + clientSecret), "application/json", "application/json", "",
		},
		"a secret that reads the same either way": {
			func(c *oauth.Config) { c.ClientSecret = connector.NewSecret("a/b=:&?") },
			basic("client:a/b=:&?"), "application/json", form, "grant_type=client_credentials",
		},
		"a secret that does not": {
			func(c *oauth.Config) { c.ClientSecret = connector.NewSecret("a+b%") },
			basic("client:a%2Bb%25"), "application/json", form, "grant_type=client_credentials",
		},
		"an id with a colon": { // which ends the id in the header (RFC 7617, 2)
			func(c *oauth.Config) { c.ClientID = "a:b" },
			basic("a%3Ab:" + clientSecret), "application/json", form, "grant_type=client_credentials",
		},
		"person": {
			person, basic("client:" + clientSecret), "application/json", form, "grant_type=refresh_token&refresh_token=" + refreshToken,
		},
		"person, secret in the body": {
			func(c *oauth.Config) { person(c); c.SecretInBody = true },
			"", "application/json", form, "client_id=client&client_secret=" + clientSecret + "&grant_type=refresh_token&refresh_token=" + refreshToken,
		},
		"public client": {
			func(c *oauth.Config) { person(c); c.ClientSecret = connector.Secret{} },
			"", "application/json", form, "client_id=client&grant_type=refresh_token&refresh_token=" + refreshToken,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: answering(200, goodToken)})
			token(t, oauth.New(configured(t, s.URL, tt.change), options(t, newClock())))
			got := s.got("POST " + tokenPath)[0]
			want := []string{tt.authorization, tt.accept, tt.contentType, tt.body}
			if diff := cmp.Diff(want, []string{
				got.header.Get("Authorization"), got.header.Get("Accept"), got.header.Get("Content-Type"), got.body,
			}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
