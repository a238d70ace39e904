//go:build unix

package host_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// program writes an executable file.
func program(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	// A process forked meanwhile would hold the file open for writing, and it
	// could not be executed.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	return path
}

// installed returns the path of a program of the system.
func installed(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLaunchOtherPrograms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path  string
		cause error
		code  int
	}{
		"true":                {path: installed(t, "true"), cause: host.ErrExited, code: 0},
		"false":               {path: installed(t, "false"), cause: host.ErrExited, code: 1},
		"script with output":  {path: program(t, "#!/bin/sh\necho hello\n"), cause: host.ErrGarbage, code: -1},
		"script, no line end": {path: program(t, "#!/bin/sh\nprintf hello\n"), cause: host.ErrGarbage, code: -1},
		"script, empty line":  {path: program(t, "#!/bin/sh\necho\n"), cause: host.ErrGarbage, code: -1},
		"script, killed":      {path: program(t, "#!/bin/sh\nkill -9 $$\n"), cause: host.ErrExited, code: -1},
		"no format":           {path: program(t, "\x7fELFnot"), cause: host.ErrNotExecutable, code: -1},
		"lost interpreter":    {path: program(t, "#!/nowhere/sh\n"), cause: host.ErrNotExecutable, code: -1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := host.Launch(t.Context(), tc.path, &host.Options{StartTimeout: time.Hour})
			var got *host.LaunchError
			if !errors.As(err, &got) || !errors.Is(err, tc.cause) || got.ExitCode != tc.code {
				t.Fatalf("error = %v (%+v), want %v with code %d", err, got, tc.cause, tc.code)
			}
		})
	}
}

// What a connector started ends with it. The child tells its id through a pipe
// of the file system, and then holds it open: the pipe ends when the child does.
func TestChildEndsWithConnector(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	kept, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the test's own; neither end waits for the other to be opened
	if err != nil {
		t.Fatal(err)
	}
	script := program(t, "#!/bin/sh\nexec 3>\"$1\"\nsleep 3600 >&3 &\necho $! >&3\nexit 5\n")
	_, err = host.Launch(t.Context(), script, &host.Options{Args: []string{path}, StartTimeout: time.Hour})
	var exited *host.LaunchError
	if !errors.As(err, &exited) || !errors.Is(err, host.ErrExited) || exited.ExitCode != 5 {
		t.Errorf("error = %v (%+v), want %v with code 5", err, exited, host.ErrExited)
	}
	pipe, err := os.Open(path) //nolint:gosec // as above
	if err = errors.Join(err, kept.Close()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pipe.Close() }()
	var pid int
	if _, err := fmt.Fscanln(pipe, &pid); err != nil {
		t.Fatalf("reading the id of the child: %v", err)
	}
	late := time.AfterFunc(30*time.Second, func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	if _, err := io.Copy(io.Discard, pipe); err != nil {
		t.Error(err)
	}
	if !late.Stop() {
		t.Error("the child outlived its connector")
	}
}

// TestKillSuspended: a process that is suspended still says where it was.
func TestKillSuspended(t *testing.T) {
	t.Parallel()
	p := running(t, nil)
	if err := syscall.Kill(p.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	p.KillWithin(30 * time.Second)
	<-p.Done()
	if text := failed(t, p.Err(), connector.ReasonPluginExited).Message; !strings.Contains(text, "SIGQUIT: quit") {
		t.Errorf("error %q does not tell of the stacks", text)
	}
}
