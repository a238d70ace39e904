package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// callbackPath is the path of the address to which the browser comes back.
const callbackPath = "/callback"

// loginRun is one sign-in of a person. It asks the tenant itself and starts no
// connector: a connector gets its secrets when a connection is opened, and this
// one has none yet.
type loginRun struct {
	app *app

	file      string
	listen    string
	redirect  string
	noBrowser bool
	timeout   time.Duration
}

// loginNote is the result.
type loginNote struct {
	Tenant           string `json:"tenant"`
	RefreshTokenFile string `json:"refreshTokenFile"`

	advice *connector.Diagnostic
}

func loginCommand(a *app) *cobra.Command {
	l := &loginRun{app: a}
	cmd := &cobra.Command{
		Use:   "login --connection FILE",
		Short: "Sign in with a browser",
		Long: `Sign in to the tenant of a connection file as a person: OAuth 2.0 with an
authorization code and PKCE. A browser opens the tenant's page and comes back to
a loopback address, where this command waits.

The refresh token goes to the file that the connection file names,
"refresh_token": "file:PATH", which only its owner can read. It is never shown.

The application that is registered in Gainsight must know the callback URL,
http://ADDRESS/callback. If it needs a certain port, give it with --listen; if it
knows another URL that leads to this machine, give that with --redirect.`,
		Example: `  gainsight-connector login --connection acme.json
  gainsight-connector login --connection acme.json --listen 127.0.0.1:8750 --no-browser`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context()) },
	}
	connectionFlag(cmd, &l.file)
	flags := cmd.Flags()
	flags.StringVar(&l.listen, "listen", "127.0.0.1:0", "loopback `ADDRESS` to which the browser comes back; port 0 takes a free port")
	flags.StringVar(&l.redirect, "redirect", "", "callback `URL` that the application knows (default http://ADDRESS/callback)")
	flags.BoolVar(&l.noBrowser, "no-browser", false, "print the address of the page only")
	flags.DurationVar(&l.timeout, "timeout", 5*time.Minute, "give up after this long")
	return cmd
}

func (l *loginRun) run(ctx context.Context) error {
	if err := readable("connection", l.file); err != nil {
		return err
	}
	if l.timeout <= 0 {
		return wrongUsage("--timeout is more than 0, not %s", l.timeout)
	}
	manifest := catalog.Connector(actions.Options{}).Manifest()
	settings, remarks, err := host.ReadSettings(l.file, manifest, gainsight.RefreshTokenPointer)
	if err != nil {
		return err
	}
	l.app.remark(remarks...)
	note, err := l.place()
	if err != nil {
		return err
	}
	note.Tenant = settings.Tenant
	listener, redirect, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	transport := gainsight.NewTransport()
	defer transport.CloseIdleConnections()
	sign, err := gainsight.Login(ctx, settings, gainsight.Options{Transport: transport}, redirect.String())
	if err != nil {
		return l.explain(ctx, err)
	}
	l.show(ctx, sign.URL)
	err = serveCallback(ctx, listener, &callback{
		ctx: ctx, path: cmp.Or(redirect.Path, "/"), tenant: settings.Tenant, authorization: sign,
		keep: func(token connector.Secret) error { return host.WriteSecret(note.RefreshTokenFile, token) },
	})
	if err != nil {
		return l.explain(ctx, err)
	}
	if note.advice != nil {
		l.app.remark(*note.advice)
	}
	return l.app.printJSON(note)
}

// open listens for the browser and returns the address that leads there.
func (l *loginRun) open(ctx context.Context) (net.Listener, *url.URL, error) {
	redirect, err := url.Parse(l.redirect)
	if err != nil || l.redirect != "" && (redirect.Host == "" || redirect.Scheme != "http" && redirect.Scheme != "https") {
		return nil, nil, wrongUsage("--redirect %s: it is not an address such as http://localhost:8750/callback", l.redirect)
	}
	if _, _, err := loopback("--listen", l.listen); err != nil {
		return nil, nil, err
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", l.listen)
	if err != nil {
		return nil, nil, fmt.Errorf("wait for the browser: %w", err)
	}
	if l.redirect == "" {
		redirect = &url.URL{Scheme: "http", Host: listener.Addr().String(), Path: callbackPath}
	}
	return listener, redirect, nil
}

// show leads the person to the page.
func (l *loginRun) show(ctx context.Context, address string) {
	_, _ = fmt.Fprintf(l.app.stderr, "open this page to sign in:\n\n%s\n\n", address)
	if l.noBrowser {
		return
	}
	if err := l.app.browse(ctx, address); err != nil {
		_, _ = fmt.Fprintf(l.app.stderr, "no browser could be opened: %v\n", err)
	}
}

// place finds the file for the refresh token, before anybody signs in for
// nothing.
func (l *loginRun) place() (note loginNote, err error) {
	file, err := host.SecretFile(l.file, gainsight.RefreshTokenPointer)
	if err != nil {
		return note, err
	}
	if file == "" {
		file = strings.TrimSuffix(l.file, filepath.Ext(l.file)) + ".refresh_token"
		note.advice = &connector.Diagnostic{
			Severity: connector.SeverityWarning, Pointer: gainsight.RefreshTokenPointer,
			Summary: fmt.Sprintf("write this into auth of %s: \"refresh_token\": \"file:%s\"", l.file, filepath.Base(file)),
		}
	}
	note.RefreshTokenFile = file
	return note, host.CanWriteSecret(file)
}

// explain says why nobody signed in.
func (l *loginRun) explain(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return connector.Errorf(connector.ReasonDeadlineExceeded, "nobody signed in within %s", l.timeout).
			WithHint("Was the page shown, and does the application know the callback URL?")
	case ctx.Err() != nil:
		return connector.Errorf(connector.ReasonCanceled, "the sign-in was interrupted")
	}
	return err
}
