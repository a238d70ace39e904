package cli

import (
	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func optionsCommand(a *app) *cobra.Command {
	var file string
	req := connector.OptionsRequest{}
	cmd := &cobra.Command{
		Use:   "options ACTION POINTER --connection FILE",
		Short: "List the values that a field can take",
		Long: `List the values that a field can take in a tenant. POINTER is the JSON Pointer of
the field in the action's input, with * for any array index, as the schema's
x-connector.lookup.pointer gives it.

Values with "inactive" are found in stored records, but new ones may not have
them. "id" is the tenant's id of a value that goes by its name. Records that a
lookup can name, such as users and companies, are searched in the tenant.`,
		Example: `  gainsight-connector options cta.create '/records/*/reason' --connection acme.json --select type=Risk
  gainsight-connector options cta.create '/records/*/OwnerEmail' --connection acme.json --query berg`,
		Args: arguments("ACTION", "POINTER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			req.Action, req.Pointer = args[0], args[1]
			if req.PageSize < 1 || req.PageSize > connector.MaxPageSize {
				return wrongUsage("--page-size is 1 to %d, not %d", connector.MaxPageSize, req.PageSize)
			}
			return a.withConnection(cmd.Context(), file, func(s *session) error {
				if _, err := s.action(req.Action); err != nil {
					return err
				}
				p := a.progress("options of " + req.Pointer)
				page, err := s.conn.Options(cmd.Context(), req)
				p.stop()
				if err != nil {
					return hintSelect(err)
				}
				if page.Options == nil {
					page.Options = []connector.Option{} // a list, and not null, for programs
				}
				return a.printJSON(page)
			})
		},
	}
	connectionFlag(cmd, &file)
	cmd.Flags().StringToStringVar(&req.Selectors, selectFlag, nil, "`key=value` of a field that the options depend on; may be repeated")
	hideDefault(cmd.Flags(), selectFlag)
	cmd.Flags().StringVar(&req.Query, "query", "", "only options whose label or value contains these `words`")
	cmd.Flags().IntVar(&req.PageSize, "page-size", connector.DefaultPageSize, "most options in one page")
	cmd.Flags().StringVar(&req.PageToken, "page-token", "", "nextPageToken of the previous page")
	return cmd
}
