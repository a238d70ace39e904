package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// report is all that a command tells beside its result. It goes to stderr when
// the command has ended: as one JSON object with --json, else in words.
type report struct {
	Error       *connector.Error         `json:"error,omitempty"`
	Schema      *schemaNote              `json:"schema,omitempty"`
	Snapshot    *snapshotNote            `json:"snapshot,omitempty"`
	Records     *connector.RecordSummary `json:"records,omitempty"`
	Download    *downloadNote            `json:"download,omitempty"`
	Probe       *probeNote               `json:"probe,omitempty"`
	Cases       *caseNote                `json:"cases,omitempty"`
	Diff        *diffNote                `json:"diff,omitempty"`
	Stats       *connector.Stats         `json:"stats,omitempty"`
	Diagnostics []connector.Diagnostic   `json:"diagnostics,omitempty"`
}

// downloadNote says what an export was. What it cost is in the stats.
type downloadNote struct {
	ContentType string `json:"contentType"`
	Bytes       uint64 `json:"bytes"`
	// Records is the number of rows. Nil: not counted.
	Records *uint64 `json:"records,omitempty"`
	SHA256  string  `json:"sha256"`
}

// finish tells how a command went and returns the exit code.
func (a *app) finish(err error) int {
	code := exitOK
	usage := (*usageError)(nil)
	switch {
	case errors.As(err, &usage):
		code = exitUsage
	case errors.Is(err, syscall.EPIPE):
		code = exitFailed
		err = unread()
		a.report = report{Records: a.report.Records} // whoever left wants to hear no more than what was written
	case err != nil:
		code = exitFailed
	case a.report.Records != nil && a.report.Records.Failed+a.report.Records.Unknown > 0:
		code = exitPartly
	case a.report.Probe != nil && a.report.Probe.Differ > 0:
		code = exitPartly
	case a.report.Diff != nil && a.report.Diff.Changes > 0:
		code = exitPartly
	case a.report.Cases != nil && a.report.Cases.Failed > 0:
		code = exitPartly
	}
	a.report.Error = asError(err)
	if a.json {
		a.report.writeJSON(a.stderr)
	} else {
		a.report.write(a.stderr)
	}
	return code
}

// remark keeps diagnostics for the report.
func (a *app) remark(diagnostics ...connector.Diagnostic) {
	a.report.Diagnostics = append(a.report.Diagnostics, diagnostics...)
}

// asError returns any error of this package as the one that people and
// programs get.
func asError(err error) *connector.Error {
	if usage, ok := errors.AsType[*usageError](err); ok {
		e := connector.Errorf(connector.ReasonInvalidInput, "%s", usage.message)
		e.Hint = usage.hint
		return e
	}
	if launch, ok := errors.AsType[*host.LaunchError](err); ok {
		return launchFailure(launch)
	}
	return interrupted(connector.AsError(err))
}

// interrupted says in a person's words that a person ended the work.
func interrupted(e *connector.Error) *connector.Error {
	if e == nil || e.Reason != connector.ReasonCanceled {
		return e
	}
	told := *e
	told.Message = strings.TrimSuffix(e.Message, ": "+context.Canceled.Error())
	told.Message = strings.Replace(told.Message, "was cancelled", "was interrupted", 1)
	return &told
}

// unread is about a reader of the output who leaves early, as head does.
func unread() *connector.Error {
	e := connector.Errorf(connector.ReasonInternal, "the reader of the output left before all of it was written")
	e.Origin = connector.OriginCaller
	return e
}

func launchFailure(launch *host.LaunchError) *connector.Error {
	reason := connector.ReasonUnsupported
	if errors.Is(launch, host.ErrExited) || errors.Is(launch, host.ErrStartTimeout) {
		reason = connector.ReasonPluginExited
	}
	unhinted := *launch
	unhinted.Hint = ""
	e := connector.Errorf(reason, "%s", unhinted.Error())
	e.Hint = launch.Hint
	if errors.Is(launch, host.ErrStartTimeout) { // the flags have no other time
		e.Hint = "it hangs at start or never prints the handshake of a connector"
	}
	if launch.ExitCode >= 0 {
		e.Retry = connector.RetryNever // it ended by its own decision, which it will make again
	}
	return e
}

