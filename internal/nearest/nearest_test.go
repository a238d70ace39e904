package nearest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

func TestNames(t *testing.T) {
	t.Parallel()
	actions := []string{"cta.create", "cta.update", "cta.list", "bulk.export", "object.describe", "object.describe_many"}
	tests := map[string]struct {
		word string
		want []string
	}{
		"one letter off":           {"cta.creat", []string{"cta.create"}},
		"regardless of case":       {"CTA.List", []string{"cta.list"}},
		"a part of it":             {"describe", []string{"object.describe", "object.describe_many"}},
		"closest first":            {"object.describes", []string{"object.describe", "object.describe_many"}},
		"nothing like it":          {"zebra", nil},
		"too short to be a part":   {"e", nil},
		"empty":                    {"", nil},
		"not more than three":      {"cta.", []string{"cta.list", "cta.create", "cta.update"}},
		"the word itself, exactly": {"bulk.export", []string{"bulk.export"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, nearest.Names(tt.word, actions)); diff != "" {
				t.Errorf("Names(%q) (-want +got):\n%s", tt.word, diff)
			}
		})
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		word string
		want string
	}{
		"none":  {"zebra", ""},
		"one":   {"Nmae", "did you mean Name?"},
		"three": {"Date", "did you mean Name, DueDate or EndDate?"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := nearest.Hint(tt.word, []string{"Name", "DueDate", "EndDate", "StartDate"}); got != tt.want {
				t.Errorf("Hint(%q) = %q, want %q", tt.word, got, tt.want)
			}
		})
	}
}
