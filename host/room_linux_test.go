package host_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// roomEnv tells a process of this test which kind of disk it is to fill.
const roomEnv = "HOST_TEST_ROOM"

// disk is a folder with room for eight megabytes, and how it gets more.
type disk struct {
	dir  string
	grow func() error
	full error
}

// disks are those that a test can have: a file system of its own, where the
// machine allows it, and a limit on the size of files everywhere.
func disks() map[string]func(dir string) (disk, error) {
	return map[string]func(string) (disk, error){
		"file system": func(dir string) (disk, error) {
			return disk{
				dir: dir, full: syscall.ENOSPC,
				grow: func() error { return unix.Mount("none", dir, "tmpfs", unix.MS_REMOUNT, "size=64m") },
			}, unix.Mount("none", dir, "tmpfs", 0, "size=8m")
		},
		"limit": func(dir string) (disk, error) {
			var before unix.Rlimit
			err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before)
			return disk{
				dir: dir, full: syscall.EFBIG,
				grow: func() error { return unix.Setrlimit(unix.RLIMIT_FSIZE, &before) },
			}, errors.Join(err, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 8 * mib, Max: before.Max}))
		},
	}
}

// TestDiskFull fills real disks, each in a process of its own.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if kind := os.Getenv(roomEnv); kind != "" {
		d, err := disks()[kind](t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Unmount(d.dir, 0) }) // if it is mounted
		fillsUp(t, d)
		return
	}
	for kind := range disks() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), self(t), "-test.run=^TestDiskFull$", "-test.timeout=60s") //nolint:gosec // the test binary itself
			cmd.Env = append(os.Environ(), roomEnv+"="+kind)
			if kind == "file system" {
				cmd.SysProcAttr = &syscall.SysProcAttr{
					Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
					UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
					GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
				}
			}
			out, err := cmd.CombinedOutput()
			if kind == "file system" && (errors.Is(err, os.ErrPermission) || bytes.Contains(out, []byte(os.ErrPermission.Error()))) {
				t.Skipf("this machine lets nobody mount a file system; the limit stands for it: %v", err)
			}
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// fillsUp downloads more than there is room for, and goes on when there is
// more.
func fillsUp(t *testing.T, d disk) {
	t.Helper()
	const size = 24*mib + 17
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	path := filepath.Join(d.dir, "out.csv")

	_, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: size}), path, nil)
	if part := (*host.PartialError)(nil); errors.As(err, &part) {
		t.Errorf("%d bytes are kept without a checkpoint", part.Bytes)
	}
	wantNoRoom(t, err, d, path)
	if left := files(t, path); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	order := call(t, "echo.export", order{Bytes: size, Every: mib})
	_, err = c.DownloadFile(t.Context(), order, path, nil)
	wantNoRoom(t, err, d, path)
	for range 2 { // there is no more room the second time
		part := (*host.PartialError)(nil)
		if !errors.As(err, &part) || part.Bytes < 6*mib || part.Bytes%mib > 0 || part.Bytes > 8*mib {
			t.Fatalf("error = %v, want most of eight megabytes kept", err)
		}
		if diff := cmp.Diff([]string{"out.csv.part", "out.csv.resume"}, files(t, path)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		_, err = c.ResumeFile(t.Context(), order, path, nil)
		wantNoRoom(t, err, d, path)
	}
	if err := d.grow(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ResumeFile(t.Context(), order, path, nil); err != nil {
		t.Fatalf("with room: %v", err)
	}
	onlyFile(t, path, string(whole(size)))
}

// wantNoRoom fails the test unless an error says which file has no room, how
// far it came and what to do.
func wantNoRoom(t *testing.T, err error, d disk, path string) {
	t.Helper()
	e := failed(t, err, connector.ReasonInternal)
	if !errors.Is(err, d.full) || !strings.Contains(e.Message, path+".part: "+d.full.Error()) || !strings.Contains(e.Message, "at byte ") ||
		e.Origin != connector.OriginCaller || e.Retry != connector.RetryLater || !strings.Contains(e.Hint, "room") {
		t.Errorf("error = %+v, want one that says that %s has no room", e, path)
	}
}
