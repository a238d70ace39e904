package actions_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// signIn is the settings and secrets of a connection.
func signIn(t *testing.T, address string, auth map[string]any, secrets map[string]string) connector.Settings {
	t.Helper()
	config, err := json.Marshal(map[string]any{"base_url": address, "auth": auth})
	if err != nil {
		t.Fatal(err)
	}
	s := connector.Settings{Tenant: "acme", Config: config, Secrets: map[string]connector.Secret{}}
	for pointer, value := range secrets {
		s.Secrets[pointer] = connector.NewSecret(value)
	}
	return s
}

func person(t *testing.T, address string, tenant *sandbox.Tenant, refreshToken string) connector.Settings {
	t.Helper()
	return signIn(t, address, map[string]any{"type": "oauth_authorization_code", "client_id": tenant.Application().ID},
		map[string]string{"/auth/client_secret": tenant.Application().Secret, "/auth/refresh_token": refreshToken})
}

func machine(t *testing.T, address string, tenant *sandbox.Tenant) connector.Settings {
	t.Helper()
	return signIn(t, address, map[string]any{"type": "oauth_client_credentials", "client_id": tenant.Machine().ID},
		map[string]string{"/auth/client_secret": tenant.Machine().Secret})
}

// tokenRequests counts what arrived at the token endpoints.
func tokenRequests(tenant *sandbox.Tenant) int {
	n := 0
	for _, r := range tenant.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			n++
		}
	}
	return n
}

func served(t *testing.T, opts *sandbox.Options) (*sandbox.Tenant, string) {
	t.Helper()
	tenant := sandbox.New(sandbox.Acme(), opts)
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return tenant, server.URL
}

// TestCheckNamesSignIn: the report says how the connection signs in.
func TestCheckNamesSignIn(t *testing.T) {
	t.Parallel()
	tenant, address := served(t, nil)
	tests := map[string]struct {
		settings connector.Settings
		want     map[string]any
	}{
		"access key": {
			signIn(t, address, map[string]any{"type": "access_key"}, map[string]string{"/auth/access_key": tenant.AccessKey()}),
			map[string]any{"signIn": "access_key", "authHeader": "accesskey"},
		},
		"machine": {machine(t, address, tenant), map[string]any{
			"signIn": "oauth_client_credentials", "authHeader": "Authorization", "tokenUrl": address + "/v1/users/m2m/oauth/token",
		}},
		"person": {person(t, address, tenant, tenant.SignIn()), map[string]any{
			"signIn": "oauth_authorization_code", "authHeader": "Authorization", "tokenUrl": address + "/v1/users/oauth/access/token",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := actionstest.Host(t).Open(t.Context(), tt.settings)
			if err != nil {
				t.Fatal(err)
			}
			check, err := conn.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var report map[string]any
			if err := json.Unmarshal(check.Report, &report); err != nil {
				t.Fatal(err)
			}
			delete(report, "objects")
			delete(report, "budgets")
			delete(report, "observed")
			tt.want["tenant"], tt.want["address"] = "acme", address
			if diff := cmp.Diff(tt.want, report); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRotationReachesHost: the host is told each new refresh token, and the last
// one opens the connection anew, while one that was replaced does not.
func TestRotationReachesHost(t *testing.T) {
	t.Parallel()
	tenant, address := served(t, &sandbox.Options{Limits: &sandbox.Limits{}})
	events := make(chan connector.Event, 8)
	p := actionstest.HostWith(t, actions.Options{}, &host.Options{Events: func(_ *host.Connection, e connector.Event) { events <- e }})
	latest := tenant.SignIn()
	for range 3 {
		conn, err := p.Open(t.Context(), person(t, address, tenant, latest))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a new token for each, as the tenant ends them
			tenant.RevokeTokens()
			actionstest.Run(t, conn, "object.list", `{}`)
			rotated, ok := (<-events).(connector.SecretRotated)
			next := rotated.Secrets["/auth/refresh_token"]
			if !ok || len(rotated.Secrets) != 1 || next.Empty() || next.Reveal() == latest {
				t.Fatalf("got %v", rotated)
			}
			latest = next.Reveal()
		}
	}
	spent := tenant.SignIn()
	for _, want := range []error{nil, connector.ReasonAuthFailed} {
		conn, err := p.Open(t.Context(), person(t, address, tenant, spent))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Check(t.Context()); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// TestManyCallsOneToken: calls at once through gRPC share one token request.
func TestManyCallsOneToken(t *testing.T) {
	t.Parallel()
	tenant, address := served(t, &sandbox.Options{Limits: &sandbox.Limits{}})
	conn, err := actionstest.Host(t).Open(t.Context(), machine(t, address, tenant))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := conn.Execute(t.Context(), connector.Call{Action: "object.list", Input: json.RawMessage(`{}`)}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := tokenRequests(tenant); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// TestSignInSettings: an error of the settings is about the kind that was meant.
func TestSignInSettings(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	secret := map[string]string{"/auth/client_secret": "x"}
	machine := func(changes map[string]any) map[string]any {
		auth := map[string]any{"type": "oauth_client_credentials", "client_id": "x"}
		maps.Copy(auth, changes)
		return auth
	}
	tests := map[string]struct {
		auth          map[string]any
		secrets       map[string]string
		pointer, part string // of the one violation
	}{
		"no kind":        {map[string]any{}, nil, "/auth/type", "is required"},
		"unknown kind":   {map[string]any{"type": "oauth_client_credential"}, nil, "/auth/type", "did you mean oauth_client_credentials?"},
		"no key":         {map[string]any{"type": "access_key"}, nil, "/auth/access_key", "required"},
		"no id":          {map[string]any{"type": "oauth_client_credentials"}, secret, "/auth/client_id", "required"},
		"not signed in":  {map[string]any{"type": "oauth_authorization_code", "client_id": "x"}, secret, "/auth/refresh_token", "required"},
		"of another":     {machine(map[string]any{"pkce": true}), secret, "/auth/pkce", ""},
		"unknown form":   {machine(map[string]any{"body_form": "json"}), secret, "/auth/body_form", "must be one of form"},
		"not an address": {machine(map[string]any{"token_url": "http://example.com"}), secret, "/auth/token_url", "https://"}, //nolint:gosec // an address
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := p.Open(t.Context(), signIn(t, "https://acme.gainsightcloud.com", tt.auth, tt.secrets))
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonInvalidConnection) || len(e.Violations) != 1 {
				t.Fatalf("got %v", err)
			}
			if v := e.Violations[0]; v.Pointer != tt.pointer || !strings.Contains(v.Message, tt.part) {
				t.Errorf("%s: %s", v.Pointer, v.Message)
			}
		})
	}
}
