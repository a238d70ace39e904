package host

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Binary is a connector's file as it was when it was loaded. What is hashed is
// what is executed: on Linux a sealed copy in memory that nobody can change,
// elsewhere a copy in a folder that only the host's user can enter. The file
// on disk may be replaced meanwhile; a Binary that has been loaded stays what
// it is, start after start.
//
// There are two things that this cannot hold. Of a script ("#!") only the text
// is covered, not its interpreter nor what it loads; one whose digest is not
// pinned is executed by its path, so that it finds what lies beside it. And a
// program that looks for its own file sees a copy: the path that was loaded is
// its argument 0.
type Binary struct {
	path string // as it was given, absolute
	exec string // what is executed in place of path
	// sealed, if set, is the file that exec names in the child, where it is
	// file descriptor 3.
	sealed *os.File
	dir    string // of a copy; empty: there is none
	sum    *digest
}

// Load takes the file at path. Of opts it heeds Digest and SocketDir, below
// which a copy goes if there must be one. Errors are a [LaunchError].
func Load(path string, opts *Options) (*Binary, error) {
	o := opts.resolved()
	return load(path, &o, seal)
}

// load is Load with a way to make a copy that cannot be changed, which may
// fail.
func load(path string, o *Options, seal func(name string, src *os.File) (*os.File, error)) (*Binary, error) {
	if abs, err := filepath.Abs(path); err == nil { // else the file is not found, which says enough
		path = abs
	}
	if fault := checkBinary(path); fault != nil {
		fault.Path = path
		return nil, fault
	}
	b := &Binary{path: path, exec: path}
	err := b.take(o, seal)
	if err == nil && o.Digest != nil {
		if fault := b.sum.mismatch(o.Digest); fault != nil {
			fault.Path = path
			err = fault
		}
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// take copies the file and begins to hash the copy.
func (b *Binary) take(o *Options, seal func(string, *os.File) (*os.File, error)) error {
	src, err := os.Open(b.path)
	if err != nil {
		return unreadable(b.path, err)
	}
	if o.Digest == nil && isScript(src) {
		b.sum = startDigest(src)
		return nil
	}
	sealed, err := seal(filepath.Base(b.path), src)
	if err != nil { // not here, or not now
		return errors.Join(b.copy(src, o.SocketDir), src.Close())
	}
	b.sealed, b.exec = sealed, sealedPath
	b.sum = startDigest(io.NopCloser(io.NewSectionReader(sealed, 0, 1<<62)))
	return src.Close()
}

// copy makes a private copy on disk.
func (b *Binary) copy(src io.ReadSeeker, parent string) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return unreadable(b.path, err)
	}
	dir, err := os.MkdirTemp(parent, "bin")
	if err != nil {
		return noPlace(b.path, err)
	}
	b.dir, b.exec = dir, filepath.Join(dir, filepath.Base(b.path))
	if err := writeProgram(b.exec, src); err != nil {
		return noPlace(b.path, err)
	}
	written, err := os.Open(b.exec)
	if err != nil {
		return noPlace(b.path, err)
	}
	b.sum = startDigest(written)
	return nil
}

// writeProgram writes an executable file. A process that is forked meanwhile
// would hold it open for writing until its own exec, and nobody could execute
// it: so none is.
func writeProgram(path string, src io.Reader) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o500) //nolint:gosec // it is to be executed
	if err != nil {
		return err
	}
	_, err = io.Copy(f, src)
	return errors.Join(err, f.Close())
}

// Path returns the absolute path of the file that was loaded.
func (b *Binary) Path() string { return b.path }

// Digest returns the SHA-256 in hexadecimal. It may wait for the hash, which is
// computed beside the first start. Errors are a [LaunchError].
func (b *Binary) Digest() (string, error) {
	if fault := b.sum.failure(); fault != nil {
		fault.Path = b.path
		return "", fault
	}
	return b.sum.text(), nil
}

// Close frees what the copy takes. Call it once, after the processes started
// from it have ended.
func (b *Binary) Close() error {
	if b.sum != nil {
		b.sum.wait()
	}
	var err error
	if b.sealed != nil {
		err = b.sealed.Close()
	}
	if b.dir != "" {
		err = errors.Join(err, os.RemoveAll(b.dir))
	}
	return err
}

// command is a run of the binary that is still without its surroundings.
func (b *Binary) command(args []string) *exec.Cmd {
	cmd := &exec.Cmd{Path: b.exec, Args: append([]string{b.path}, args...), Env: []string{}, WaitDelay: pipeGrace}
	if b.sealed != nil {
		cmd.ExtraFiles = []*os.File{b.sealed}
	}
	return cmd
}

// isScript reports whether the file names an interpreter; it reads from the
// start and goes back there.
func isScript(f io.ReaderAt) bool {
	var magic [2]byte
	_, err := f.ReadAt(magic[:], 0)
	return err == nil && string(magic[:]) == "#!"
}

func unreadable(path string, err error) *LaunchError {
	return &LaunchError{
		Path: path, Cause: ErrDigest, ExitCode: -1, Detail: "it cannot be read: " + err.Error(), err: err,
		Hint: "make it readable for the host's user: chmod u+r",
	}
}

func noPlace(path string, err error) *LaunchError {
	return &LaunchError{
		Path: path, Cause: ErrSocketDir, ExitCode: -1, Detail: err.Error(), err: err,
		Hint: "set Options.SocketDir to a folder with a short path that the host can write to and execute from",
	}
}
