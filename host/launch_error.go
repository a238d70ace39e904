package host

import (
	"errors"
	"fmt"
	"strings"
)

// What a binary did instead of starting, for use with errors.Is. Each is the
// Cause of a [LaunchError].
var (
	// ErrNotExecutable: the file is missing, a folder, not marked executable or
	// in no format that this machine runs.
	ErrNotExecutable = errors.New("it cannot be executed")
	// ErrExited: it ended before it was ready.
	ErrExited = errors.New("it ended before it was ready")
	// ErrGarbage: the first thing it printed to stdout is not the handshake of
	// a connector.
	ErrGarbage = errors.New("it printed something else than a connector's handshake")
	// ErrProtocol: it is a plugin of another kind or of another version.
	ErrProtocol = errors.New("it is a plugin that this host cannot talk to")
	// ErrStartTimeout: it ran but was not ready in time.
	ErrStartTimeout = errors.New("it was not ready in time")
	// ErrDigest: the file is not the one that was expected, or cannot be read to
	// tell.
	ErrDigest = errors.New("it is not the expected file")
	// ErrSocketDir: the host found no place for its socket or for a copy of the
	// file; the file was not executed.
	ErrSocketDir = errors.New("there is no place for its socket or its copy")
)

// LaunchError says why a binary did not become a running connector.
type LaunchError struct {
	// Path is the binary.
	Path string
	// Cause is one of the errors above.
	Cause error
	// Detail says more about the cause. Empty: there is no more.
	Detail string
	// ExitCode is the exit code for [ErrExited] if the process ended by itself,
	// else -1.
	ExitCode int
	// FirstLine is the beginning of the first line on stdout, quoted. Empty:
	// there was none, or it was a handshake.
	FirstLine string
	// Stderr is the end of what it wrote to stderr, at most 64 KiB.
	Stderr string
	// Hint says what to do.
	Hint string

	said string
	err  error
}

// Error says what the binary did and what to do about it.
func (e *LaunchError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "connector %s did not start: %s", e.Path, e.Cause)
	if e.Detail != "" {
		fmt.Fprintf(&b, ": %s", e.Detail)
	}
	if e.FirstLine != "" {
		fmt.Fprintf(&b, "; its first line is %s", e.FirstLine)
	}
	if e.said != "" {
		fmt.Fprintf(&b, "; its last words are %q", e.said)
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, " (%s)", e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause and, if there is one, the error behind it.
func (e *LaunchError) Unwrap() []error {
	if e.err == nil {
		return []error{e.Cause}
	}
	return []error{e.Cause, e.err}
}

// Side is one of the two that must understand each other.
type Side string

// The sides.
const (
	// SideHost is this process.
	SideHost Side = "host"
	// SideConnector is the binary.
	SideConnector Side = "connector"
)

// VersionError says that a connector and this host have no protocol version in
// common. It is in the chain of a [LaunchError] with [ErrProtocol].
type VersionError struct {
	// Connector is the version that the connector serves.
	Connector int
	// Host are the versions that this host speaks, newest first.
	Host []int
	// Upgrade is the side that is behind.
	Upgrade Side
}

// Error names both sides' versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("it serves protocol version %d and this host speaks %s", e.Connector, strings.Trim(fmt.Sprint(e.Host), "[]"))
}
