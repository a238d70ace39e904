package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// sandboxRun is one run of the simulated tenants.
type sandboxRun struct {
	app *app

	addr    string
	tenant  string
	from    string
	dir     string
	auth    string
	rows    int
	freely  bool
	latency time.Duration
	forms   formFlag
	fault   faultFlags
}

func sandboxCommand(a *app) *cobra.Command {
	r := &sandboxRun{app: a}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the simulated tenants",
		Long: `Serve two simulated Gainsight tenants that differ: acme at --addr and globex at
the next port. They keep what is written until they end, and refuse what the
vendor would refuse, limits on calls included.

A connection file for each goes to stdout, or into files with --write-connections.
Its credentials are fake, and only loopback addresses are served. --auth chooses
how the file signs in; for oauth_authorization_code, the command login comes next.

With --from, the tenant is one whose metadata describe --save has put into a
file: its fields, picklists and configuration, with a few made-up records.

Where the vendor's documentation contradicts itself or is silent, --form chooses
how the tenants answer; --form list prints what there is to choose.`,
		Example: `  gainsight-connector sandbox --write-connections .
  gainsight-connector sandbox --tenant acme --latency 50ms --fault throttled --fault-after 10 --fault-times 2
  gainsight-connector sandbox --form bulk-header=authentication --form dates=millis
  gainsight-connector sandbox --auth oauth_authorization_code --write-connections .
  gainsight-connector sandbox --from acme.snapshot.json --write-connections .`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return r.run(cmd.Context()) },
	}
	flags := cmd.Flags()
	flags.StringVar(&r.addr, "addr", "127.0.0.1:8088", "loopback `ADDRESS` to serve at; port 0 takes free ports")
	flags.StringVar(&r.tenant, "tenant", "", "serve only this tenant: acme or globex")
	flags.StringVar(&r.from, "from", "", "serve a tenant made of the metadata in `FILE`, and no other")
	flags.StringVar(&r.dir, "write-connections", "",
		"write the connection file of each tenant, such as acme.json, for its owner only, into `DIR`,\nwhich is made if it is not there")
	flags.StringVar(&r.auth, "auth", string(gainsight.AuthAccessKey), "`KIND` of sign-in of the connection files:\n"+strings.Join(authKinds(), ", "))
	flags.IntVar(&r.rows, "export-rows", 1_000_000, "rows of the generated object usage__gc")
	flags.BoolVar(&r.freely, "no-limits", false, "do not enforce the vendor's limits on calls")
	flags.DurationVar(&r.latency, "latency", 0, "answer each request this much later, such as 50ms")
	flags.StringArrayVar((*[]string)(&r.forms), "form", nil, "answer in another form: `NAME=VALUE`, may be repeated; "+listForms+" prints all")
	r.fault.register(flags)
	return cmd
}