func (r *report) writeJSON(w io.Writer) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil || strings.TrimSpace(b.String()) == "{}" {
		return
	}
	_, _ = w.Write(b.Bytes())
}

func (r *report) write(w io.Writer) {
	for _, d := range r.Diagnostics {
		at := ""
		if d.Pointer != "" {
			at = d.Pointer + ": "
		}
		_, _ = fmt.Fprintf(w, "%s: %s%s\n", d.Severity, at, d.Summary)
	}
	for _, line := range []string{
		r.Schema.line(), r.Snapshot.line(), recordLine(r.Records), downloadLine(r.Download), r.Probe.line(), r.Diff.line(),
		statsLine(r.Stats), budgetLine(r.Stats),
	} {
		if line != "" {
			_, _ = fmt.Fprintln(w, line)
		}
	}
	if r.Error != nil {
		writeError(w, r.Error)
	}
}

// writeError says what failed, where, and what to do.
func writeError(w io.Writer, e *connector.Error) {
	_, _ = fmt.Fprintf(w, "error: %s\n", e.Error())
	if line := downstreamLine(e.Downstream); line != "" {
		_, _ = fmt.Fprintln(w, line)
	}
	switch {
	case e.OutcomeUnknown && strings.Contains(e.Hint, "look before you repeat it"):
		_, _ = fmt.Fprintln(w, "the outcome is unknown")
	case e.OutcomeUnknown:
		_, _ = fmt.Fprintln(w, "the outcome is unknown: the write may have been applied; look before you repeat it")
	case e.RetryAfter > 0:
		_, _ = fmt.Fprintf(w, "the same call may succeed in %s\n", e.RetryAfter.Round(time.Second))
	case e.Retry == connector.RetryLater:
		_, _ = fmt.Fprintln(w, "the same call may succeed later")
	}
	if e.Hint != "" {
		_, _ = fmt.Fprintf(w, "hint: %s\n", e.Hint)
	}
}

func downstreamLine(d connector.Downstream) string {
	if d == (connector.Downstream{}) {
		return ""
	}
	line := "the tenant answered"
	if d.Status != 0 {
		line += fmt.Sprintf(" %d", d.Status)
	}
	if d.Code != "" {
		line += ", code " + d.Code
	}
	if d.RequestID != "" {
		line += ", request id " + d.RequestID
	}
	return line
}

func recordLine(r *connector.RecordSummary) string {
	if r == nil {
		return ""
	}
	line := fmt.Sprintf("%s: %s succeeded, %s failed", plural(r.Total, "record"), count(r.Succeeded), count(r.Failed))
	if r.Unknown > 0 {
		line += fmt.Sprintf(", %s unknown: they may have been written", count(r.Unknown))
	}
	return line
}

func downloadLine(s *downloadNote) string {
	if s == nil {
		return ""
	}
	line := fmt.Sprintf("%s, sha256 %s", size(s.Bytes), s.SHA256)
	if s.Records != nil {
		line = plural(*s.Records, "row") + ", " + line
	}
	return line
}

func statsLine(s *connector.Stats) string {
	if s == nil || s.Calls == 0 {
		return ""
	}
	line := fmt.Sprintf("%s to the tenant", plural(s.Calls, "request"))
	if s.Retries > 0 {
		line += fmt.Sprintf(", %s of them repeats", count(s.Retries))
	}
	line += fmt.Sprintf(", %s waiting for it", duration(s.Waited))
	if s.Queued > 0 {
		line += fmt.Sprintf(", %s waiting for its call budget", duration(s.Queued))
	}
	if n := len(s.RequestIDs); n > 0 {
		line += ", last request id " + s.RequestIDs[n-1]
	}
	return line
}
