// Package nearest finds the names that somebody may have meant.
package nearest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// most is how many names are offered.
const most = 3

// Names returns at most three candidates close to word, closest first: those
// within a quarter of its length and one in edits, or that contain it,
// regardless of case. It returns nil if none is close.
func Names(word string, candidates []string) []string {
	type scored struct {
		name     string
		distance int
	}
	var near []scored
	lower := strings.ToLower(word)
	limit := 1 + len(lower)/4
	for _, c := range candidates {
		candidate := strings.ToLower(c)
		distance := levenshtein.ComputeDistance(lower, candidate)
		contained := len(lower) >= 3 && strings.Contains(candidate, lower)
		if distance <= limit || contained {
			near = append(near, scored{c, distance})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, s := range near[:min(most, len(near))] {
		names = append(names, s.name)
	}
	return names
}

// Hint returns "did you mean A, B or C?", or "" if no candidate is close.
func Hint(word string, candidates []string) string {
	names := Names(word, candidates)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "did you mean " + names[0] + "?"
	}
	last := len(names) - 1
	return "did you mean " + strings.Join(names[:last], ", ") + " or " + names[last] + "?"
}
