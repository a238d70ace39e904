package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// schemaNote says where a schema comes from.
type schemaNote struct {
	// Tenant is empty for the static schema.
	Tenant string `json:"tenant,omitempty"`
	// FetchedAt is when the tenant's metadata were read.
	FetchedAt *time.Time `json:"fetchedAt,omitempty"`
	ETag      string     `json:"etag,omitempty"`

	age time.Duration
}

// line says it in words.
func (n *schemaNote) line() string {
	switch {
	case n == nil:
		return ""
	case n.Tenant == "":
		return "the schema without a tenant's own fields; --connection FILE adds them"
	case n.FetchedAt == nil:
		return "the schema is the same for all tenants"
	}
	return fmt.Sprintf("the schema of tenant %s; its metadata were read %s ago", n.Tenant, duration(n.age))
}

// describeRun is one run of the command.
type describeRun struct {
	app *app
	req connector.DescribeRequest

	file, side string
	save, from string
	usedBy     string
	objects    []string
}

// The sides of an action that have a schema.
const (
	sideInput  = "input"
	sideOutput = "output"
)

func describeCommand(a *app) *cobra.Command {
	r := &describeRun{app: a}
	cmd := &cobra.Command{
		Use:   "describe ACTION",
		Short: "Print the JSON Schema of an action, or save what it comes from",
		Long: `Print the JSON Schema of an action's input or output. With a connection it has
the tenant's own fields, their types and options; without, what can be said of
every tenant.

With --save, the tenant's metadata go into a file: the objects behind the named
actions, or behind all, those they look up, picklists and configuration; no
credentials and no records. With --from such a file, the schema is that of the
tenant as it was then, and no tenant is asked. sandbox --from makes a simulated
tenant of it.

With --fingerprint, what is printed instead is what to keep of the input schema
with a step of a flow, so that run --built-with can tell later whether a field
that the step uses has changed; with --used-by, of what that input uses alone.`,
		Example: `  gainsight-connector describe cta.create --connection acme.json
  gainsight-connector describe cta.list --side output
  gainsight-connector describe --save acme.snapshot.json --connection acme.json
  gainsight-connector describe cta.create --from acme.snapshot.json
  gainsight-connector describe cta.create --connection acme.json --fingerprint > step.fingerprint`,
		Args: func(cmd *cobra.Command, args []string) error {
			if r.save != "" {
				return nil
			}
			return arguments("ACTION")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), args) },
	}
	connectionFlag(cmd, &r.file)
	flags := cmd.Flags()
	flags.StringToStringVar(&r.req.Selectors, selectFlag, nil, "`key=value` of a selector that the schema depends on; may be repeated")
	hideDefault(flags, selectFlag)
	flags.BoolVar(&r.req.Fingerprint, "fingerprint", false, "print the fingerprint of the input schema")
	flags.StringVar(&r.usedBy, "used-by", "", "with --fingerprint, `FILE` with an input: only what that uses")
	flags.StringVar(&r.side, "side", sideInput, "which schema: input or output")
	flags.StringVar(&r.save, "save", "", "write the tenant's metadata to `FILE`")
	flags.StringSliceVar(&r.objects, "objects", nil, "with --save, objects to save beside those of the actions: `NAME,...`")
	flags.StringVar(&r.from, "from", "", "describe the tenant whose metadata are in `FILE`")
	return cmd
}

func (r *describeRun) run(ctx context.Context, args []string) error {
	switch {
	case r.side != sideInput && r.side != sideOutput:
		return wrongUsage("--side is input or output, not %q", r.side)
	case r.from != "" && (r.file != "" || r.save != ""):
		return wrongUsage("--from needs no tenant: leave --connection and --save out")
	case r.save == "" && len(r.objects) > 0:
		return wrongUsage("--objects goes with --save")
	case r.req.Fingerprint && (r.save != "" || r.side != sideInput):
		return wrongUsage("--fingerprint is of the input schema of an action: leave --save and --side out")
	case r.usedBy != "" && !r.req.Fingerprint:
		return wrongUsage("--used-by goes with --fingerprint")
	case r.save != "" && len(r.req.Selectors) > 0:
		return wrongUsage("--select goes with the schema of an action, not with --save")
	case r.save != "" && r.side != sideInput:
		return wrongUsage("--side goes with the schema of an action, not with --save")
	case r.save != "":
		if err := readable("connection", r.file); err != nil {
			return err
		}
		return r.app.saveSnapshot(ctx, r.file, r.save, args, r.objects)
	}
	r.req.Action = args[0]
	if r.usedBy != "" {
		if err := r.readUsedBy(); err != nil {
			return err
		}
	}
	return r.describe(ctx)
}

// readUsedBy reads the input of --used-by.
func (r *describeRun) readUsedBy() error {
	data, err := readNamed("used-by", r.usedBy)
	if err != nil {
		return err
	}
	input, err := schema.Decode(data)
	if err != nil {
		return wrongUsage("--used-by %s: %v", r.usedBy, err)
	}
	if _, ok := input.(map[string]any); !ok {
		return wrongUsage("--used-by %s: the input of an action is an object", r.usedBy)
	}
	r.req.UsedBy = data
	return nil
}

// describe prints what there is to say of the action.
func (r *describeRun) describe(ctx context.Context) error {
	describe := r.app.describe
	file := r.file
	if r.from != "" {
		describe, file = r.app.describeFrom, r.from
	}
	p := r.app.progress("the schema of " + r.req.Action)
	d, err := describe(ctx, file, r.req)
	p.stop()
	if err != nil {
		return err
	}
	r.app.remark(d.Diagnostics...)
	switch {
	case r.req.Fingerprint && d.Fingerprint == "":
		return connector.Errorf(connector.ReasonUnsupported, "the connector knows no fingerprints of schemas")
	case r.req.Fingerprint:
		_, err := fmt.Fprintln(r.app.stdout, d.Fingerprint)
		return err
	case r.side == sideOutput:
		return writeIndented(r.app.stdout, d.Output)
	}
	return writeIndented(r.app.stdout, d.Input)
}

// describe asks the connection that a file describes, or the connector itself
// if there is no file.
func (a *app) describe(ctx context.Context, file string, req connector.DescribeRequest) (d connector.Description, err error) {
	if file == "" {
		err = a.withPlugin(ctx, func(s *session) error {
			action, err := s.action(req.Action)
			if err != nil {
				return err
			}
			if d, err = s.plugin.Describe(ctx, req); err == nil && action.SchemaScope == connector.ScopeConnection {
				a.report.Schema = &schemaNote{ETag: d.ETag}
			}
			return err
		})
		return d, err
	}
	err = a.withConnection(ctx, file, func(s *session) error {
		if _, err := s.action(req.Action); err != nil {
			return err
		}
		if d, err = s.conn.Describe(ctx, req); err != nil {
			return err
		}
		a.report.Schema = &schemaNote{Tenant: s.conn.Tenant(), ETag: d.ETag, age: a.now().Sub(d.FetchedAt)}
		if !d.FetchedAt.IsZero() {
			a.report.Schema.FetchedAt = &d.FetchedAt
		}
		return nil
	})
	return d, err
}
