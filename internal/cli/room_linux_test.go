package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// roomEnv makes a process of its own of the test that fills a disk.
const roomEnv = "CLI_TEST_ROOM"

// TestDiskFull fills a small file system, in a process that alone sees it.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if os.Getenv(roomEnv) != "" {
		fillsUp(t)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestDiskFull$", "-test.timeout=60s") //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), roomEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, os.ErrPermission) || bytes.Contains(out, []byte(os.ErrPermission.Error())) {
		t.Skipf("this machine lets nobody mount a file system; the tests of package host fill a disk in another way: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func fillsUp(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, 0) })
	_, connection := acme(t)
	input, rows := file(t, "input.json", export), filepath.Join(dir, "rows.csv")
	run := func(args ...string) outcome { return run(t, append([]string{"run"}, args...)...) }

	o := run("bulk.export", "--connection", connection, "--input", input, "--output", rows)
	o.wants(t, 1, "at byte ", rows+".part: no space left on device",
		"hint: make room on the disk, or write to another one. 1.3 MB are kept in ", "--resume")

	result := filepath.Join(dir, "result.json")
	if err := os.WriteFile(filepath.Join(dir, "more"), bytes.Repeat([]byte("x"), 2<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling up: %v", err)
	}
	o = run("cta.list", "--connection", connection, "--input", file(t, "list.json", `{"select":["Name"]}`), "--output", result)
	o.wants(t, 1, `action "cta.list" has run`, result+": no space left on device", "on stdout")
	if !strings.Contains(o.stdout, `"records": [`) {
		t.Errorf("stdout = %q, want the result", o.stdout)
	}
	if _, err := os.Stat(result); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a result that has no room left a file: %v", err)
	}

	if err := unix.Mount("none", dir, "tmpfs", unix.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	run("bulk.export", "--connection", connection, "--input", input, "--output", rows, "--resume").wants(t, 0)
	run("bulk.export", "--connection", connection, "--input", input, "--output", filepath.Join(dir, "whole.csv")).wants(t, 0)
	if content(t, rows) != content(t, filepath.Join(dir, "whole.csv")) {
		t.Error("the file is not that of an export which had room")
	}
}
