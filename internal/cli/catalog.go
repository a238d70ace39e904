package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func catalogCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "catalog",
		Short: "List the connector's actions",
		Long: `List the connector's actions by group. With --json the whole manifest goes to
stdout: actions with their limits, and the schema of a connection file.`,
		Example: "  gainsight-connector catalog",
		Args:    arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withPlugin(cmd.Context(), func(s *session) error {
				if a.json {
					return a.printJSON(s.manifest)
				}
				_, err := fmt.Fprint(a.stdout, listing(s.manifest))
				return err
			})
		},
	}
}

// listing is the catalog as a person reads it.
func listing(m connector.Manifest) string {
	t := table{indent: "  "}
	t.add("TITLE", "ID", "EFFECT", "DOCTYPE", "EVIDENCE", "MODE")
	group := ""
	for _, action := range m.Actions {
		if action.Group != group {
			group = action.Group
			t.heading(group)
		}
		t.add(action.Title, action.ID, words(action.Effect), words(action.DoctypeLookup), words(action.Evidence), words(action.Mode))
	}
	return fmt.Sprintf("%s %s, %s (API %s, %s)\n\n%s",
		m.Title, m.Version, plural(len(m.Actions), "action"), m.APIVersion, m.APIType, t.String())
}

// words writes an enum of the manifest for people.
func words[E ~string](e E) string {
	if e == E(connector.DoctypeNotApplicable) {
		return "n/a"
	}
	return strings.ReplaceAll(string(e), "_", " ")
}
