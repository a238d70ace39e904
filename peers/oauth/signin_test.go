package oauth_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"sync"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// auth is a connection's "auth", its secrets apart.
type auth struct {
	settings map[string]any
	secrets  map[string]string
}

func machine(secret string) auth {
	return auth{
		map[string]any{"type": "oauth_client_credentials", "client_id": machineID, "token_url": "/oauth/token"}, //nolint:gosec // a path
		map[string]string{gainsight.ClientSecretPointer: secret},
	}
}

// person is a web client with changes; openid is the provider's own condition.
func person(changes map[string]any) auth {
	settings := map[string]any{"type": "oauth_authorization_code", "client_id": webID, "scopes": []string{"openid", "offline_access"}}
	maps.Copy(settings, changes)
	return auth{settings, map[string]string{gainsight.ClientSecretPointer: webSecret}}
}

func native() auth {
	a := person(map[string]any{"client_id": nativeID})
	a.secrets = map[string]string{}
	return a
}

func (a auth) connection(t *testing.T, p *provider) connector.Settings {
	t.Helper()
	config, err := json.Marshal(map[string]any{"base_url": p.URL, "auth": a.settings})
	if err != nil {
		t.Fatal(err)
	}
	s := connector.Settings{Tenant: "peer", Config: config, Secrets: map[string]connector.Secret{}}
	for pointer, value := range a.secrets {
		s.Secrets[pointer] = connector.NewSecret(value)
	}
	return s
}

// signIn signs a person in and keeps the refresh token.
func (a auth) signIn(t *testing.T, p *provider) {
	t.Helper()
	sign, err := gainsight.Login(t.Context(), a.connection(t, p), options(t), redirect)
	if err != nil {
		t.Fatal(err)
	}
	refresh, err := sign.Finish(t.Context(), p.browse(t, sign.URL))
	if err != nil {
		t.Fatal(err)
	}
	a.secrets[gainsight.RefreshTokenPointer] = refresh.Reveal()
}

func options(t *testing.T) gainsight.Options {
	t.Helper()
	transport := gainsight.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return gainsight.Options{Transport: transport}
}

// connect returns a client, which keeps the refresh tokens that it is given.
func (a auth) connect(t *testing.T, p *provider) *gainsight.Client {
	t.Helper()
	config, err := gainsight.ParseConfig(a.connection(t, p))
	if err != nil {
		t.Fatal(err)
	}
	opts := options(t)
	opts.Emit = func(e connector.Event) {
		if rotated, ok := e.(connector.SecretRotated); ok {
			a.secrets[gainsight.RefreshTokenPointer] = rotated.Secrets[gainsight.RefreshTokenPointer].Reveal()
		}
	}
	client := gainsight.New(config, opts)
	t.Cleanup(client.Close)
	return client
}

func list(t *testing.T, c *gainsight.Client) error {
	t.Helper()
	_, err := c.Session(false).Do(t.Context(), gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
	return err
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := machine(machineSecret).connect(t, p)
	for range 2 {
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if err := list(t, client); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		p.users.endTokens()
	}
	if n := p.tokenRequests(); n != 2 {
		t.Errorf("%d token requests", n)
	}
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := machine("wrong").connect(t, p)
	for range 10 {
		if err := list(t, client); !errors.Is(err, connector.ReasonAuthFailed) || connector.AsError(err).Downstream.Code == "" {
			t.Errorf("got %+v", connector.AsError(err))
		}
	}
	if n := p.tokenRequests(); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// TestAuthorizationCode: the provider describes itself, a person signs in with
// PKCE, and the refresh token goes on from hand to hand.
func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	tests := map[string]auth{
		"web client": person(nil), "without PKCE": person(map[string]any{"pkce": false}), "native client without a secret": native(),
		"token endpoint set": person(map[string]any{"token_url": "/oauth/token"}), //nolint:gosec // a path
	}
	for name, a := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			a.signIn(t, p)
			seen := map[string]bool{}
			for range 2 { // a second process goes on with what the first was given
				client := a.connect(t, p)
				for range 2 {
					if err := list(t, client); err != nil {
						t.Fatal(err)
					}
					seen[a.secrets[gainsight.RefreshTokenPointer]] = true
					p.users.endTokens()
				}
				if want := p.URL + "/oauth/token"; client.TokenURL() != want {
					t.Errorf("the token came from %s, want %s", client.TokenURL(), want)
				}
			}
			if len(seen) != 4 {
				t.Errorf("%d refresh tokens in four renewals", len(seen))
			}
		})
	}
}

func TestRevokedRefreshToken(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	a := person(nil)
	a.signIn(t, p)
	client := a.connect(t, p)
	if err := list(t, client); err != nil {
		t.Fatal(err)
	}
	p.revoke(t, a.secrets[gainsight.RefreshTokenPointer])
	p.users.endTokens()
	before := p.tokenRequests()
	for range 10 {
		wantInvalidGrant(t, list(t, client))
	}
	if n := p.tokenRequests() - before; n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// TestForeignCode: a code without the verifier of the program that began the
// sign-in is worth nothing.
func TestForeignCode(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	a := person(nil)
	mine, err := gainsight.Login(t.Context(), a.connection(t, p), options(t), redirect)
	if err != nil {
		t.Fatal(err)
	}
	other, err := gainsight.Login(t.Context(), a.connection(t, p), options(t), redirect)
	if err != nil {
		t.Fatal(err)
	}
	stolen := p.browse(t, other.URL)
	if _, err := mine.Finish(t.Context(), stolen); !errors.Is(err, connector.ReasonAuthFailed) {
		t.Errorf("with the state of another: %v", err)
	}
	own := p.browse(t, mine.URL)
	own.Set("code", stolen.Get("code"))
	_, err = mine.Finish(t.Context(), own)
	wantInvalidGrant(t, err)
}

// wantInvalidGrant holds an error to a refused refresh token or code.
func wantInvalidGrant(t *testing.T, err error) {
	t.Helper()
	want := connector.Downstream{Status: http.StatusBadRequest, Code: "invalid_grant"}
	if !errors.Is(err, connector.ReasonAuthFailed) || connector.AsError(err).Downstream != want {
		t.Errorf("got %+v, want %+v", connector.AsError(err), want)
	}
}
