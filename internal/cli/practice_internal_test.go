package cli

import (
	"context"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
)

// The connector passes the acceptance kit, against the tenants that the command
// conformance gives it.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	p, err := startPractice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(context.Background()); err != nil {
			t.Errorf("close the tenants: %v", err)
		}
	})
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	hosttest.Run(t, hosttest.Binary(binary, nil, []string{"GORACE"}), &hosttest.Options{Profile: p.profile})
}
