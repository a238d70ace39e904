package host_test

import (
	"errors"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gainsight-connector/gainsight-connector/host"
)

// guarded reports whether this process leaves no image of itself, and whether
// it lets nobody look into it.
func guarded() (noCore, closed bool) {
	var core unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_CORE, &core)
	dumpable, dumpErr := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	return err == nil && core.Cur == 0 && core.Max == 0, dumpErr == nil && dumpable == 0
}

// A connector that does not guard itself is kept from leaving an image by its
// host.
func TestHostForbidsCore(t *testing.T) {
	t.Parallel()
	p, err := launch(t, "debuggable", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := open(t, p, "acme").Execute(t.Context(), call(t, "echo.get", order{Do: "guarded"}))
	if err != nil || string(got.Output) != "[true,false]" {
		t.Errorf("guarded = %s, %v, want no image and a process that a debugger may see", got.Output, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

func TestBinaryIsSealed(t *testing.T) {
	t.Parallel()
	b, err := host.Load(self(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Sealed().WriteAt([]byte("x"), 0); !errors.Is(err, syscall.EPERM) {
		t.Errorf("writing to the file that is executed: %v, want %v", err, syscall.EPERM)
	}
	if err := b.Sealed().Truncate(0); !errors.Is(err, syscall.EPERM) {
		t.Errorf("truncating the file that is executed: %v, want %v", err, syscall.EPERM)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
