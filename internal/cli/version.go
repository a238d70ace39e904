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
			v := versionOf(info)
			if a.json {
				return a.printJSON(v)
			}
			_, err := fmt.Fprintln(a.stdout, v)
			return err
		},
	}
}

// buildVersion is what a binary knows of its making.
type buildVersion struct {
	Version string `json:"version"`
	// Go is the version of Go that built it. Empty: not known, as the others.
	Go string `json:"go,omitempty"`
	// Revision is that of the source; Modified is set if there were changes.
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
}

func versionOf(info *debug.BuildInfo) buildVersion {
	v := buildVersion{Version: catalog.Version}
	if info == nil {
		return v
	}
	v.Go = info.GoVersion
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

// String is a line for people.
func (v buildVersion) String() string {
	line := programName + " " + v.Version
	if v.Go != "" {
		line += ", " + v.Go
	}
	if v.Revision != "" {
		line += ", revision " + v.Revision
	}
	if v.Modified {
		line += " with changes"
	}
	return line
}
