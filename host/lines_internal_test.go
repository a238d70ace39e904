package host

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLineWriter(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxLine)
	tests := map[string]struct {
		writes, want []string
	}{
		"whole lines":     {writes: []string{"a\nb\n"}, want: []string{"a", "b"}},
		"parts":           {writes: []string{"a", "b\nc", "\n"}, want: []string{"ab", "c"}},
		"no end":          {writes: []string{"a\nb"}, want: []string{"a", "b"}},
		"windows":         {writes: []string{"a\r", "\nb\r\n"}, want: []string{"a", "b"}},
		"empty":           {writes: []string{"\n\n"}, want: []string{"", ""}},
		"just fits":       {writes: []string{long, "\nb\n"}, want: []string{long, "b"}},
		"too long":        {writes: []string{long, "y", "z\nb\n"}, want: []string{long + "+", "b"}},
		"too long at end": {writes: []string{long + "yyy", "zzz"}, want: []string{long + "+"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			w := &lineWriter{emit: func(line []byte, cut bool) {
				text := string(line)
				if cut {
					text += "+"
				}
				got = append(got, text)
			}}
			for _, text := range tc.writes {
				if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			w.flush()
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	var kept tail
	kept.add([]byte("begin"), "begin")
	for range 5000 {
		kept.add(bytes.Repeat([]byte("x"), 99), "x")
	}
	if text := kept.text(); len(text) != maxTail || strings.Contains(text, "begin") {
		t.Errorf("%d bytes are kept, want the last %d", len(text), maxTail)
	}
	if kept.lastWords() != "x" {
		t.Errorf("last words = %q", kept.lastWords())
	}
	kept.add([]byte("panic: first"), "panic: first")
	kept.add([]byte("panic: second"), "panic: second")
	kept.add([]byte("exit status 2"), "exit status 2")
	if kept.lastWords() != "panic: first" {
		t.Errorf("last words = %q, want the first of the crash", kept.lastWords())
	}
}

// FuzzStderr feeds what a connector may print to the part that parses it. The
// seeds have each brought a host down that parsed them carelessly.
func FuzzStderr(f *testing.F) {
	f.Add([]byte(`{"@message":7,"@level":"info","@timestamp":"2026-01-02T15:04:05.000000Z"}` + "\n"))
	f.Add([]byte(`{"@message":"m","@level":["x"],"@timestamp":"2026-01-02T15:04:05.000000Z"}` + "\n"))
	f.Add([]byte(`{"@message":"m","@level":"error","@timestamp":"2026-01-02T15:04:05.000000Z","k":{"a":[1]}}` + "\n"))
	f.Add([]byte("null\n[]\n{\x00\x1b[2J\npanic: x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		log := &outputLog{logger: slog.New(oneLine{t: t, Handler: slog.DiscardHandler})}
		w, lines := log.stderrWriter()
		for part := range bytes.SplitSeq(data, []byte{0xff}) {
			if n, err := w.Write(part); n != len(part) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		lines.flush()
		if words := log.tail.lastWords(); strings.ContainsAny(words, "\n\x1b\x00") {
			t.Fatalf("last words %q are not on one plain line", words)
		}
	})
}

// oneLine checks that no text that is logged can pose as more than one line.
type oneLine struct {
	slog.Handler

	t *testing.T
}

func (h oneLine) Handle(ctx context.Context, r slog.Record) error {
	check := func(text string) {
		if strings.ContainsAny(text, "\n\r\x1b\x00") || len(text) > 8*maxLogText {
			h.t.Fatalf("logged as it came: %q", text)
		}
	}
	check(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		check(a.Value.String())
		return true
	})
	return h.Handler.Handle(ctx, r)
}
