package hosttest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Outcome is how a case went.
type Outcome string

// The outcomes.
const (
	// Passed: it holds.
	Passed Outcome = "pass"
	// Failed: it does not.
	Failed Outcome = "fail"
	// Skipped: it could not be told. [Result.Reason] says why.
	Skipped Outcome = "skip"
)

// Result is the outcome of one case.
type Result struct {
	// ID is the id of the case.
	ID string `json:"id"`
	// Group is its group.
	Group string `json:"group"`
	// Name is its name in the group.
	Name string `json:"name"`
	// Proves is what holds if it passes.
	Proves string `json:"proves"`
	// Outcome is how it went.
	Outcome Outcome `json:"outcome"`
	// Reason says what failed, one thing a line, or why it was skipped.
	Reason string `json:"reason,omitempty"`
	// Took is the time it took.
	Took time.Duration `json:"-"`
}

// Report is the outcome of a run.
type Report struct {
	// Name is the name of the connector. Empty: it did not tell.
	Name string
	// Version is its version.
	Version string
	// Results are in the order of [Cases].
	Results []Result
	// Took is the time that the run took.
	Took time.Duration
}

// Count returns how many cases had an outcome.
func (r *Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// Summary is the run in one line: "87 passed, 0 failed, 8 skipped".
func (r *Report) Summary() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", r.Count(Passed), r.Count(Failed), r.Count(Skipped))
}

// neverStarted is why all other cases are skipped once [startCase] has failed.
const neverStarted = "the connector does not start"

// WriteText writes the report for people: what failed and was skipped, and the
// summary. The cases of a connector that does not start are one line.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	unstarted := 0
	for _, result := range r.Results {
		switch {
		case result.Outcome == Skipped && result.Reason == neverStarted:
			unstarted++
		case result.Outcome != Passed:
			fmt.Fprintln(&b, result.text())
		}
	}
	if unstarted > 0 {
		fmt.Fprintf(&b, "skip  %d cases: %s\n", unstarted, neverStarted)
	}
	fmt.Fprintln(&b, r.Summary())
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Result) text() string {
	text := fmt.Sprintf("%s  %s", r.Outcome, r.ID)
	if r.Outcome == Failed {
		text += "\n      " + r.Proves
	}
	if r.Reason != "" {
		text += "\n      " + strings.ReplaceAll(r.Reason, "\n", "\n      ")
	}
	return text
}

// reportJSON is the JSON form of a report.
type reportJSON struct {
	Name    string       `json:"name"`
	Version string       `json:"version"`
	Passed  int          `json:"passed"`
	Failed  int          `json:"failed"`
	Skipped int          `json:"skipped"`
	TookMS  int64        `json:"tookMs"`
	Results []resultJSON `json:"results"`
}

type resultJSON struct {
	Result

	TookMS int64 `json:"tookMs"`
}

// WriteJSON writes the report as one JSON object. Durations are whole
// milliseconds.
func (r *Report) WriteJSON(w io.Writer) error {
	j := reportJSON{
		Name: r.Name, Version: r.Version, Passed: r.Count(Passed), Failed: r.Count(Failed), Skipped: r.Count(Skipped),
		TookMS: r.Took.Milliseconds(), Results: make([]resultJSON, len(r.Results)),
	}
	for i, result := range r.Results {
		j.Results[i] = resultJSON{result, result.Took.Milliseconds()}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(j)
}
