package hosttest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// launchCases are about the process before there is a gRPC connection. They
// start the binary by themselves, with nothing but what the protocol says.
func launchCases() []Case {
	process := []Need{NeedProcess}
	return []Case{
		{"launch", "handshake-line", "The first line tells versions, a local address, gRPC and a certificate.", process, handshakeLine},
		{"launch", "newer-host", "A host that also speaks later versions is answered in this one.", process, newerHost},
		{"launch", "strangers", "Who has not the certificate of the host cannot call the connector.", process, noStrangers},
		{"launch", "by-hand", "Started without the cookie the binary does not pretend to serve.", process, byHand},
		{"launch", "host-gone", "The connector leaves when the host's end of its stdin is gone.", process, hostGone},
		{"launch", "no-litter", "A connector that has left has left no file behind.", process, noLitter},
	}
}

// sockets is the folder of the socket below that of a [bare] binary. It is
// the binary's own, and so is the one around it: it may remove them.
const sockets = "own" + string(filepath.Separator) + "socket"

// bare is a binary that was started without package host.
type bare struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	line   string
	dir    string
	key    tls.Certificate // of its host
	exited chan struct{}
	err    error // how it ended, once exited is closed
}

// bareEnv is what a host that speaks some versions says.
func bareEnv(dir, versions string, key tls.Certificate) []string {
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.Certificate[0]}))
	return []string{
		wire.CookieKey + "=" + wire.CookieValue, wire.LeaseKey + "=" + wire.LeaseStdin,
		"PLUGIN_PROTOCOL_VERSIONS=" + versions, "PLUGIN_CLIENT_CERT=" + certificate,
		"PLUGIN_UNIX_SOCKET_DIR=" + filepath.Join(dir, sockets), "PLUGIN_MIN_PORT=10000", "PLUGIN_MAX_PORT=25000",
		"TMPDIR=" + dir, "TEMP=" + dir, "TMP=" + dir, "SystemRoot=" + os.Getenv("SystemRoot"),
	}
}

// folder makes a folder that goes with the case.
func (t *trial) folder() string {
	dir, err := os.MkdirTemp("", "kit")
	if err != nil {
		t.fatalf("the kit could not make a folder: %v", err)
	}
	t.cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// bare starts the binary and reads its first line.
func (t *trial) bare(versions string) *bare {
	dir := t.folder()
	if err := os.MkdirAll(filepath.Join(dir, sockets), 0o700); err != nil {
		t.fatalf("the kit could not make a folder: %v", err)
	}
	b := &bare{dir: dir, key: t.selfSigned(), exited: make(chan struct{})}
	b.cmd = t.command(dir, bareEnv(dir, versions, b.key))
	stdout, err := b.cmd.StdoutPipe()
	if err == nil {
		b.stdin, err = b.cmd.StdinPipe()
	}
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		t.fatalf("the binary could not be started: %v", err)
	}
	t.cleanup(func() { _ = b.cmd.Process.Kill(); <-b.exited })
	first := make(chan string, 1)
	go func() {
		r := bufio.NewReader(stdout)
		line, _ := r.ReadString('\n')
		first <- line
		_, _ = io.Copy(io.Discard, r)
		b.err = b.cmd.Wait()
		close(b.exited)
	}()
	select {
	case b.line = <-first:
	case <-t.ctx.Done():
		t.fatalf("the binary printed no line")
	}
	return b
}

// command runs the binary in a folder and an environment.
func (t *trial) command(dir string, env []string) *exec.Cmd {
	l, _ := t.source.(*launcher)                         // NeedProcess says that it is
	cmd := exec.CommandContext(t.ctx, l.path, l.args...) //nolint:gosec // the caller names the binary under test
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, append([]string{}, env...), time.Second
	for _, name := range l.env {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

// selfSigned returns the certificate of a host, with its key.
func (t *trial) selfSigned() tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	var der []byte
	if err == nil {
		der, err = x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	}
	if err != nil {
		t.fatalf("the kit could not make a certificate: %v", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func handshakeLine(t *trial) {
	parts := strings.Split(strings.TrimSpace(t.bare("1").line), "|")
	if len(parts) < 6 {
		t.fatalf("the first line has %d parts: %q", len(parts), parts)
	}
	if parts[0] != "1" || parts[1] != "1" || parts[4] != "grpc" {
		t.errorf("the first line begins %q", parts[:5])
	}
	if parts[2] == "tcp" && !strings.HasPrefix(parts[3], "127.0.0.1:") && !strings.HasPrefix(parts[3], "[::1]:") {
		t.errorf("the connector listens at %s, which is not on this machine alone", parts[3])
	}
	der, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(parts[5], "="))
	if err == nil {
		_, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.errorf("the last part is no certificate: %v", err)
	}
}

func newerHost(t *trial) {
	if parts := strings.Split(t.bare("1,2,9").line, "|"); len(parts) < 2 || parts[1] != "1" {
		t.errorf("to a host of versions 1, 2 and 9 the first line is %q", parts)
	}
}

func byHand(t *trial) {
	cmd := t.command(t.folder(), []string{"SystemRoot=" + os.Getenv("SystemRoot")})
	var out bytes.Buffer
	cmd.Stdout = &out
	ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
	defer cancel()
	if err := cmd.Start(); err != nil {
		t.fatalf("the binary could not be started: %v", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() }) // a server that a person starts may well go on
	defer stop()
	_ = cmd.Wait() // how it ends is its own affair
	if first, _, _ := strings.Cut(out.String(), "\n"); strings.Count(first, "|") >= 4 && strings.HasPrefix(first, "1|") {
		t.errorf("it printed the handshake %q", first)
	}
}

// left waits until the binary has left.
func (t *trial) left(b *bare) {
	_ = b.stdin.Close()
	if !t.soonClosed(b.exited) {
		t.fatalf("the connector runs on %s after its stdin ended", t.options.Patience)
	}
}

func hostGone(t *trial) {
	b := t.bare("1")
	t.left(b)
	if b.err != nil {
		t.errorf("the connector did not end cleanly: %v", b.err)
	}
}

func noLitter(t *trial) {
	b := t.bare("1")
	t.left(b)
	err := filepath.WalkDir(b.dir, func(path string, _ fs.DirEntry, err error) error {
		if name, _ := filepath.Rel(b.dir, path); err == nil && name != "." && name != sockets && name != filepath.Dir(sockets) {
			t.errorf("it left %s", name)
		}
		return err
	})
	if err != nil {
		t.fatalf("the folder of the connector cannot be read: %v", err)
	}
}
