package gainsight

import (
	"regexp"
	"strings"
	"sync"
)

// missing are the wordings of the vendor for a field that a record lacks, each
// with what it names as its last group. Nothing is read out of other texts.
var missing = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		// COCKPIT_9700 (common.md 5.4, INFERRED): "Missing mandatory fields for create - CompanyId"
		regexp.MustCompile(`Missing mandatory fields(?: for \w+)? - (\w+(?:, ?\w+)*)`),
		// "Missing required custom fields: 'X' (type..., allowed values...)" (cta.md, LIVE, MCP)
		regexp.MustCompile(`Missing required custom fields: ('.*)`),
		// GS_TL_10_0206 (common.md 5.6, INFERRED): "... for key 'ContextName' missing"
		regexp.MustCompile(`\bfor key '(\w+)' missing`),
		// "SuccessPlanType is required" (success_plan.md, INFERRED)
		regexp.MustCompile(`(?:^|[\s:;])(\w+) is required\b`),
		// GSOBJ_1007, null in a non-nullable field (common.md 5.2, DOC; the text is INFERRED)
		regexp.MustCompile(`\bField (\w+) cannot be null\b`),
	}
})

// quoted matches a label in the list of "Missing required custom fields", where
// what stands in brackets is about the field before it.
var (
	bracketed = regexp.MustCompile(`\([^()]*\)`)
	quoted    = regexp.MustCompile(`'([^']+)'`)
)

// MissingFields returns the names or labels of fields that a refusal says a
// record lacks, in its order. The text may hold values of records; what is
// returned may too, until it has been found among the names of a schema.
func MissingFields(text string) []string {
	var names []string
	for _, wording := range missing() {
		for _, match := range wording.FindAllStringSubmatch(text, -1) {
			names = append(names, namesIn(match[1])...)
		}
	}
	return names
}

// namesIn takes a list of names apart.
func namesIn(list string) []string {
	var names []string
	if !strings.HasPrefix(list, "'") {
		for name := range strings.SplitSeq(list, ",") {
			names = append(names, strings.TrimSpace(name))
		}
		return names
	}
	for _, match := range quoted.FindAllStringSubmatch(bracketed.ReplaceAllString(list, ""), -1) {
		names = append(names, match[1])
	}
	return names
}
