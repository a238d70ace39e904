package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// writesWarning is what --writes means.
const writesWarning = "--writes sends requests without records to operations that write. " +
	"That they change nothing is inferred, not documented: use a test tenant."

// jobsWarning is what --jobs means.
const jobsWarning = "--jobs submits export jobs, at most three. The tenant takes ten an hour, from all of its integrations together."

// probing is one run of the command.
type probing struct {
	app        *app
	connection string
	check      connector.ThoroughCheck
}

func probeCommand(a *app) *cobra.Command {
	p := &probing{app: a}
	cmd := &cobra.Command{
		Use:   "probe --connection FILE",
		Short: "Test what the connector assumes about a tenant",
		Long: `Test what the connector assumes about a tenant because no documentation tells
it: paths, forms, keys, codes. Each assumption holds, differs or could not be
told; for what differs the setting is printed that mends it, after the tenant
has answered as it should with exactly that setting. With --json the findings
go to stdout as JSON.

A probe reads: at most 40 requests, none of which names a record. Some things
only an operation that writes can tell; with --writes such operations are sent
requests without records, at most 40 more. What is assumed about exports only a
job can tell, of which a tenant takes ten an hour; with --jobs at most three are
submitted, for one row of --object.

Exit codes: 0 nothing differs, 1 the probe failed, 3 something differs.`,
		Example: `  gainsight-connector probe --connection acme.json
  gainsight-connector probe --connection acme.json --only tasks --only goals`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.run(cmd.Context()) },
	}
	connectionFlag(cmd, &p.connection)
	flags := cmd.Flags()
	flags.StringVar(&p.check.Object, "object", "company", "`OBJECT` to look at where any will do")
	flags.StringSliceVar(&p.check.Groups, "only", nil, "test the assumptions of this `GROUP` only; may be repeated")
	flags.BoolVar(&p.check.Writes, "writes", false, "send requests without records to operations that write as well")
	flags.BoolVar(&p.check.Jobs, "jobs", false, "submit export jobs as well, at most three")
	return cmd
}

func (p *probing) run(ctx context.Context) error {
	a := p.app
	return a.withConnection(ctx, p.connection, func(s *session) error {
		if p.check.Writes {
			p.warn(writesWarning)
		}
		if p.check.Jobs {
			p.warn(jobsWarning)
		}
		progress := a.progress("probe")
		check, err := s.conn.CheckThoroughly(ctx, p.check)
		progress.stop()
		if err != nil {
			return err
		}
		var found connector.Findings
		if err := json.Unmarshal(check.Report, &found); err != nil {
			return fmt.Errorf("the connector's findings are not what a host expects: %w", err)
		}
		a.remark(check.Diagnostics...)
		a.report.Stats, a.report.Probe = &check.Stats, noteOf(found)
		if a.json {
			return writeIndented(a.stdout, check.Report)
		}
		return p.write(a.stdout, found)
	})
}

// warn says what a flag means, before anything is sent.
func (p *probing) warn(text string) {
	if p.app.json { // stderr is one object then
		p.app.remark(connector.Diagnostic{Severity: connector.SeverityWarning, Summary: text})
		return
	}
	_, _ = fmt.Fprintln(p.app.stderr, "warning: "+text)
}

// write prints findings for people: all of them in a table, then what differs
// with what mends it.
func (p *probing) write(w io.Writer, found connector.Findings) error {
	t := table{indent: "  "}
	t.add("ASSUMPTION", "VERDICT", "GROUNDS", "CURRENT")
	group := ""
	for _, a := range found.Assumptions {
		if a.Group != group {
			group = a.Group
			t.heading(group)
		}
		t.add(a.ID, words(a.Verdict), words(a.Evidence), a.Default)
	}
	var b strings.Builder
	b.WriteString(t.String())
	section(&b, "What differs", found, connector.VerdictDiffers)
	section(&b, "What could not be told", found, connector.VerdictUnknown)
	if settings := strings.TrimSpace(string(found.Settings)); settings != "" && settings != "{}" {
		fmt.Fprintf(&b, "\nMerge this into %s:\n", p.connection)
		if err := writeIndented(&b, found.Settings); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// section lists the assumptions of a verdict with what was observed.
func section(b *strings.Builder, title string, found connector.Findings, verdict connector.Verdict) {
	for _, a := range found.Assumptions {
		if a.Verdict != verdict {
			continue
		}
		if title != "" {
			fmt.Fprintf(b, "\n%s:\n", title)
			title = ""
		}
		fmt.Fprintf(b, "  %s: %s\n", a.ID, a.Observed)
		for _, s := range a.Settings {
			fmt.Fprintf(b, "    set %s to %s\n", s.Pointer, s.Value)
		}
		if verdict == connector.VerdictDiffers && len(a.Settings) == 0 {
			b.WriteString("    no setting is known that mends it\n")
		}
	}
}

// probeNote counts the verdicts of a probe.
type probeNote struct {
	Hold    int `json:"hold"`
	Differ  int `json:"differ"`
	Unknown int `json:"couldNotTell"`
}

func noteOf(found connector.Findings) *probeNote {
	n := &probeNote{}
	for _, a := range found.Assumptions {
		switch a.Verdict {
		case connector.VerdictHolds:
			n.Hold++
		case connector.VerdictDiffers:
			n.Differ++
		default:
			n.Unknown++
		}
	}
	return n
}

func (n *probeNote) line() string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%s: %s hold, %s differ, %s could not be told",
		plural(n.Hold+n.Differ+n.Unknown, "assumption"), count(n.Hold), count(n.Differ), count(n.Unknown))
}
