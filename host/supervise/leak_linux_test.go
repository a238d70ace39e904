package supervise_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// descriptors counts the open file descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// Crashes, upgrades and closed connections leave nothing open.
func TestDescriptorsReturn(t *testing.T) { //nolint:paralleltest // it counts what the whole process has open
	start := func() *supervise.Supervisor {
		s, err := supervise.Start(t.Context(), self(t), &supervise.Options{Restart: eager(), Host: host.Options{Env: []string{raceEnv}}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cycle := func() {
		s := start()
		c, own := open(t, s, nil), open(t, s, &supervise.ConnectionOptions{Dedicated: true})
		kill(s.PID(), syscall.SIGKILL)
		works(t, c)
		if err := own.Close(t.Context()); err != nil {
			t.Errorf("closing a connection: %v", err)
		}
		if err := s.Upgrade(t.Context(), self(t), nil); err != nil {
			t.Errorf("Upgrade: %v", err)
		}
		works(t, c)
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if err := start().Close(); err != nil { // the first one opens what the process keeps
		t.Errorf("Close: %v", err)
	}
	before := descriptors(t)
	cycle()
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors are open, want %d as before", after, before)
	}
}
