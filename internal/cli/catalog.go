package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func catalogCommand(a *app) *cobra.Command {
	markdown := false
	cmd := &cobra.Command{
		Use:   "catalog",
		Short: "List the connector's actions",
		Long: `List the connector's actions by group. With --json the whole manifest goes to
stdout: actions with their limits, and the schema of a connection file. With
--markdown it is a page: a table of the actions, and the smallest input of each.`,
		Example: `  gainsight-connector catalog
  gainsight-connector catalog --markdown > actions.md`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withPlugin(cmd.Context(), func(s *session) error {
				var text string
				switch {
				case markdown:
					var err error
					if text, err = s.markdown(cmd.Context()); err != nil {
						return err
					}
				case a.json:
					return a.printJSON(s.manifest)
				default:
					text = listing(s.manifest)
				}
				_, err := fmt.Fprint(a.stdout, text)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "write the catalog as a page of Markdown")
	return cmd
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
	api := ""
	if m.APIVersion != "" {
		api = fmt.Sprintf(" (API %s, %s)", m.APIVersion, m.APIType)
	}
	return fmt.Sprintf("%s %s, %s%s\n\n%s", m.Title, m.Version, plural(len(m.Actions), "action"), api, t.String())
}

// words writes an enum of the manifest for people.
func words[E ~string](e E) string {
	if e == E(connector.DoctypeNotApplicable) {
		return "n/a"
	}
	return strings.ReplaceAll(string(e), "_", " ")
}
