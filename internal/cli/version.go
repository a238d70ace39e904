package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
)

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version of the connector, of Go and, if it is known, of the source.",
		Example: "  gainsight-connector version",
		Args:    arguments(),
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintln(a.stdout, versionLine(info))
			return err
		},
	}
}

func versionLine(info *debug.BuildInfo) string {
	line := programName + " " + catalog.Version
	if info == nil {
		return line
	}
	line += ", " + info.GoVersion
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision := settings["vcs.revision"]; revision != "" {
		line += ", revision " + revision
	}
	if settings["vcs.modified"] == "true" {
		line += " with changes"
	}
	return line
}
