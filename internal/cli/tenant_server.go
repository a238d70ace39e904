package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// tenantServer is a simulated tenant on a loopback address.
type tenantServer struct {
	tenant *sandbox.Tenant
	server *http.Server
	url    string
	kept   map[string]json.RawMessage // settings beside those that lead to the tenant
	ended  chan error
}

// serveTenant starts to serve a tenant.
func serveTenant(ctx context.Context, seed sandbox.Seed, addr string, opts *sandbox.Options) (*tenantServer, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve tenant %s: %w", seed.Name, err)
	}
	t := sandbox.New(seed, opts)
	s := &tenantServer{
		tenant: t, url: "http://" + listener.Addr().String(), ended: make(chan error, 1),
		server: &http.Server{Handler: t, ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// close lets running requests end for a moment.
func (s *tenantServer) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close() // the caller of a request that hangs has had its time
	}
	if err := <-s.ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve tenant %s: %w", s.tenant.Name(), err)
	}
	return nil
}

// connectionFile is the form of a connection file.
type connectionFile struct {
	Tenant  string             `json:"tenant"`
	BaseURL string             `json:"base_url"`
	Auth    connectionFileAuth `json:"auth"`

	Objects    json.RawMessage `json:"objects,omitempty"`
	TimeZone   json.RawMessage `json:"time_zone,omitempty"`
	FieldTypes json.RawMessage `json:"field_types,omitempty"`
	Validation json.RawMessage `json:"validation,omitempty"`
	Required   json.RawMessage `json:"required,omitempty"`
	Observed   json.RawMessage `json:"observed,omitempty"`
}

type connectionFileAuth struct {
	Type         gainsight.AuthKind `json:"type"`
	AccessKey    string             `json:"access_key,omitempty"`
	ClientID     string             `json:"client_id,omitempty"`
	ClientSecret string             `json:"client_secret,omitempty"`
	RefreshToken string             `json:"refresh_token,omitempty"`
}

// connection is the connection file that leads to this tenant. Its credentials
// are fake; the refresh token is still to come, by the command login.
func (s *tenantServer) connection(kind gainsight.AuthKind) connectionFile {
	c := connectionFile{
		Tenant: s.tenant.Name(), BaseURL: s.url, Auth: connectionFileAuth{Type: kind},
		Objects: s.kept["objects"], TimeZone: s.kept["time_zone"], FieldTypes: s.kept["field_types"],
		Validation: s.kept["validation"], Required: s.kept["required"], Observed: s.kept["observed"],
	}
	switch kind {
	case gainsight.AuthClientCredentials:
		c.Auth.ClientID, c.Auth.ClientSecret = s.tenant.Machine().ID, s.tenant.Machine().Secret
	case gainsight.AuthAuthorizationCode:
		c.Auth.ClientID, c.Auth.ClientSecret = s.tenant.Application().ID, s.tenant.Application().Secret
		c.Auth.RefreshToken = "file:" + s.tenant.Name() + ".refresh_token"
	default:
		c.Auth.AccessKey = s.tenant.AccessKey()
	}
	return c
}

// wrote reports whether a file looks like a connection file of this tenant.
func (s *tenantServer) wrote(file []byte) bool {
	return slices.ContainsFunc([]string{s.tenant.AccessKey(), s.tenant.Machine().ID, s.tenant.Application().ID},
		func(mark string) bool { return bytes.Contains(file, []byte(mark)) })
}

// settings are those of a connection to this tenant.
func (s *tenantServer) settings() (connector.Settings, error) {
	all := map[string]any{"tenant": s.tenant.Name(), "base_url": s.url, "auth": map[string]any{"type": gainsight.AuthAccessKey}}
	for name, value := range s.kept {
		all[name] = value
	}
	config, err := json.Marshal(all)
	return connector.Settings{
		Tenant: s.tenant.Name(), Config: config,
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(s.tenant.AccessKey())},
	}, err
}
