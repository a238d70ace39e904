//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// program is the command line as a process of its own, whose temporary files go
// to a folder of their own.
func program(ctx context.Context, t *testing.T, args ...string) (cmd *exec.Cmd, temp string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if temp, err = os.MkdirTemp("", "cli"); err != nil { // t.TempDir is too deep for a socket
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(temp) })
	cmd = exec.CommandContext(ctx, self, args...) //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), asProgram+"=1", "TMPDIR="+temp)
	return cmd, temp
}

// wantEmpty fails the test if a folder is not empty.
func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// wantFailed fails the test unless a program ended by itself with exit code 1.
func wantFailed(t *testing.T, err error) {
	t.Helper()
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
}

// A signal reaches the program alone, which cancels the call, ends the
// connector and keeps what is needed to take the export up.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	notIgnored := make(chan os.Signal, 1)
	signal.Notify(notIgnored, syscall.SIGHUP) // else the programs would ignore it too if the tests run under nohup
	t.Cleanup(func() { signal.Stop(notIgnored) })
	for name, sig := range map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection, arrived := hanging(t, "/v3/exports/data/bulk/chunk")
			path := filepath.Join(t.TempDir(), "usage.csv")
			input := file(t, "input.json", export)
			cmd, temp := program(t.Context(), t, "run", "bulk.export", "--connection", connection, "--input", input, "--output", path)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-arrived
			awaitCheckpoint(t.Context(), path)
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			wantFailed(t, cmd.Wait())
			want := "error: action \"bulk.export\" was interrupted\n" +
				"hint: The export is begun and its job known; the same command with --resume goes on from there.\n"
			if stderr.String() != want || stdout.Len() > 0 {
				t.Errorf("stdout = %q, stderr = %q, want %q", stdout.String(), stderr.String(), want)
			}
			wantEmpty(t, temp)
			wantKept(t, path)
		})
	}
}

// A reader that takes a line and leaves, as head does, is told of in one line.
func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	tests := map[string][]string{
		"export": {"run", "bulk.export", "--connection", connection, "--input", file(t, "input.json", export)},
		"result": {"describe", "cta.create", "--connection", connection},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, temp := program(t.Context(), t, args...)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if name == "export" {
				if _, err := bufio.NewReaderSize(stdout, 16).ReadString('\n'); err != nil && !errors.Is(err, io.EOF) {
					t.Fatal(err)
				}
			}
			_ = stdout.Close()
			wantFailed(t, cmd.Wait())
			if want := "error: the reader of the output left before all of it was written\n"; stderr.String() != want {
				t.Errorf("stderr = %q, want %q", stderr.String(), want)
			}
			wantEmpty(t, temp)
		})
	}
}
