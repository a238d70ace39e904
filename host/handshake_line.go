package host

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	goplugin "github.com/hashicorp/go-plugin"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// checkHandshakeLine says what is wrong with the first line that a binary
// printed, or nil if it is the handshake of a connector that this host can
// talk to. The line is core|version|network|address|protocol|certificate.
func checkHandshakeLine(line string) *LaunchError {
	parts := strings.Split(strings.TrimSpace(line), "|")
	if len(parts) < 4 {
		return garbage()
	}
	core, err1 := strconv.Atoi(parts[0])
	version, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return garbage()
	}
	switch {
	case core != goplugin.CoreProtocolVersion:
		return otherProtocol(fmt.Sprintf("its go-plugin core version is %d and this host's %d", core, goplugin.CoreProtocolVersion),
			upgradeHint(behind(core, goplugin.CoreProtocolVersion)))
	case !slices.Contains(wire.Versions(), version):
		return otherVersion(version)
	case len(parts) < 5 || parts[4] != string(goplugin.ProtocolGRPC):
		return otherProtocol("it does not serve gRPC", "build it with this project's package plugin")
	case !localAddress(parts[2], parts[3]):
		return otherProtocol("it listens on an address that is not on this machine", "build it with this project's package plugin")
	case len(parts) < 6 || !certificate(parts[5]):
		return otherProtocol("it did not send the certificate that secures the connection", "build it with this project's package plugin")
	}
	return nil
}

func garbage() *LaunchError {
	return &LaunchError{
		Cause: ErrGarbage, ExitCode: -1,
		Hint: "it is no connector, or it prints to stdout before it serves: use stderr for that",
	}
}

func otherProtocol(detail, hint string) *LaunchError {
	return &LaunchError{Cause: ErrProtocol, ExitCode: -1, Detail: detail, Hint: hint}
}

// otherVersion is for a connector with which the host has no version in
// common: go-plugin then starts it with the one that it prefers.
func otherVersion(theirs int) *LaunchError {
	ours := wire.Versions()
	e := &VersionError{Connector: theirs, Host: ours, Upgrade: behind(theirs, ours[0])}
	fault := otherProtocol(e.Error(), upgradeHint(e.Upgrade))
	fault.err = e
	return fault
}

// behind says which side has to follow.
func behind(theirs, ours int) Side {
	if theirs > ours {
		return SideHost
	}
	return SideConnector
}

func upgradeHint(side Side) string {
	if side == SideHost {
		return "upgrade the host, or use an older release of the connector"
	}
	return "upgrade the connector, or use an older release of the host"
}

// localAddress reports whether an address is a unix socket or a port on the
// loopback interface.
func localAddress(network, address string) bool {
	switch network {
	case "unix":
		return filepath.IsAbs(address) && len(address) < socketPathLimit
	case "tcp":
		at, err := netip.ParseAddrPort(address)
		return err == nil && at.Addr().IsLoopback()
	}
	return false
}

func certificate(text string) bool {
	der, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	_, err = x509.ParseCertificate(der)
	return err == nil
}
