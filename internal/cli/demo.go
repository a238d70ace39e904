package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func demoCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "A tour that needs nothing: simulated tenants, the connector's process, its actions",
		Long: `Start two simulated tenants and the connector's process, and show what it does:
its catalog, a tenant's own fields in a schema, records written, refused and
failed, and a bulk export. Nothing leaves this machine and nothing stays on it.`,
		Example: "  gainsight-connector demo",
		Args:    arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return (&demo{app: a}).run(cmd.Context())
		},
	}
}

// demo is one tour.
type demo struct {
	app *app

	servers  []*tenantServer
	session  session
	acme     *host.Connection
	globex   *host.Connection
	severity string // an option of acme's own field Severity
	lines    []string
}

// step is one thing that the tour does.
type step struct {
	title string
	do    func(context.Context) error
}

func (d *demo) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, d.close(context.WithoutCancel(ctx))) }()
	steps := []step{
		{"Two simulated tenants on this machine", d.startTenants},
		{"The connector as a child process, over gRPC with mutual TLS", d.startPlugin},
		{"Its catalog", d.showCatalog},
		{"The schema of cta.create has each tenant's own fields", d.showFields},
		{"A record that breaks the schema is refused before any call", d.breakSchema},
		{"A Call to Action, written and read back", d.createOne},
		{"Three records, one of which the tenant refuses", d.createSome},
		{"A bulk export to a file", d.export},
	}
	for i, s := range steps {
		d.lines = nil
		began := d.app.now()
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, strings.ToLower(s.title[:1])+s.title[1:], err)
		}
		head := fmt.Sprintf("%d. %s", i+1, s.title)
		lines := append([]string{fmt.Sprintf("%-80s %10s", head, duration(d.app.now().Sub(began)))}, d.lines...)
		if _, err := fmt.Fprintln(d.app.stdout, strings.Join(lines, "\n   ")); err != nil {
			return err
		}
	}
	_, err = fmt.Fprint(d.app.stdout, byHand)
	return err
}

// byHand is how to do the same with the other commands.
const byHand = `
The same by hand; the second in a terminal of its own:
   go build ./cmd/gainsight-connector
   ./gainsight-connector sandbox --write-connections .
   ./gainsight-connector check --connection acme.json
   ./gainsight-connector describe cta.create --connection acme.json
   ./gainsight-connector options cta.create '/records/*/reason' --connection acme.json
   echo '{"select": ["Name"]}' | ./gainsight-connector run cta.list --connection acme.json --input -
For a tenant of your own, acme.json is:
   {"tenant": "acme", "base_url": "https://acme.gainsightcloud.com",
    "auth": {"type": "access_key", "access_key": "env:GAINSIGHT_ACCESS_KEY"}}
`

// sayf adds a line to the step.
func (d *demo) sayf(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *demo) close(ctx context.Context) error {
	var errs []error
	if d.session.plugin != nil {
		errs = append(errs, d.session.plugin.Close()) //nolint:contextcheck // closing has its own deadline
	}
	for _, s := range d.servers {
		errs = append(errs, s.close(ctx))
	}
	return errors.Join(errs...)
}

func (d *demo) startTenants(ctx context.Context) error {
	for _, seed := range []sandbox.Seed{sandbox.Acme(), sandbox.Globex()} {
		s, err := serveTenant(ctx, seed, "127.0.0.1:0", &sandbox.Options{JobPolls: 1})
		if err != nil {
			return err
		}
		d.servers = append(d.servers, s)
	}
	d.sayf("acme at %s, globex at %s", d.servers[0].url, d.servers[1].url)
	return nil
}

func (d *demo) startPlugin(ctx context.Context) error {
	p, err := d.app.launch(ctx, nil)
	if err != nil {
		return err
	}
	d.session.plugin = p
	if d.acme, err = d.open(ctx, d.servers[0]); err != nil {
		return err
	}
	if d.globex, err = d.open(ctx, d.servers[1]); err != nil {
		return err
	}
	d.sayf("process %d, instance %s, two connections", p.PID(), p.InstanceID())
	d.sayf("sha256 of the binary %s", p.Digest())
	return nil
}

// open opens a connection to a tenant.
func (d *demo) open(ctx context.Context, s *tenantServer) (*host.Connection, error) {
	settings, err := s.settings()
	if err != nil {
		return nil, err
	}
	return d.session.plugin.Open(ctx, settings)
}

func (d *demo) showCatalog(ctx context.Context) error {
	manifest, err := d.session.plugin.Manifest(ctx)
	if err != nil {
		return err
	}
	d.session.manifest = manifest
	d.sayf("%s %s, %s:", manifest.Title, manifest.Version, plural(len(manifest.Actions), "action"))
	var groups []string
	sizes := map[string]int{}
	for _, a := range manifest.Actions {
		if sizes[a.Group] == 0 {
			groups = append(groups, a.Group)
		}
		sizes[a.Group]++
	}
	for some := range slices.Chunk(groups, 3) {
		for i, g := range some {
			some[i] = fmt.Sprintf("%s %d", g, sizes[g])
		}
		d.sayf("%s", strings.Join(some, ", "))
	}
	return nil
}
