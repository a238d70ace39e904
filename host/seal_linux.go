package host

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// sealedPath names, in a child, the file that it inherits as file descriptor 3.
// It stays open there, so that the interpreter of a script can read it, too.
const sealedPath = "/proc/self/fd/3"

// seals forbid every change of a file, and to lift them.
const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE

// seal copies src to a file in memory that cannot be changed any more. A system
// that lets no such file be executed, as with the sysctl vm.memfd_noexec=2, or
// has no /proc, fails.
func seal(name string, src *os.File) (*os.File, error) {
	f, err := memoryFile(name)
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(f, src); err == nil {
		_, err = unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func memoryFile(name string) (*os.File, error) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return nil, err
	}
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	name = name[:min(len(name), 200)] // 249 bytes are the most
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3, where every such file is executable
		fd, err = unix.MemfdCreate(name, flags)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}
