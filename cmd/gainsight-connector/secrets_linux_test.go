package main_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// settings are the connections to a tenant by the way they sign in.
func settings(v *vendor) map[string]func(address string) connector.Settings {
	of := func(address string, auth map[string]string, secrets map[string]string) connector.Settings {
		config, _ := json.Marshal(map[string]any{"base_url": address, "auth": auth}) // texts can be written
		s := connector.Settings{Tenant: "acme", Config: config, Secrets: map[string]connector.Secret{}}
		for name, secret := range secrets {
			s.Secrets["/auth/"+name] = connector.NewSecret(secret)
		}
		return s
	}
	return map[string]func(string) connector.Settings{
		"access_key": func(address string) connector.Settings {
			return of(address, map[string]string{"type": "access_key"}, map[string]string{"access_key": keyCanary})
		},
		"oauth_client_credentials": func(address string) connector.Settings {
			return of(address, map[string]string{"type": "oauth_client_credentials", "client_id": v.tenant.Machine().ID},
				map[string]string{"client_secret": clientCanary})
		},
		"oauth_authorization_code": func(address string) connector.Settings {
			return of(address, map[string]string{"type": "oauth_authorization_code", "client_id": v.tenant.Application().ID},
				map[string]string{"client_secret": clientCanary, "refresh_token": v.signIn()})
		},
	}
}

// launched is a process of the program and all that it lets out.
type launched struct {
	*findings

	plugin  *host.Plugin
	sockets string
	files   string // where downloads go
	rotated atomic.Int64
}

func launch(t *testing.T) *launched {
	t.Helper()
	sockets, err := os.MkdirTemp("", "s") //nolint:usetesting // t.TempDir is too deep for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	l := &launched{findings: &findings{}, sockets: sockets, files: t.TempDir()}
	l.plugin, err = host.Launch(t.Context(), program(t), &host.Options{
		SocketDir: sockets, Stderr: l.writer("stderr"),
		Logger: slog.New(slog.NewTextHandler(l.writer("log"), &slog.HandlerOptions{Level: slog.LevelDebug - 4})),
		Events: func(_ *host.Connection, e connector.Event) {
			if _, ok := e.(connector.SecretRotated); ok {
				l.rotated.Add(1)
			}
			l.add("events", fmt.Sprintf("%+v %#v", e, e))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.plugin.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// tell notes what a call returned.
func (l *launched) tell(what string, result any, err error) {
	written, _ := json.Marshal(result) // not everything can be
	l.add("result of "+what, fmt.Sprintf("%+v %s", result, written))
	if err != nil {
		e := connector.AsError(err)
		written, _ := json.Marshal(e)
		l.add("error of "+what, fmt.Sprintf("%v %+v %#v %+v %s %s %v", err, err, err, e, e.Hint, written, errors.Unwrap(err)))
	}
}

// use makes all kinds of calls at once, and returns how many failed.
func (l *launched) use(ctx context.Context, s connector.Settings, download string) (failed int) {
	c, err := l.plugin.Open(ctx, s)
	l.tell("open", nil, err)
	if err != nil {
		return 1
	}
	execute := func(id, input string, dry bool) func() error {
		return func() error {
			r, err := c.Execute(ctx, connector.Call{Action: id, Input: json.RawMessage(input), DryRun: dry})
			l.tell(id, r, err)
			l.add("output of "+id, string(r.Output))
			return err
		}
	}
	calls := []func() error{
		execute("object.list", `{}`, false), execute("cta.create", record, true), execute("cta.create", record, false),
		execute("api.request", `{"method":"GET","path":"/v1/meta/services/objects/list"}`, false),
		func() error {
			check, err := c.Check(ctx)
			l.tell("check", check, err)
			l.add("report", string(check.Report))
			return err
		},
		func() error {
			d, err := c.Describe(ctx, connector.DescribeRequest{Action: "cta.create"})
			l.tell("describe", d, err)
			return err
		},
		func() error {
			page, err := c.Options(ctx, connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/type", PageSize: 5})
			l.tell("options", page, err)
			return err
		},
		func() error {
			summary, err := c.DownloadFile(ctx, connector.Call{Action: "bulk.export", Input: json.RawMessage(export)}, download, nil)
			l.tell("bulk.export", summary, err)
			return err
		},
	}
	errs := make(chan error, len(calls))
	for _, do := range calls {
		go func() { errs <- do() }()
	}
	for range calls {
		if err := <-errs; err != nil {
			failed++
		}
	}
	l.tell("close", nil, c.Close(context.WithoutCancel(ctx)))
	return failed
}

// patience bounds the calls of a tenant that repeats what it is sent: some wait
// for its next minute, or try again.
const patience = 10 * time.Second

const (
	record = `{"records":[{"Name":"Adoption is falling","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com",` +
		`"DueDate":"2026-12-15","type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`
	export = `{"objectName":"usage__gc","select":["Gsid","Row_Number__gc","Note__gc"]}`
)

// TestSecretsStayHidden signs the program in as every kind of user, at tenants which
// repeat what they are sent, and looks for the secrets in all that it lets out.
func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	for kind := range settings(newVendor()) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			v, l := newVendor(), launch(t)
			to := settings(v)[kind]
			ctx, good := t.Context(), served(t, v.ServeHTTP)
			if failed := l.use(ctx, to(good), filepath.Join(l.files, "usage.csv")); failed > 0 {
				t.Errorf("%d calls failed: %s", failed, l.text("error of bulk.export"))
			}
			v.tenant.Inject(sandbox.Fault{Path: "/v3/exports/data/bulk/chunk", Kind: sandbox.FaultTruncated, Bytes: 50_000})
			l.use(ctx, to(good), filepath.Join(l.files, "broken.csv"))
			l.strangers(t)
			l.process(t)
			l.repeat(t, v, to, kind != "access_key")
			l.crash(t)
			l.tree(t, "files", l.files, "usage.csv", "broken.csv.part", "broken.csv.resume")
			if rotates := kind == "oauth_authorization_code"; rotates != (l.rotated.Load() > 0) {
				t.Errorf("%d secrets were rotated", l.rotated.Load())
			}
			for _, where := range []string{"log", "stderr", "cmdline", "environ", "report", "files"} {
				if l.text(where) == "" {
					t.Errorf("nothing is known of the %s", where)
				}
			}
			l.silent(t, v.canaries())
		})
	}
}

// repeat uses connections to tenants that repeat what they are sent.
func (l *launched) repeat(t *testing.T, v *vendor, to func(string) connector.Settings, signsIn bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience) // nothing waits for more than that
	defer cancel()
	var all sync.WaitGroup
	for name, e := range echoes() {
		for _, signIns := range []bool{false, true} {
			if signIns && !signsIn {
				continue
			}
			address, repeated := v.repeating(t, e, signIns)
			s, file := to(address), filepath.Join(t.TempDir(), "out.csv")
			all.Go(func() {
				failed := l.use(ctx, s, file)
				if repeated.Load() == 0 || failed == 0 {
					t.Errorf("%s, sign-ins %t: %d requests were repeated and %d calls failed", name, signIns, repeated.Load(), failed)
				}
			})
		}
	}
	all.Wait()
}

