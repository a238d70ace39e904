package cli

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		state   connector.Progress
		bytes   int
		elapsed time.Duration
		width   int
		want    string
	}{
		"nothing known": {connector.Progress{}, 0, 1400 * time.Millisecond, 80, "bulk.export, 1.4 s"},
		"a state":       {connector.Progress{Message: "export job is IN_PROGRESS"}, 0, 12 * time.Second, 80, "bulk.export: export job is IN_PROGRESS, 12.0 s"},
		"of a total": {
			connector.Progress{Message: "rows exported", Done: 40_000, Total: 100_000}, 0, 2 * time.Second, 80,
			"bulk.export: rows exported 40,000 of 100,000 (40 %), 20,000/s, 2.0 s",
		},
		"without a total": {connector.Progress{Message: "rows exported", Done: 7}, 0, time.Second, 80, "bulk.export: rows exported 7, 7/s, 1.0 s"},
		"with bytes": {
			connector.Progress{Message: "rows exported", Done: 40_000, Total: 100_000}, 5_000_000, 90 * time.Second, 99,
			"bulk.export: rows exported 40,000 of 100,000 (40 %), 5.0 MB, 55.6 kB/s, 1m30s",
		},
		"narrow": {connector.Progress{Message: "export job is IN_PROGRESS"}, 0, time.Second, 20, "bulk.export: expor…"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Unix(0, 0)
			p := &progress{what: "bulk.export", width: tt.width, began: began, now: func() time.Time { return began.Add(tt.elapsed) }}
			p.update(tt.state)
			_, _ = p.Write(make([]byte, tt.bytes))
			got := p.line()
			if got != tt.want {
				t.Errorf("line = %q\n   want %q", got, tt.want)
			}
			if n := utf8.RuneCountInString(got); n >= tt.width {
				t.Errorf("%d characters in %d columns", n, tt.width)
			}
		})
	}
}

func TestTitleCountsRecords(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ input, want string }{
		"some":       {`{"records":[{},{},{}]}`, "cta.create, 3 records"},
		"one":        {`{"records":[{}]}`, "cta.create, 1 record"},
		"none":       {`{"records":[]}`, "cta.create"},
		"not a list": {`{"records":7}`, "cta.create"},
		"no records": {`{"select":["Name"]}`, "cta.create"},
		"malformed":  {`{"records":[`, "cta.create"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (&execution{action: "cta.create"}).title([]byte(tt.input)); got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestProgressRepaintsAndLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var screen strings.Builder
		p := startProgress(&screen, "bulk.export", 80, time.Now)
		time.Sleep(progressEvery + time.Millisecond)
		p.update(connector.Progress{Message: "export job is SUBMITTED"})
		time.Sleep(progressEvery)
		p.stop()
		want := clearLine + "bulk.export, 200 ms" + clearLine + "bulk.export: export job is SUBMITTED, 400 ms" + clearLine
		if got := screen.String(); got != want {
			t.Errorf("screen = %q\n     want %q", got, want)
		}
	})
}

func TestShortWorkShowsNoProgress(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	startProgress(&screen, "check", 80, time.Now).stop()
	if screen.Len() > 0 {
		t.Errorf("screen = %q", screen.String())
	}
}

func TestProgressNeedsATerminal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		terminal, json, verbose bool
		want                    bool
	}{
		"terminal":         {terminal: true, want: true},
		"no terminal":      {},
		"for a program":    {terminal: true, json: true},
		"beside log lines": {terminal: true, verbose: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &app{json: tt.json, log: logging{verbose: tt.verbose}, env: env{
				stderr: io.Discard, now: time.Now, isTerminal: func(any) bool { return tt.terminal },
			}}
			p := a.progress("x")
			defer p.stop()
			if (p != nil) != tt.want {
				t.Errorf("progress = %v", p)
			}
		})
	}
}
