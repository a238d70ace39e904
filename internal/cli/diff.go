package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

// diffRun is one run of the command.
type diffRun struct {
	app *app

	connection string
	actions    []string
	selectors  map[string]string
}

func diffCommand(a *app) *cobra.Command {
	r := &diffRun{app: a}
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Tell how schemas have changed",
		Long: `Compare two schemas that describe printed, two snapshots that describe --save
wrote, or one of them with the tenant of a connection: fields that were added,
removed, renamed, retyped or are newly required, limits, and options.

Of snapshots all actions are compared whose schema depends on the tenant, or
those that --action names. A schema by itself does not say whose it is: to hold
one to a tenant, name its action. OLD may also be a fingerprint, which does.

Exit codes: 0 nothing differs, 1 the comparison failed, 2 wrong usage,
3 something differs.`,
		Example: `  gainsight-connector diff before.snapshot.json after.snapshot.json
  gainsight-connector diff before.snapshot.json --connection acme.json
  gainsight-connector diff cta.schema.json --action cta.create --connection acme.json`,
		Args: arguments("OLD", "[NEW]"),
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&r.connection, "connection", "", "compare with the tenant of the connection in `FILE`")
	flags.StringSliceVar(&r.actions, "action", nil, "compare only this action: `ID,...`")
	flags.StringToStringVar(&r.selectors, selectFlag, nil, "`key=value` of a selector that the schema depends on; may be repeated")
	hideDefault(flags, selectFlag)
	return cmd
}

func (r *diffRun) run(ctx context.Context, args []string) error {
	if (len(args) == 2) == (r.connection != "") {
		return wrongUsage("give OLD and NEW, or OLD and --connection FILE")
	}
	older, err := readEdition(args[0])
	if err != nil {
		return err
	}
	var newer *edition
	if r.connection != "" {
		if err := readable("connection", r.connection); err != nil {
			return err
		}
	} else if newer, err = readEdition(args[1]); err != nil {
		return err
	}
	all, err := r.compare(ctx, older, newer)
	if err != nil {
		return err
	}
	return r.tell(all)
}

// compare returns the differences between what a file says and what another one
// or, if that is nil, the tenant does.
func (r *diffRun) compare(ctx context.Context, older, newer *edition) ([]difference, error) {
	switch {
	case newer != nil && newer.fingerprint != nil:
		return nil, wrongUsage("a fingerprint can only be OLD: it does not say enough of what is new")
	case newer != nil && (older.snapshot == nil) != (newer.snapshot == nil):
		return nil, wrongUsage("a schema and a snapshot cannot be compared; give two of a kind")
	case newer != nil && older.snapshot == nil:
		return r.single(older, newer)
	case older.snapshot != nil:
		return r.snapshots(ctx, older, newer)
	}
	return r.live(ctx, older)
}

// difference is the changes of one schema.
type difference struct {
	// Action is empty for schemas that do not say whose they are.
	Action string `json:"action,omitempty"`
	// Side is input or output. Empty: not known.
	Side    string          `json:"side,omitempty"`
	Changes []schema.Change `json:"changes"`
}

// tell writes the differences.
func (r *diffRun) tell(all []difference) error {
	all = slices.DeleteFunc(all, func(d difference) bool { return len(d.Changes) == 0 })
	note := &diffNote{Schemas: len(all)}
	for _, d := range all {
		note.Changes += len(d.Changes)
	}
	r.app.report.Diff = note
	if r.app.json {
		return r.app.printJSON(map[string]any{"differences": append([]difference{}, all...)})
	}
	if len(all) == 0 {
		return nil
	}
	t := table{}
	t.add("CHANGE", "FIELD", "LABEL", "WAS", "IS")
	for _, d := range all {
		if d.Action != "" {
			t.heading(d.Action + ", " + d.Side)
		}
		for _, c := range d.Changes {
			t.add(string(c.Kind), c.Pointer, c.Label, c.Old, c.New)
		}
	}
	_, err := io.WriteString(r.app.stdout, t.String())
	return err
}

// diffNote counts what differs.
type diffNote struct {
	Changes int `json:"changes"`
	Schemas int `json:"schemas"`
}

func (n *diffNote) line() string {
	switch {
	case n == nil:
		return ""
	case n.Changes == 0:
		return "nothing differs"
	}
	return fmt.Sprintf("%s in %s", plural(n.Changes, "change"), plural(n.Schemas, "schema"))
}
