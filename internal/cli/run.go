package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// execution is one run of an action.
type execution struct {
	app *app

	connection string
	action     string
	input      string
	content    string
	output     string
	resume     bool
	dryRun     bool
	builtWith  string
	drift      string
	// fingerprint is the content of builtWith.
	fingerprint string
	timeout     time.Duration
}

func runCommand(a *app) *cobra.Command {
	x := &execution{app: a}
	cmd := &cobra.Command{
		Use:   "run ACTION --connection FILE",
		Short: "Run an action",
		Long: `Run an action against a tenant. The input is JSON that fits the schema that
describe prints; without --input it is {}. The result goes to stdout, or to a
file with --output: JSON indented, the rows of an export as they arrive. If the
action fails there is no file, and one that existed stays as it was.

An action of mode upload takes its records as a stream: --content has them, one
JSON value a line or one array, and --input the rest. A dry run of one has them
in "records" of the input.

A call for which the tenant's call budget has no room waits for the next window,
for an hour at most, if --timeout allows. What is left is said at the end.

With --built-with, what the input uses is compared with the schema of then, of
which describe --fingerprint wrote the file; --drift says what to do if it has
changed: ignore, warn, hold or fail. Nothing is sent under the last two.

An export into a file that breaks off keeps what it has in FILE.part; the same
command with --resume goes on from there. Without --resume it begins anew.`,
		Example: `  gainsight-connector run cta.list --connection acme.json --input query.json
  echo '{"objectName":"company","select":["Gsid","Name"]}' |
    gainsight-connector run bulk.export --connection acme.json --input - --output companies.csv
  gainsight-connector run activity.save_bulk --connection acme.json --content notes.ndjson`,
		Args: arguments("ACTION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			x.action = args[0]
			return x.run(cmd.Context())
		},
	}
	connectionFlag(cmd, &x.connection)
	flags := cmd.Flags()
	flags.StringVar(&x.input, "input", "", "`FILE` with the input, - for stdin")
	flags.StringVar(&x.content, "content", "", "`FILE` with the records of an upload, - for stdin")
	flags.StringVar(&x.output, "output", "", "`FILE` that takes the result (default stdout)")
	flags.BoolVar(&x.resume, "resume", false, "go on with an export that broke off, if a part of it was kept")
	flags.BoolVar(&x.dryRun, "dry-run", false, "validate and show the requests that would be made, but write nothing")
	flags.StringVar(&x.builtWith, "built-with", "", "`FILE` with the fingerprint of the schema that the input was made for")
	flags.StringVar(&x.drift, "drift", "", "what to do if that has changed: `POLICY` is "+policies()+" (default: the connection's)")
	flags.DurationVar(&x.timeout, "timeout", 0, "give up after this long, such as 90s; 0: never")
	return cmd
}

func (x *execution) run(ctx context.Context) error {
	if x.timeout < 0 {
		return wrongUsage("--timeout is 0, for never, or more, not %s", x.timeout)
	}
	if x.resume && (x.output == "" || x.dryRun) {
		return wrongUsage("--resume goes with --output FILE, and not with --dry-run")
	}
	if err := x.readable(); err != nil {
		return err
	}
	if err := x.readBuiltWith(); err != nil {
		return err
	}
	if x.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.timeout)
		defer cancel()
	}
	return x.late(x.app.withConnection(ctx, x.connection, func(s *session) error {
		action, err := s.action(x.action)
		if err == nil {
			err = x.suits(action)
		}
		switch {
		case err != nil:
			return err
		case action.Mode == connector.ModeDownload && !x.dryRun:
			return x.download(ctx, s)
		case x.resume:
			return wrongUsage("--resume is for exports, which %s is not", x.action)
		case action.Mode == connector.ModeUpload && !x.dryRun:
			return x.deliver(func() (connector.Result, error) { return x.upload(ctx, s) })
		}
		return x.deliver(func() (connector.Result, error) { return x.execute(ctx, s) })
	}))
}

// late says which deadline has passed.
func (x *execution) late(err error) error {
	if x.timeout == 0 || !errors.Is(err, connector.ReasonDeadlineExceeded) {
		return err
	}
	e := *connector.AsError(err)
	e.Message = fmt.Sprintf("action %q took longer than --timeout %s", x.action, x.timeout)
	if !e.OutcomeUnknown {
		e.Retry = connector.RetryLater
		e.Hint = "raise --timeout, if the call budget or the tenant makes it wait; --verbose shows each request"
	}
	return &e
}

