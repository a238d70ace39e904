package cli_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// masked hides what differs from run to run.
func masked(text string) string {
	for _, mask := range []struct{ pattern, text string }{
		{`(?m) +(<1 ms|\d+ ms|\d+\.\d s)$`, " TIME"},
		{`127\.0\.0\.1:\d+`, "ADDRESS"},
		{`process \d+, instance \w+`, "process PID, instance ID"},
		{`[0-9a-f]{64}`, "SHA256"},
		{`[\d.]+ MB/s`, "RATE"},
	} {
		text = regexp.MustCompile(mask.pattern).ReplaceAllString(text, mask.text)
	}
	return text
}

func TestDemo(t *testing.T) {
	t.Parallel()
	o := run(t, "demo")
	o.wants(t, 0)
	golden(t, "demo.txt", masked(o.stdout))
	lines := strings.Split(strings.TrimSuffix(o.stdout, "\n"), "\n")
	if len(lines) > 45 {
		t.Errorf("%d lines do not fit a screen", len(lines))
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 100 {
			t.Errorf("too wide: %s", line)
		}
	}
	if o.stderr != "" {
		t.Errorf("stderr = %q", o.stderr)
	}
}

func TestDemoFails(t *testing.T) {
	t.Parallel()
	run(t, "demo", "--plugin", pluginNamed(t, "uploader")).wants(t, 1, "error: ")
	run(t, "demo", "--plugin", "no-such-file").wants(t, 1, "no-such-file did not start")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	runWith(ctx, "", "demo").wants(t, 1, "was interrupted")
}

// What the tour makes on disk is gone when it ends.
func TestDemoLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	run(t, "demo").wants(t, 0)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
