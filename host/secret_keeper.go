package host

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// KeepSecrets stores the secrets that a connector rotated where the connection
// file at path has them from: a secret given as file:PATH goes into that file,
// as [WriteSecret] does it. The diagnostics name the secrets that could not be
// kept, and why; the old ones may be void by now.
func KeepSecrets(path string, rotated connector.SecretRotated) []connector.Diagnostic {
	var remarks []connector.Diagnostic
	for _, pointer := range slices.Sorted(maps.Keys(rotated.Secrets)) {
		if err := keepSecret(path, pointer, rotated.Secrets[pointer]); err != nil {
			remarks = append(remarks, connector.Diagnostic{
				Severity: connector.SeverityWarning, Pointer: pointer,
				Summary: fmt.Sprintf("the tenant replaced this secret, and the new one is lost: %s", err),
			})
		}
	}
	return remarks
}

func keepSecret(path, pointer string, secret connector.Secret) error {
	file, err := SecretFile(path, pointer)
	switch {
	case err != nil:
		return err
	case file == "":
		return fmt.Errorf("%s does not give it as file:PATH", path)
	}
	return WriteSecret(file, secret)
}

// SecretFile returns the file in which the connection file at path says that
// the secret at a JSON Pointer is: the PATH of its file:PATH. Empty: it is not in
// a file of its own.
func SecretFile(path, pointer string) (string, error) {
	object, err := readObject(path)
	if err != nil || pointer == "" {
		return "", err
	}
	text, _ := member(object, strings.Split(pointer, "/")[1:]).(string)
	file, ok := namedFile(path, text)
	if !ok {
		return "", nil
	}
	return file, nil
}

// WriteSecret puts a secret into a file that only its owner can read (mode
// 0600), and makes the file if there is none. It holds the old secret or the new
// one at any moment, never a part. A symbolic link is followed.
func WriteSecret(path string, secret connector.Secret) error {
	if secret.Empty() {
		return errors.New("the secret is empty")
	}
	return withSecretFile(path, func(target string, next *os.File) error {
		if _, err := io.WriteString(next, secret.Reveal()+"\n"); err != nil {
			return err
		}
		return replace(target, next)
	})
}

// CanWriteSecret returns the error that [WriteSecret] would at path, as far as
// it can be known before. It changes nothing.
func CanWriteSecret(path string) error {
	return withSecretFile(path, func(_ string, next *os.File) error {
		_ = next.Close()
		return os.Remove(next.Name())
	})
}

// withSecretFile does work with a new file beside the one that path stands for.
func withSecretFile(path string, work func(target string, next *os.File) error) error {
	target, _, err := destination(path)
	if err != nil {
		return ownFault("preparing %s failed: %w", path, err)
	}
	next, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*") // mode 0600
	if err != nil {
		return ownFault("writing %s failed: %w", path, err)
	}
	if err := work(target, next); err != nil {
		_ = next.Close()
		_ = os.Remove(next.Name())
		return ownFault("writing %s failed: %w", path, err)
	}
	return nil
}