func (x *execution) execute(ctx context.Context, s *session) (connector.Result, error) {
	input, err := x.app.readInput(ctx, x.input, s.plugin.Limits().InlineBytes)
	if err != nil {
		return connector.Result{}, err
	}
	defer x.app.progress(x.title(input)).stop()
	call := x.call(input)
	call.DryRun = x.dryRun
	return s.conn.Execute(ctx, call)
}

// title names the work, with the number of records if the input has some.
func (x *execution) title(input json.RawMessage) string {
	var write struct {
		Records []json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(input, &write); err != nil || len(write.Records) == 0 {
		return x.action
	}
	return x.action + ", " + plural(len(write.Records), "record")
}

// deliver puts the result of work where it belongs.
func (x *execution) deliver(work func() (connector.Result, error)) error {
	keep := func(raw json.RawMessage) error { return writeIndented(x.app.stdout, raw) }
	if x.output != "" {
		file, err := openResult("output", x.output)
		if err != nil {
			return err
		}
		defer file.done()
		keep = file.keep
	}
	result, err := work()
	if err != nil {
		return err
	}
	report := &x.app.report
	report.Records, report.Stats = result.Records, &result.Stats
	x.app.remark(result.Diagnostics...)
	if err := keep(result.Output); err != nil {
		return x.spill(result.Output, err)
	}
	return nil
}

// spill puts a result on stdout that --output cannot take: the action has run,
// and may not be run again for it.
func (x *execution) spill(raw json.RawMessage, cause error) error {
	if x.output == "" || writeIndented(x.app.stdout, raw) != nil {
		return cause
	}
	e := connector.Errorf(connector.ReasonInternal, "action %q has run, but its result could not be written: %w", x.action, cause)
	e.Origin = connector.OriginCaller
	return e.WithHint("the result is on stdout instead; do not run the action again for it")
}

func (x *execution) download(ctx context.Context, s *session) error {
	if err := exportable(x.output); err != nil {
		return err
	}
	input, err := x.app.readInput(ctx, x.input, s.plugin.Limits().InlineBytes)
	if err != nil {
		return err
	}
	summary, err := x.stream(ctx, s, x.call(input))
	if err != nil {
		return x.partial(err)
	}
	report := &x.app.report
	note := &downloadNote{ContentType: summary.ContentType, Bytes: summary.Bytes, SHA256: summary.SHA256}
	if summary.Records > 0 || summary.Bytes == 0 {
		note.Records = &summary.Records
	}
	report.Stats, report.Download = &summary.Stats, note
	x.app.remark(summary.Diagnostics...)
	return nil
}

// partial says how to go on with an export of which a part is kept.
func (x *execution) partial(err error) error {
	part, ok := errors.AsType[*host.PartialError](err)
	if !ok {
		return err
	}
	e := *connector.AsError(part.Err)
	if x.resume && (e.Reason == connector.ReasonNotFound || e.Reason == connector.ReasonConflict) {
		e.Hint = "the same command without --resume begins anew"
		if part.Bytes > 0 {
			e.Hint += fmt.Sprintf("; %s of before are in %s until then", size(part.Bytes), part.Path)
		}
		return &e
	}
	const how = "the same command with --resume goes on from there"
	kept := fmt.Sprintf("%s are kept in %s", size(part.Bytes), part.Path)
	if part.Bytes == 0 {
		kept = "The export is begun and its job known"
	}
	if e.Hint != "" {
		e.Hint = strings.TrimSuffix(e.Hint, ".") + ". "
	}
	e.Hint += fmt.Sprintf("%s; %s.", kept, how)
	return &e
}

func (x *execution) stream(ctx context.Context, s *session, call connector.Call) (connector.StreamSummary, error) {
	a := x.app
	if x.output != "" {
		p := a.progress(x.action)
		defer p.stop()
		if x.resume {
			return s.conn.ResumeFile(ctx, call, x.output, p.update)
		}
		return s.conn.DownloadFile(ctx, call, x.output, p.update)
	}
	if a.isTerminal(a.stdout) { // the rows themselves show the progress
		return s.conn.Download(ctx, call, a.stdout, nil)
	}
	p := a.progress(x.action)
	defer p.stop()
	return s.conn.Download(ctx, call, io.MultiWriter(a.stdout, p), p.update)
}
