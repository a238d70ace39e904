//go:build unix

package supervise_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// kill sends a signal to a process that serves, if there is one.
func kill(pid int, sig syscall.Signal) {
	if pid > 0 {
		_ = syscall.Kill(pid, sig) // it may have ended meanwhile
	}
}

// outcome is what the host was told of one write.
type outcome struct {
	id     string
	action string
	err    error
}

// TestKilledAtRandom kills the process again and again while calls of every
// kind run. No call hangs, and what the callers were told agrees with what was
// done, call by call.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	const workers, calls, killEvery = 8, 15, 20
	ledger := filepath.Join(t.TempDir(), "ledger")
	if err := os.WriteFile(ledger, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := started(t, &supervise.Options{Restart: eager()})
	config, err := json.Marshal(map[string]string{"ledger": ledger})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Open(t.Context(), connector.Settings{Tenant: "acme", Config: config}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var begun atomic.Int32
	var mu sync.Mutex
	var told []outcome
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for n := range calls {
				if begun.Add(1)%killEvery == 0 {
					all.Go(func() { kill(s.PID(), syscall.SIGKILL) })
				}
				o := anyCall(t, c, fmt.Sprintf("w%d-%d", w, n))
				mu.Lock()
				told = append(told, o)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	compare(t, ledger, told)
}

// anyCall makes a call of any kind.
func anyCall(t *testing.T, c *supervise.Connection, id string) outcome {
	t.Helper()
	actions := []string{"echo.get", "echo.put", "echo.set", "echo.export", "echo.import", "echo.merge"}
	action := actions[rand.N(len(actions))] //nolint:gosec // any load will do
	order := call(t, action, order{Bytes: 3 << 20})
	order.RequestID = id
	o := outcome{id: id, action: action}
	switch action {
	case "echo.export":
		var n int64
		n, o.err = download(t, c, order)
		if o.err == nil && n != 3<<20 {
			t.Errorf("a download that succeeded has %d bytes", n)
		}
	case "echo.import", "echo.merge":
		_, o.err = c.Upload(t.Context(), order, "text/csv", strings.NewReader(strings.Repeat("x", 1<<20)))
	default:
		_, o.err = c.Execute(t.Context(), order)
	}
	return o
}

func download(t *testing.T, c *supervise.Connection, order connector.Call) (int64, error) {
	t.Helper()
	if rand.N(2) == 0 { //nolint:gosec // any load will do
		var got bytes.Buffer
		_, err := c.Download(t.Context(), order, &got, nil)
		return int64(got.Len()), err
	}
	path := filepath.Join(t.TempDir(), "out")
	if _, err := c.DownloadFile(t.Context(), order, path, nil); err != nil {
		if _, statErr := os.Stat(path); !errors.Is(statErr, os.ErrNotExist) {
			t.Errorf("a download that failed left a file: %v", statErr)
		}
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// compare holds what the callers were told against what was done.
func compare(t *testing.T, ledger string, told []outcome) {
	t.Helper()
	data, err := os.ReadFile(ledger) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for id := range strings.FieldsSeq(string(data)) {
		done[id]++
	}
	failures, unknown := 0, 0
	for _, o := range told {
		n, most := done[o.id], 1
		switch o.action {
		case "echo.get", "echo.export":
			most = 0
		case "echo.set", "echo.merge":
			most = 2
		}
		e := connector.AsError(o.err)
		switch {
		case n > most:
			t.Errorf("%s %s was done %d times", o.action, o.id, n)
		case o.err == nil && most > 0 && n == 0:
			t.Errorf("%s %s was lost: its caller was told that it was done", o.action, o.id)
		case o.err != nil && n > 0 && !e.OutcomeUnknown:
			t.Errorf("%s %s was done, and its caller was told that it failed: %v", o.action, o.id, o.err)
		case o.err != nil && e.Reason != connector.ReasonPluginExited:
			t.Errorf("%s %s: %v, want %s", o.action, o.id, o.err, connector.ReasonPluginExited)
		}
		if o.err != nil {
			failures++
			if e.OutcomeUnknown {
				unknown++
			}
		}
	}
	t.Logf("%d calls, %d failed, of which %d with an unknown outcome", len(told), failures, unknown)
}

// A process that is stopped answers nothing and does not end either.
func TestStoppedProcess(t *testing.T) {
	t.Parallel()
	s := started(t, &supervise.Options{
		Restart: eager(),
		Probe:   supervise.Probe{Every: 20 * time.Millisecond, Timeout: 500 * time.Millisecond, Misses: 1},
	})
	c := open(t, s, nil)
	before := s.PID()
	kill(before, syscall.SIGSTOP)
	for {
		_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
		if err != nil {
			wantReason(t, err, connector.ReasonPluginExited) // a busy machine has others miss their probes too
		} else if s.PID() != before { // the signal takes a moment
			return
		}
	}
}

// A restart runs what was started, whatever has become of the file.
func TestRestartKeepsTheBinary(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(self(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "connector")
	if err := os.WriteFile(path, data, 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	s, err := supervise.Start(t.Context(), path, &supervise.Options{Restart: eager(), Host: host.Options{Digest: sum[:]}})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, s)
	c := open(t, s, nil)
	if err := os.WriteFile(path, []byte("spoilt"), 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	before := s.PID()
	kill(before, syscall.SIGKILL)
	for s.PID() == before { // the signal takes a moment
		works(t, c)
	}
	works(t, c)
	if err := s.Upgrade(t.Context(), path, sum[:]); !errors.Is(err, host.ErrDigest) {
		t.Errorf("Upgrade to a spoilt file: %v, want %v", err, host.ErrDigest)
	}
	if err := s.Upgrade(t.Context(), path, nil); !errors.Is(err, host.ErrNotExecutable) {
		t.Errorf("Upgrade to a file that is no program: %v, want %v", err, host.ErrNotExecutable)
	}
	works(t, c)
}

// An upgrade fails no call.
func TestUpgradeUnderLoad(t *testing.T) {
	t.Parallel()
	s := started(t, &supervise.Options{DrainTimeout: time.Minute})
	c := open(t, s, nil)
	own := open(t, s, &supervise.ConnectionOptions{Dedicated: true})
	next := filepath.Join(t.TempDir(), "next")
	script := fmt.Sprintf("#!/bin/sh\nexec %q 2\n", self(t))
	if err := os.WriteFile(next, []byte(script), 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var calls, after atomic.Int32
	upgraded := make(chan struct{})
	for _, conn := range []*supervise.Connection{c, c, c, own} {
		all.Go(func() {
			for ctx.Err() == nil {
				o := anyCall(t, conn, "x") //nolint:contextcheck // ctx says when to stop calling; a call is to end well
				if o.err != nil {
					t.Errorf("%s: %v", o.action, o.err)
				}
				calls.Add(1)
				select {
				case <-upgraded:
					if after.Add(1) > 10 {
						stop()
					}
				default:
				}
			}
		})
	}
	if err := s.Upgrade(t.Context(), next, nil); err != nil {
		t.Errorf("Upgrade: %v", err)
	}
	close(upgraded)
	all.Wait()
	stop()
	for name, conn := range map[string]*supervise.Connection{"shared": c, "dedicated": own} {
		if got := says(t, conn, "version"); got != "2" {
			t.Errorf("the %s process is version %s, want 2", name, got)
		}
	}
	t.Logf("%d calls", calls.Load())
}

// A download that takes longer than the old process may is stopped between two
// chunks, and its error says that it can be started again.
func TestUpgradeStopsLongDownloads(t *testing.T) {
	t.Parallel()
	s := started(t, &supervise.Options{DrainTimeout: 200 * time.Millisecond, Host: host.Options{StopTimeout: 100 * time.Millisecond}})
	c := open(t, s, nil)
	upgraded := make(chan error, 1)
	w := &choppingWriter{how: func() { go func() { upgraded <- s.Upgrade(t.Context(), self(t), nil) }() }}
	_, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 1 << 50}), w, nil)
	e := failed(t, err, connector.ReasonDraining)
	if e.Retry != connector.RetryLater || e.OutcomeUnknown || w.bytes == 0 || w.bytes%connector.DefaultChunkBytes != 0 ||
		!strings.Contains(e.Message, fmt.Sprintf("after byte %d:", w.bytes)) {
		t.Errorf("after %d bytes: %+v", w.bytes, e)
	}
	if err := <-upgraded; err != nil {
		t.Errorf("Upgrade: %v", err)
	}
	works(t, c)
}

// What ends one tenant's own process does not reach the others.
func TestDedicatedProcess(t *testing.T) {
	t.Parallel()
	s := started(t, &supervise.Options{Restart: eager()})
	shared, own := open(t, s, nil), open(t, s, &supervise.ConnectionOptions{Dedicated: true})
	before := s.PID()
	if own.PID() == before || own.PID() == 0 {
		t.Fatalf("processes %d and %d, want two", before, own.PID())
	}
	_, err := own.Execute(t.Context(), call(t, "echo.put", order{Do: "exit"}))
	if e := failed(t, err, connector.ReasonPluginExited); !e.OutcomeUnknown || !strings.Contains(e.Message, "exit status 7") {
		t.Errorf("error = %+v", e)
	}
	works(t, own)
	works(t, shared)
	if s.PID() != before {
		t.Error("the process of the others was restarted")
	}
	if err := own.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// hostProcess is a host that supervises a connector, with something under way,
// until it is killed.
func hostProcess(socket, busy string) int {
	ctx := context.Background()
	path, err := os.Executable()
	if err != nil {
		return 1
	}
	s, err := supervise.Start(ctx, path, &supervise.Options{Host: host.Options{Args: []string{"1", socket}}})
	if err != nil {
		return 1
	}
	c, err := s.Open(ctx, settings("x"), nil)
	if err != nil {
		return 1
	}
	begun := make(chan struct{})
	endless := &signalling{begun: sync.OnceFunc(func() { close(begun) })}
	switch busy {
	case "download":
		order := connector.Call{Action: "echo.export", Input: json.RawMessage(`{"bytes":1125899906842624}`)}
		go func() { _, _ = c.Download(ctx, order, endless, nil) }()
	case "upload":
		order := connector.Call{Action: "echo.import", Input: json.RawMessage(`{}`)}
		go func() { _, _ = c.Upload(ctx, order, "text/csv", endless) }()
	default:
		close(begun)
	}
	<-begun
	_, _ = fmt.Fprintln(os.Stdout, s.PID())
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
	return 1
}

// signalling is content without an end, and a writer that takes any, which tell
// that a chunk has come through.
type signalling struct {
	begun func()
	read  int
}

// Read tells once the connector has taken some.
func (s *signalling) Read(p []byte) (int, error) {
	if s.read += len(p); s.read > 4*mib {
		s.begun()
	}
	return len(p), nil
}

// Write tells at once.
func (s *signalling) Write(p []byte) (int, error) {
	s.begun()
	return len(p), nil
}

// tether is a connection to be held for the life of the process: whoever
// listens sees its end.
func tether(socket string) (io.Closer, error) {
	return net.Dial("unix", socket) //nolint:gosec // the test's own socket
}

// A host that is killed outright takes its connector along, and their files,
// whatever is under way; where the system can wake it, even one that is stopped.
func TestHostIsKilled(t *testing.T) {
	t.Parallel()
	for _, busy := range []string{"idle", "download", "upload"} {
		for _, stopped := range []bool{false, true} {
			if stopped && runtime.GOOS != "linux" {
				continue
			}
			t.Run(fmt.Sprintf("%s, connector stopped %v", busy, stopped), func(t *testing.T) {
				t.Parallel()
				hostIsKilled(t, busy, stopped)
			})
		}
	}
}

func hostIsKilled(t *testing.T, busy string, stopped bool) {
	t.Helper()
	dir, err := os.MkdirTemp("", "s") //nolint:usetesting // t.TempDir is too deep for a socket
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	socket := filepath.Join(dir, "s")
	lis, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lis.Close() }()
	cmd := exec.CommandContext(t.Context(), self(t), "host", socket, busy) //nolint:gosec // the test binary itself
	cmd.Env = []string{"TMPDIR=" + dir}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	conn, err := lis.Accept()
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscanln(stdout, &pid); err != nil {
		t.Fatalf("the host is not ready: %v", err)
	}
	if stopped {
		kill(pid, syscall.SIGSTOP)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("waiting for the end of the connector: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v, want the test's own socket alone", left, err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}
