//go:build unix

package chaos_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// place is an address that refuses connections until somebody listens. Nobody
// else can.
type place struct {
	t    *testing.T
	file *os.File
	name string
}

func reserve(t *testing.T) place {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), "tenant")
	t.Cleanup(func() { _ = file.Close() })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := at.(*syscall.SockaddrInet4)
	if !ok {
		t.Fatalf("address %T", at)
	}
	return place{t, file, fmt.Sprintf("127.0.0.1:%d", own.Port)}
}

func (p place) listen() net.Listener {
	p.t.Helper()
	if err := syscall.Listen(int(p.file.Fd()), syscall.SOMAXCONN); err != nil {
		p.t.Fatal(err)
	}
	lis, err := net.FileListener(p.file)
	if err != nil {
		p.t.Fatal(err)
	}
	return lis
}

// TestTenantIsDown: a write that was not taken was not made, and all is well
// once the tenant is back.
func TestTenantIsDown(t *testing.T) {
	t.Parallel()
	h := started(t, &supervise.Options{})
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	at := reserve(t)
	c := opened(t, h, tenant, "http://"+at.name, actionstest.Unlimited())
	all := inputs(tenant)
	for action, input := range all {
		e := connector.AsError(attempt(t.Context(), c, connector.Call{Action: action, Input: input}))
		if e == nil || e.Reason != connector.ReasonDownstreamUnavailable || e.Origin != connector.OriginDownstream ||
			e.Retry != connector.RetryLater || e.OutcomeUnknown || !strings.Contains(e.Hint, "base_url") {
			t.Errorf("%s: %+v, want %s that tells of base_url", action, e, connector.ReasonDownstreamUnavailable)
		}
	}
	server := &httptest.Server{Listener: at.listen(), Config: &http.Server{Handler: tenant, ReadHeaderTimeout: deadline}}
	server.Start()
	t.Cleanup(server.Close)
	for action, input := range all {
		if err := attempt(t.Context(), c, connector.Call{Action: action, Input: input}); err != nil {
			t.Errorf("%s once the tenant is back: %v", action, err)
		}
	}
}