func (r *sandboxRun) run(ctx context.Context) (err error) {
	if r.forms.listed() {
		_, err := io.WriteString(r.app.stdout, formListing())
		return err
	}
	if err := r.problem(); err != nil {
		return err
	}
	places, err := r.places()
	if err != nil {
		return err
	}
	forms, err := r.forms.forms()
	if err != nil {
		return err
	}
	faults, err := r.faults(forms)
	if err != nil {
		return err
	}
	var servers []*tenantServer
	defer func() {
		for _, s := range servers {
			err = errors.Join(err, s.close(context.WithoutCancel(ctx)))
		}
	}()
	for _, p := range places {
		server, err := serveTenant(ctx, p.seed, p.addr, r.options(forms))
		if err != nil {
			return &usageError{message: err.Error(), hint: "--addr 127.0.0.1:0 takes free ports"}
		}
		server.kept = p.kept
		servers = append(servers, server)
		for _, f := range faults {
			server.tenant.Inject(f)
		}
	}
	var notes []servingNote
	for _, server := range servers { // once all have their addresses
		note, err := r.announce(server)
		if err != nil {
			return err
		}
		notes = append(notes, note)
	}
	if err := r.ready(notes); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// servingNote is a tenant that is served.
type servingNote struct {
	Tenant  string `json:"tenant"`
	BaseURL string `json:"base_url"`
	// File is its connection file. Empty: that is on stdout.
	File string `json:"file,omitempty"`
}

// ready says that all tenants are served.
func (r *sandboxRun) ready(notes []servingNote) error {
	if r.app.json {
		return json.NewEncoder(r.app.stderr).Encode(map[string]any{"serving": notes})
	}
	_, err := fmt.Fprintln(r.app.stderr, "serving until interrupted")
	return err
}

// sayf tells people; programs are told when all is ready.
func (r *sandboxRun) sayf(format string, args ...any) {
	if !r.app.json {
		_, _ = fmt.Fprintf(r.app.stderr, format, args...)
	}
}

// problem says which of the flags has a value that makes no sense, if any.
func (r *sandboxRun) problem() error {
	switch {
	case r.rows < 0:
		return wrongUsage("--export-rows is 0 or more, not %d", r.rows)
	case !slices.Contains(authKinds(), r.auth):
		e := wrongUsage("--auth is one of %s, not %q", strings.Join(authKinds(), ", "), r.auth)
		e.hint = nearest.Hint(r.auth, authKinds())
		return e
	case r.latency < 0:
		return wrongUsage("--latency is 0 or more, not %s", r.latency)
	}
	return r.fault.problem()
}

// authKinds are the ways to sign in to the tenants.
func authKinds() []string {
	return []string{string(gainsight.AuthAccessKey), string(gainsight.AuthClientCredentials), string(gainsight.AuthAuthorizationCode)}
}

func (r *sandboxRun) options(forms sandbox.Forms) *sandbox.Options {
	o := &sandbox.Options{ExportRows: r.rows, Forms: forms}
	if r.rows == 0 {
		o.ExportRows = -1 // the sandbox's word for none
	}
	if r.freely {
		o.Limits = &sandbox.Limits{}
	}
	return o
}

// place is where a tenant is served.
type place struct {
	tenant
	addr string
}

// tenant is a tenant to serve, with the settings that a connection to it needs.
type tenant struct {
	seed sandbox.Seed
	kept map[string]json.RawMessage
}

// places spreads the tenants over ports.
func (r *sandboxRun) places() ([]place, error) {
	name, port, err := loopback("--addr", r.addr)
	if err != nil {
		return nil, err
	}
	tenants, err := r.tenants()
	if err != nil {
		return nil, err
	}
	places := make([]place, len(tenants))
	for i, t := range tenants {
		at := 0
		if port != 0 {
			at = port + i
		}
		if at > 65535 {
			return nil, wrongUsage("--addr %s leaves no port for tenant %s", r.addr, t.seed.Name)
		}
		places[i] = place{tenant: t, addr: net.JoinHostPort(name, strconv.Itoa(at))}
	}
	return places, nil
}

// tenants are those to serve.
func (r *sandboxRun) tenants() ([]tenant, error) {
	if r.from != "" {
		if r.tenant != "" {
			return nil, wrongUsage("--tenant chooses among the tenants of the sandbox; --from has one of its own")
		}
		saved, err := loadSnapshot(r.from)
		if err != nil {
			return nil, err
		}
		return []tenant{{twinOf(saved), saved.Settings}}, nil
	}
	all := []tenant{{seed: sandbox.Acme()}, {seed: sandbox.Globex()}}
	switch r.tenant {
	case "":
		return all, nil
	case all[0].seed.Name:
		return all[:1], nil
	case all[1].seed.Name:
		return all[1:], nil
	}
	return nil, wrongUsage("--tenant is %s or %s, not %q", all[0].seed.Name, all[1].seed.Name, r.tenant)
}

// loopback takes an address apart and refuses one that other machines reach.
func loopback(flag, addr string) (name string, port int, err error) {
	name, digits, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, wrongUsage("%s %s: it is not HOST:PORT", flag, addr)
	}
	port, err = strconv.Atoi(digits)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, wrongUsage("%s %s: the port is a number up to 65535", flag, addr)
	}
	if name == "localhost" {
		name = "127.0.0.1"
	}
	if ip := net.ParseIP(name); ip == nil || !ip.IsLoopback() {
		e := wrongUsage("%s %s: this is for loopback addresses only", flag, addr)
		e.hint = flag + " 127.0.0.1:" + digits
		return "", 0, e
	}
	return name, port, nil
}

// announce hands out a connection file.
func (r *sandboxRun) announce(s *tenantServer) (servingNote, error) {
	c := s.connection(gainsight.AuthKind(r.auth))
	note := servingNote{Tenant: c.Tenant, BaseURL: c.BaseURL}
	if r.dir == "" {
		r.sayf("tenant %s is at %s; its connection file:\n", c.Tenant, c.BaseURL)
		return note, r.app.printJSON(c)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return note, err
	}
	path := filepath.Join(r.dir, c.Tenant+".json")
	if old, err := os.ReadFile(path); err == nil && !s.wrote(old) { //nolint:gosec // the person at the command line names the folder
		return note, wrongUsage("--write-connections: %s is there and not of the sandbox; it stays as it is", path)
	}
	err := os.MkdirAll(r.dir, 0o700)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err == nil {
		err = os.Chmod(path, 0o600) // the file may have been there
	}
	if err != nil {
		return note, wrongUsage("--write-connections: %v", err)
	}
	r.sayf("tenant %s is at %s; its connection file is %s\n", c.Tenant, c.BaseURL, path)
	note.File = path
	return note, nil
}
