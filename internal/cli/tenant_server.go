package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// tenantServer is a simulated tenant on a loopback address.
type tenantServer struct {
	tenant *sandbox.Tenant
	server *http.Server
	url    string
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
}

type connectionFileAuth struct {
	Type      string `json:"type"`
	AccessKey string `json:"access_key"`
}

// connection is the connection file that leads to this tenant. Its key is
// fake.
func (s *tenantServer) connection() connectionFile {
	return connectionFile{
		Tenant: s.tenant.Name(), BaseURL: s.url,
		Auth: connectionFileAuth{Type: "access_key", AccessKey: s.tenant.AccessKey()},
	}
}
