package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
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

func describeCommand(a *app) *cobra.Command {
	var file, side string
	req := connector.DescribeRequest{}
	cmd := &cobra.Command{
		Use:   "describe ACTION",
		Short: "Print the JSON Schema of an action",
		Long: `Print the JSON Schema of an action's input or output. With a connection it has
the tenant's own fields, their types and options; without, what can be said of
every tenant.`,
		Example: `  gainsight-connector describe cta.create --connection acme.json
  gainsight-connector describe cta.list --side output`,
		Args: arguments("ACTION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if side != "input" && side != "output" {
				return wrongUsage("--side is input or output, not %q", side)
			}
			req.Action = args[0]
			description, err := a.describe(cmd.Context(), file, req)
			if err != nil {
				return err
			}
			a.remark(description.Diagnostics...)
			if side == "output" {
				return writeIndented(a.stdout, description.Output)
			}
			return writeIndented(a.stdout, description.Input)
		},
	}
	connectionFlag(cmd, &file)
	cmd.Flags().StringToStringVar(&req.Selectors, selectFlag, nil, "`key=value` of a selector that the schema depends on; may be repeated")
	hideDefault(cmd.Flags(), selectFlag)
	cmd.Flags().StringVar(&side, "side", "input", "which schema: input or output")
	return cmd
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
