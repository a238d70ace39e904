package cli

import (
	"errors"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// keeper keeps the secrets that a connector rotates where the connection file
// has them from.
type keeper struct {
	file    string
	remarks []connector.Diagnostic // of the goroutine that takes events
}

// take is for [host.Options.Events].
func (k *keeper) take(_ *host.Connection, e connector.Event) {
	if rotated, ok := e.(connector.SecretRotated); ok {
		k.remarks = append(k.remarks, host.KeepSecrets(k.file, rotated)...)
	}
}

// unsigned says what to do about a connection that has no refresh token yet.
func (k *keeper) unsigned(err error) error {
	e, ok := errors.AsType[*connector.Error](err)
	missing := func(v connector.Violation) bool { return v.Pointer == gainsight.RefreshTokenPointer }
	if ok && e.Hint == "" && slices.ContainsFunc(e.Violations, missing) {
		e.Hint = programName + " login --connection " + k.file + " signs in and gets the refresh token"
	}
	return err
}
