package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// destination returns the file that a path stands for, behind a symbolic link,
// and the permissions that it has, or is to have: its owner's alone.
func destination(path string) (target string, mode fs.FileMode, err error) {
	target, err = filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, 0o600, nil
	}
	if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(target)
	if err != nil {
		return "", 0, err
	}
	if !info.Mode().IsRegular() {
		return "", 0, errors.New("it exists and is not a regular file")
	}
	return target, info.Mode().Perm(), nil
}

// replace gives a complete file the name target once it is on disk, and closes
// it.
func replace(target string, complete *os.File) error {
	if err := complete.Sync(); err != nil {
		return err
	}
	if err := complete.Close(); err != nil {
		return err
	}
	if err := os.Rename(complete.Name(), target); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(target)); err == nil {
		_ = dir.Sync() // not every system can; the file itself is safe
		_ = dir.Close()
	}
	return nil
}
