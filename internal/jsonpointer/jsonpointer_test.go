package jsonpointer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":              {""},
		"/":             {""},
		"/a":            {"a"},
		"/a/0/b":        {"a", "0", "b"},
		"/a~1b/m~0n":    {"a/b", "m~n"},
		"/~01":          {"~1"}, // a tilde and a one, no slash
		"/limits/x//~0": {"limits", "x", "", "~"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, jsonpointer.Names(text)); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzToken(f *testing.F) {
	for _, name := range []string{"", "a", "a/b", "~1", "~0~", "/~"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		token := jsonpointer.Token(name)
		if strings.Contains(token, "/") {
			t.Errorf("Token(%q) = %q has a slash", name, token)
		}
		if got := jsonpointer.Name(token); got != name {
			t.Errorf("Name(Token(%q)) = %q", name, got)
		}
	})
}
