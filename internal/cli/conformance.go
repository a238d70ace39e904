package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// conformanceRun is one run of the acceptance kit.
type conformanceRun struct {
	app *app

	profile string
	junit   string
	groups  []string
	pattern string
	list    bool
}

func conformanceCommand(a *app) *cobra.Command {
	r := &conformanceRun{app: a}
	cmd := &cobra.Command{
		Use:   "conformance [BINARY]",
		Short: "Test a connector against the contract",
		Long: `Run the acceptance kit against any connector binary: some 170 cases, each of
which says what it proves. Without BINARY it tests this connector, against
simulated tenants of its own.

Cases that need a tenant are skipped unless --profile names connections; what
else it can say is told by go doc ./host/hosttest.ReadProfile. The connections
are written to, so give them simulated tenants. With --json the whole report goes
to stdout as JSON; with --list as well, the cases do.

Exit codes: 0 all that was run passed, 1 nothing could be run, 2 wrong usage,
3 some cases failed.`,
		Example: `  gainsight-connector conformance
  gainsight-connector conformance ./notes --profile notes.json --junit report.xml
  gainsight-connector conformance ./notes --profile notes.json --group streams --run upload`,
		Args: arguments("[BINARY]"),
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&r.profile, "profile", "", "`FILE` that names connections and samples")
	flags.StringVar(&r.junit, "junit", "", "write the results as JUnit XML into `FILE`")
	flags.StringArrayVar(&r.groups, "group", nil, "run only this `GROUP`: "+strings.Join(hosttest.Groups(), ", ")+"; may be repeated")
	flags.StringVar(&r.pattern, "run", "", "run only cases whose id matches this `REGEXP`")
	flags.BoolVar(&r.list, "list", false, "list the cases and what they prove, and run none")
	return cmd
}

func (r *conformanceRun) run(ctx context.Context, args []string) (err error) {
	filter, err := r.filter()
	if err != nil {
		return err
	}
	cases := slices.DeleteFunc(hosttest.Cases(), func(c hosttest.Case) bool { return !filter(c) })
	if len(cases) == 0 {
		return r.nothingChosen()
	}
	if r.list {
		return r.catalog(cases)
	}
	if r.junit != "" { // before the time is spent that the cases take
		if err := hasFolder("junit", r.junit); err != nil {
			return err
		}
	}
	target, profile, done, err := r.subject(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	report, err := hosttest.Check(ctx, target, &hosttest.Options{Profile: profile, Filter: filter})
	switch {
	case ctx.Err() != nil:
		return connector.Errorf(connector.ReasonCanceled, "testing the connector was cancelled: %w", ctx.Err())
	case err != nil:
		return err
	}
	return r.tell(report)
}

// filter chooses the cases that the flags name.
func (r *conformanceRun) filter() (func(hosttest.Case) bool, error) {
	for _, g := range r.groups {
		if !slices.Contains(hosttest.Groups(), g) {
			e := wrongUsage("--group %s: it is one of %s", g, strings.Join(hosttest.Groups(), ", "))
			e.hint = nearest.Hint(g, hosttest.Groups())
			return nil, e
		}
	}
	pattern, err := regexp.Compile(r.pattern)
	if err != nil {
		return nil, wrongUsage("--run %s: %v", r.pattern, err)
	}
	return func(c hosttest.Case) bool {
		return (len(r.groups) == 0 || slices.Contains(r.groups, c.Group)) && pattern.MatchString(c.ID())
	}, nil
}

// nothingChosen is the error of flags that leave no case.
func (r *conformanceRun) nothingChosen() error {
	within := ""
	if len(r.groups) > 0 {
		within = " in --group " + strings.Join(r.groups, ", ")
	}
	e := wrongUsage("--run %s: it matches the id of no case%s", r.pattern, within)
	e.hint = "gainsight-connector conformance --list"
	return e
}

// listedCase is a case as JSON lists it.
type listedCase struct {
	ID     string `json:"id"`
	Group  string `json:"group"`
	Name   string `json:"name"`
	Proves string `json:"proves"`
}

// catalog lists the cases.
func (r *conformanceRun) catalog(cases []hosttest.Case) error {
	var t table
	t.add("CASE", "PROVES")
	listed := make([]listedCase, 0, len(cases))
	for _, c := range cases {
		t.add(c.ID(), c.Proves)
		listed = append(listed, listedCase{c.ID(), c.Group, c.Name, c.Proves})
	}
	if r.app.json {
		return r.app.printJSON(listed)
	}
	_, err := io.WriteString(r.app.stdout, t.String())
	return err
}

// subject is what is tested, and how to end what it needed.
func (r *conformanceRun) subject(ctx context.Context, args []string) (
	target hosttest.Target, profile func(connector.Manifest) (hosttest.Profile, error), done func() error, err error,
) {
	done = func() error { return nil }
	if r.profile != "" {
		if err := readable("profile", r.profile); err != nil {
			return nil, nil, nil, err
		}
		profile = r.readProfile
	}
	if len(args) == 1 {
		return hosttest.Binary(args[0], nil, granted()), profile, done, nil
	}
	path, err := r.app.executable()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("find the path of this program: %w", err)
	}
	if profile == nil {
		p, err := startPractice(ctx)
		if err != nil {
			return nil, nil, nil, err
		}
		profile, done = p.profile, func() error { return p.close(context.WithoutCancel(ctx)) }
	}
	return hosttest.Binary(path, nil, granted()), profile, done, nil
}

// readProfile reads the file that --profile names. One without content is a
// wrong command line, as it is of the other flags.
func (r *conformanceRun) readProfile(m connector.Manifest) (hosttest.Profile, error) {
	p, err := hosttest.ReadProfile(r.profile)(m)
	if errors.Is(err, hosttest.ErrEmptyProfile) {
		return p, wrongUsage("--profile %s is empty; go doc ./host/hosttest.ReadProfile tells what it holds", r.profile)
	}
	return p, err
}

// tell writes the results.
func (r *conformanceRun) tell(report *hosttest.Report) error {
	r.app.report.Cases = &caseNote{
		Passed: report.Count(hosttest.Passed), Failed: report.Count(hosttest.Failed), Skipped: report.Count(hosttest.Skipped),
	}
	write := report.WriteText
	if r.app.json {
		write = report.WriteJSON
	}
	if err := write(r.app.stdout); err != nil || r.junit == "" {
		return err
	}
	return writeFile(r.junit, report.WriteJUnit)
}

// writeFile writes a file that is whole or not there.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path) //nolint:gosec // the person at the command line names it
	if err != nil {
		return wrongUsage("%v", err)
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close(), os.Remove(path))
	}
	return f.Close()
}

// caseNote counts the cases of a run of the acceptance kit.
type caseNote struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}
