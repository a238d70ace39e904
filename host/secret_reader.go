package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// Bounds of what is read from a file, in bytes.
const (
	maxSecret  = 64 << 10
	maxContent = 16 << 20
)

// secretReader takes the secrets out of a connection file, and puts contents
// into it that are in files of their own.
type secretReader struct {
	path       string
	places     map[string]bool
	contents   map[string]bool
	without    []string // places that are left out
	secrets    map[string]connector.Secret
	warnings   []connector.Diagnostic
	violations []connector.Violation
}

// strip returns value without its secrets and whether anything is left of it.
// In an array a null keeps the place.
func (r *secretReader) strip(value any, pointer string) (rest any, left bool) {
	switch v := value.(type) {
	case string:
		if !r.places[pointer] {
			return r.content(v, pointer), true
		}
		if !slices.Contains(r.without, pointer) {
			r.take(v, pointer)
		}
		return nil, false
	case map[string]any:
		rest := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if member, left := r.strip(v[name], pointer+"/"+jsonpointer.Token(name)); left {
				rest[name] = member
			}
		}
		return rest, true
	case []any:
		rest := make([]any, len(v))
		for i, element := range v {
			rest[i], _ = r.strip(element, pointer+"/"+strconv.Itoa(i))
		}
		return rest, true
	}
	return value, true
}

// content returns what stands for text: what is in a file, if it names one for a
// content.
func (r *secretReader) content(text, pointer string) string {
	file, named := namedFile(r.path, text)
	if !named || !r.contents[pointer] {
		return text
	}
	content, err := readFile(file, maxContent)
	if err != nil {
		r.refuse(pointer, fmt.Sprintf("file %q cannot be read: %s", file, err))
	}
	return content
}

// take resolves one secret.
func (r *secretReader) take(text, pointer string) {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		value := os.Getenv(name)
		if value == "" {
			r.refuse(pointer, fmt.Sprintf("environment variable %q is not set or empty", name))
		}
		r.secrets[pointer] = connector.NewSecret(value)
		return
	}
	source := r.path
	if file, ok := namedFile(r.path, text); ok {
		source = file
		var err error
		if text, err = readFile(source, maxSecret); err != nil {
			r.refuse(pointer, fmt.Sprintf("file %q cannot be read: %s", source, err))
			return
		}
	}
	r.secrets[pointer] = connector.NewSecret(text)
	if othersRead(source) {
		r.warnings = append(r.warnings, connector.Diagnostic{
			Severity: connector.SeverityWarning, Pointer: pointer,
			Summary: fmt.Sprintf("the secret is in %s, which other users can read: chmod 600 it or use env:NAME", source),
		})
	}
}

// namedFile returns the file that text, in the connection file at path, names
// for a secret or a content. It reports false if it names none.
func namedFile(path, text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "file:")
	if ok && !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(path), name)
	}
	return name, ok
}

func (r *secretReader) refuse(pointer, message string) {
	r.violations = append(r.violations, connector.Violation{Pointer: pointer, Message: message})
}

// readFile returns what a file of at most so many bytes holds, without its last
// line end.
func readFile(path string, most int64) (string, error) {
	f, err := os.Open(path) //nolint:gosec // the owner of the connection file names it
	if err != nil {
		if at := (*fs.PathError)(nil); errors.As(err, &at) {
			return "", at.Err // the message names the file already
		}
		return "", err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return "", err
	case int64(len(data)) > most:
		return "", fmt.Errorf("it has more than %d bytes", most)
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if text == "" {
		return "", errors.New("it is empty")
	}
	return text, nil
}

// othersRead reports whether the group or everybody may read a file.
func othersRead(path string) bool {
	info, err := os.Stat(path)
	return modeChecked && err == nil && info.Mode().Perm()&0o044 != 0
}