// process reads what the system shows of the process.
func (l *launched) process(t *testing.T) {
	t.Helper()
	at := fmt.Sprintf("/proc/%d", l.plugin.PID())
	for _, name := range []string{"cmdline", "environ", "limits", "status"} {
		data, err := os.ReadFile(filepath.Join(at, name)) //nolint:gosec // files of the system's own
		if err != nil {
			t.Fatal(err)
		}
		l.add(name, string(data))
	}
	if limits := strings.Fields(l.text("limits")); !strings.Contains(strings.Join(limits, " "), "Max core file size 0 0 bytes") {
		t.Errorf("a crash may leave an image: %v", limits)
	}
	open, err := filepath.Glob(at + "/fd/*")
	if err != nil || len(open) == 0 {
		t.Fatalf("%v, %v", open, err)
	}
	self, err := os.Stat(program(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range open {
		if info, err := os.Stat(d); err == nil && info.Mode().IsRegular() && info.Size() != self.Size() { // not its own code
			data, _ := os.ReadFile(d) //nolint:gosec // a list of the system's own
			l.add("open files", string(data))
		}
	}
	l.tree(t, "sockets", l.sockets)
}

// tree reads a folder, which must hold the named files.
func (l *launched) tree(t *testing.T, where, dir string, wants ...string) {
	t.Helper()
	for _, name := range wants {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		l.add(where, path)
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // a test's own folder
		l.add(where, string(data))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// strangers calls the process as anybody does who is not its host.
func (l *launched) strangers(t *testing.T) {
	t.Helper()
	var socket string
	err := filepath.WalkDir(l.sockets, func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && path != l.sockets {
			if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%s: %v, %v", path, info, err)
			}
		}
		if d.Type()&fs.ModeSocket != 0 {
			socket = path
		}
		return err
	})
	if err != nil || socket == "" {
		t.Fatalf("no socket: %v", err)
	}
	nobody := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // a stranger cares for nobody's certificate
	own := nobody.Clone()
	own.Certificates = []tls.Certificate{certificate(t)}
	for name, c := range map[string]credentials.TransportCredentials{
		"in clear":                 insecure.NewCredentials(),
		"without a certificate":    credentials.NewTLS(nobody),
		"with another certificate": credentials.NewTLS(own),
	} {
		conn, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(c))
		if err != nil {
			t.Fatal(err)
		}
		_, err = connectorv1.NewConnectorServiceClient(conn).Probe(t.Context(), &connectorv1.ProbeRequest{})
		if status.Code(err) != codes.Unavailable {
			t.Errorf("a call %s: %v, want that there is no connection", name, err)
		}
		_ = conn.Close()
	}
}

// certificate is one that somebody made for themselves.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// crash makes the process print all its stacks and end.
func (l *launched) crash(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(l.plugin.PID(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-l.plugin.Done()
	l.add("end", fmt.Sprint(l.plugin.Err()))
	if !strings.Contains(l.text("stderr"), "goroutine ") {
		t.Error("the process printed no stacks")
	}
}
