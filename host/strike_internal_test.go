package host

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func secretsOf(values ...string) map[string]connector.Secret {
	all := map[string]connector.Secret{}
	for i, value := range values {
		all[fmt.Sprintf("/%d", i)] = connector.NewSecret(value)
	}
	return all
}

func TestStrike(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ secret, line, want string }{
		"alone":                {"canary-1", "canary-1", "[redacted]"},
		"twice":                {"canary-1", "a canary-1 b canary-1 c", "a [redacted] b [redacted] c"},
		"side by side":         {"canary-1", "canary-1canary-1", "[redacted][redacted]"},
		"not there":            {"canary-1", "canary-2 canary-", "canary-2 canary-"},
		"in JSON":              {`canary"<1`, `{"@message":"canary\"\u003c1!"}`, `{"@message":"[redacted]!"}`},
		"quoted in Go":         {"canary\t\"1", `panic: "canary\t\"1"`, `panic: "[redacted]"`},
		"slashes escaped":      {"canary/1/2", `canary\/1\/2`, "[redacted]"},
		"a line of a key":      {"BEGIN 12\ncanary-1\r\ncanary-2\n", "x canary-1 canary-2", "x [redacted] [redacted]"},
		"too short":            {"canary", "canary", "canary"},
		"too short to be read": {"canary-1", "canary", "canary"},
		"empty":                {"", "canary", "canary"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s striker
			if got := string(s.strike([]byte(tt.line))); got != tt.line {
				t.Errorf("without secrets got %q, want %q", got, tt.line)
			}
			s.learn(secretsOf(tt.secret))
			if got := string(s.strike([]byte(tt.line))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestStrikeLongest: of two secrets of which one begins with the other, nothing
// of the longer one is left.
func TestStrikeLongest(t *testing.T) {
	t.Parallel()
	var s striker
	s.learn(secretsOf("canary-1", "canary-12345", "canary-123"))
	if got := string(s.strike([]byte("canary-12345"))); got != "[redacted]" {
		t.Errorf("got %q, want all of it struck", got)
	}
}

// TestStrikeForgets the oldest secrets when there are too many.
func TestStrikeForgets(t *testing.T) {
	t.Parallel()
	var s striker
	s.find, s.add = newStruck(2)
	for i := range 3 {
		s.learn(secretsOf(fmt.Sprintf("canary-%d", i)))
	}
	if got, want := string(s.strike([]byte("canary-0 canary-1 canary-2"))), "canary-0 [redacted] [redacted]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestStrikerHides what it looks for from those who print it by reflection.
func TestStrikerHides(t *testing.T) {
	t.Parallel()
	var s striker
	s.learn(secretsOf("canary-1"))
	if text := fmt.Sprintf("%+v %#v", &s, &s); strings.Contains(text, "canary") {
		t.Errorf("printed: %s", text)
	}
}

func FuzzStrike(f *testing.F) {
	f.Add("canary-1", "a canary-1 b")
	f.Add("a\nb/\"\\canary", `a b\/\"\\canary`)
	f.Fuzz(func(t *testing.T, secret, line string) {
		var s striker
		s.learn(secretsOf(secret))
		got := string(s.strike([]byte(line)))
		for part := range strings.SplitSeq(got, struck) { // but for what it puts in itself
			for _, form := range forms(secret) {
				if strings.Contains(part, form) {
					t.Errorf("%q still has %q", got, form)
				}
			}
		}
	})
}
