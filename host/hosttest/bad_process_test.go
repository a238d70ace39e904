package hosttest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// badProcesses are binaries that are wrong as processes: what they do besides
// serving, and the cases that they fail.
func badProcesses() map[string]process {
	var once sync.Once
	return map[string]process{
		"chatty": {before: func() { _, _ = fmt.Fprintln(os.Stdout, "Welcome!") }, fails: []string{"lifecycle/starts"}},
		"silent": {before: func() { select {} }, patience: 500 * time.Millisecond, fails: []string{"lifecycle/starts"}},
		"prints": {executes: func(connector.Settings) { _, _ = fmt.Fprintln(os.Stdout, "calling") }, fails: []string{"hygiene/stdout"}},
		"prints-errors": {
			executes: func(connector.Settings) { _, _ = fmt.Fprintln(stderr, "warning: deprecated") }, fails: []string{"hygiene/log-form"},
		},
		"logs-too-much": {executes: func(connector.Settings) {
			_, _ = fmt.Fprintf(stderr, `{"@message":"%s","@level":"info","@timestamp":"2026-01-02T15:04:05.000000Z"}`+"\n", strings.Repeat("x", 70<<10))
		}, fails: []string{"hygiene/log-lines"}},
		"logs-secrets": {executes: func(s connector.Settings) {
			_, _ = fmt.Fprintf(stderr, `{"@message":"%s","@level":"info","@timestamp":"2026-01-02T15:04:05.000000Z"}`+"\n", s.Secrets["/api_key"].Reveal())
		}, fails: []string{"secrets/last-words", "secrets/log"}},
		"keeps-secrets": {opened: func(s connector.Settings) {
			once.Do(func() {
				keep(os.TempDir(), s.Secrets["/api_key"].Reveal())
				_ = os.Remove(kept[len(kept)-1].Name()) // open it stays, and the test leaves nothing behind
			})
		}, fails: []string{"secrets/files"}},
		"confesses": {opened: func(s connector.Settings) {
			quit := make(chan os.Signal, 1)
			signal.Notify(quit, syscall.SIGQUIT)
			go func() {
				<-quit
				_, _ = fmt.Fprintln(stderr, "dying with", s.Secrets["/api_key"].Reveal())
				os.Exit(2)
			}()
		}, fails: []string{"secrets/last-words"}},
		"clings":     {before: func() { _ = os.Unsetenv(wire.LeaseKey) }, fails: []string{"launch/host-gone", "launch/no-litter"}},
		"ends-badly": {after: func() { os.Exit(3) }, fails: []string{"launch/host-gone"}},
		"ends-late":  {after: func() { time.Sleep(20 * time.Second) }, fails: []string{"launch/host-gone", "launch/no-litter", "lifecycle/stops"}},
		"eager":      {fails: []string{"launch/by-hand"}},
		"litters":    {before: func() { keep(os.Getenv("TMPDIR"), "cache") }, fails: []string{"launch/no-litter"}},
		"scared": {before: func() {
			interrupt := make(chan os.Signal, 1)
			signal.Notify(interrupt, os.Interrupt)
			go func() {
				<-interrupt
				os.Exit(1)
			}()
		}, fails: []string{"chaos/interrupted"}},
		"leaks-files": {opened: func(connector.Settings) { keep("", "") }, fails: []string{"hygiene/descriptors"}},
		"has-children": {executes: func(connector.Settings) {
			once.Do(func() { child(nil) })
		}, fails: []string{"hygiene/children"}},
		"tells-a-child": {opened: func(s connector.Settings) {
			child(nil, "--key", s.Secrets["/api_key"].Reveal())
		}, fails: []string{"secrets/arguments"}},
		"leaves-to-a-child": {opened: func(s connector.Settings) {
			child([]string{"KEY=" + s.Secrets["/api_key"].Reveal()})
		}, fails: []string{"secrets/environment"}},
	}
}

// process is a flaw of a binary.
type process struct {
	before, after    func()
	opened, executes func(connector.Settings)
	fails            []string
	// patience is that of the kit. 0: 2 s.
	patience time.Duration
}

// stderr is the standard error of the process: go-plugin replaces [os.Stderr].
var stderr = os.Stderr

// child starts a process that lives as long as this one.
func child(env []string, args ...string) {
	cmd := exec.CommandContext(context.Background(), os.Args[0], append([]string{"connector", "child"}, args...)...) //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), env...)
	stdin, _ := cmd.StdinPipe()
	context.AfterFunc(context.Background(), func() { _ = stdin.Close() }) // keeps it open
	_ = cmd.Start()
}

// kept are files that are never closed.
var kept []*os.File

// keep opens a file that holds a text; without a folder, one that is there.
func keep(dir, text string) {
	var f *os.File
	if dir == "" {
		f, _ = os.Open(os.Args[0]) //nolint:gosec // the test binary itself
	} else if f, _ = os.CreateTemp(dir, "kit-kept"); f != nil {
		_, _ = f.WriteString(text)
	}
	kept = append(kept, f)
}

// serve is the main function of a binary under test. Without a flaw it is the
// example connector.
func serve(flaws []string) error {
	var p process
	if len(flaws) > 0 {
		if flaws[0] == "child" {
			_, err := io.Copy(io.Discard, os.Stdin)
			return err
		}
		p = badProcesses()[flaws[0]]
	}
	w := warp{opened: p.opened}
	if p.executes != nil {
		w.execute = func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			p.executes(c.settings)
			return c.next(ctx, call)
		}
	}
	c, err := w.build()
	if err != nil {
		return err
	}
	if p.before != nil {
		p.before()
	}
	err = plugin.Serve(c, &plugin.Options{Debuggable: true}) // the kit looks into it, as whichever user
	if p.after != nil {
		p.after()
	}
	return err
}

func TestBadProcesses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the expectations are those of a system with /proc and signals")
	}
	for name, p := range badProcesses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			groups := near(p.fails)
			target, b := binary(t, name), bad{fails: p.fails, patience: p.patience}
			b.finds(t, target, func(c hosttest.Case) bool { return looksAtProcesses(c) && groups(c) })
		})
	}
}

// looksAtProcesses chooses the cases that are about processes.
func looksAtProcesses(c hosttest.Case) bool {
	if id := c.ID(); id == "lifecycle/starts" || id == "lifecycle/stops" || id == "secrets/log" {
		return true
	}
	return slices.Contains(c.Needs, hosttest.NeedProcess)
}

// A path is meant from where the kit runs, wherever it starts the binary.
func TestRelativePath(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Rel(here, os.Args[0])
	if err != nil {
		t.Skip("the test binary is on another volume")
	}
	target := hosttest.Binary(path, []string{"connector"}, []string{raceEnv})
	bad{}.finds(t, target, func(c hosttest.Case) bool { return c.Group == "launch" })
}

// A binary that cannot be run is no failure of a case.
func TestNotRunnable(t *testing.T) {
	t.Parallel()
	_, err := hosttest.Check(t.Context(), hosttest.Binary(filepath.Join(t.TempDir(), "none"), nil, nil), nil)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v, want that there is no such file", err)
	}
}
