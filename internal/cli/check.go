package cli

import "github.com/spf13/cobra"

func checkCommand(a *app) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "check --connection FILE",
		Short: "Test a connection",
		Long: `Test a connection for real: one cheap, read-only call to the tenant with the
credentials of the connection file. The result also lists the tenant's call
budgets: what they allow, what is left as far as the connector's process knows,
and the setting that changes each; and the fields for whose lack the tenant has
refused records, as the connection file hands them back ("observed").`,
		Example: "  gainsight-connector check --connection acme.json",
		Args:    arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withConnection(cmd.Context(), file, func(s *session) error {
				p := a.progress("the connection of " + s.conn.Tenant())
				check, err := s.conn.Check(cmd.Context())
				p.stop()
				if err != nil {
					return err
				}
				a.remark(check.Diagnostics...)
				a.report.Stats = &check.Stats
				return writeIndented(a.stdout, check.Report)
			})
		},
	}
	connectionFlag(cmd, &file)
	return cmd
}

func connectionFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "connection", "", "`FILE` with a tenant's address and credentials")
}
