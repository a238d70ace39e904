package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// byteOrderMark is what some editors begin a file with.
const byteOrderMark = "\uFEFF"

// fileName is how a file is spoken of: by the flag that names it, unless it is an
// argument.
func fileName(flag, path string) string {
	if flag == "" {
		return path
	}
	return "--" + flag + " " + path
}

// readable refuses a file that a flag or an argument names and nobody can read,
// or that holds nothing, before anything is started.
func readable(flag, path string) error {
	if path == "" {
		return wrongUsage("--%s FILE is missing", flag)
	}
	f, err := os.Open(path) //nolint:gosec // the person at the command line names it
	if err != nil {
		return wrongUsage("%s: %v", fileName(flag, path), withoutPath(err))
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil: // whoever reads it will tell
	case info.IsDir():
		return wrongUsage("%s: is a directory", fileName(flag, path))
	case info.Mode().IsRegular() && info.Size() == 0:
		return emptyFile(flag, path)
	}
	return nil
}

// readNamed returns what a file holds that a flag or an argument names, without
// a byte order mark.
func readNamed(flag, path string) ([]byte, error) {
	if err := readable(flag, path); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path) //nolint:gosec // the person at the command line names it
	if err != nil {
		return nil, wrongUsage("%s: %v", fileName(flag, path), withoutPath(err))
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, emptyFile(flag, path)
	}
	return data, nil
}

// emptyFile says what to do about a file that holds nothing.
func emptyFile(flag, path string) error {
	e := wrongUsage("%s is empty", fileName(flag, path))
	switch flag {
	case "input":
		e.hint = "leave --input out for an action without input"
	case "built-with":
		e.hint = programName + " describe ACTION --fingerprint writes one"
	case "from":
		e.hint = programName + " describe --save FILE --connection FILE writes one"
	}
	return e
}

// hasFolder refuses a file to be written that has no folder to be in.
func hasFolder(flag, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return wrongUsage("--%s %s: is a directory", flag, path)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return wrongUsage("--%s %s: %v", flag, path, withoutPath(err))
	}
	return nil
}

// withoutPath drops from the error of a file what a message says already.
func withoutPath(err error) error {
	if pathErr, ok := errors.AsType[*os.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// filesNamed refuses a flag that is given, and names no file: where a shell's
// variable is not set, the work must not go on as if nobody had asked.
func filesNamed(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if place, _ := pflag.UnquoteUsage(f); f.Value.String() == "" && (place == "FILE" || place == "DIR" || place == "PATH") {
			err = wrongUsage("--%s names no %s: its value is empty", f.Name, place)
		}
	})
	return err
}
