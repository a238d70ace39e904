package timeline

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

// identifiers are the fields that find an activity, best proven first
// (timeline.md, DOC for the first, DOC2 for the others).
func identifiers() []string { return []string{fieldExternalID, fieldActivityID, fieldGSID} }

// identifierOf returns the field that finds all records: the first that each
// of them has, else the first that the first of them has.
func identifierOf(records []map[string]any) string {
	for _, name := range identifiers() {
		if !slices.ContainsFunc(records, func(r map[string]any) bool { return r[name] == nil }) {
			return name
		}
	}
	return identifierOf(records[:1])
}

// identifierQuery is the parameter that names the field.
func identifierQuery(field string) url.Values {
	return url.Values{"identifier": {strings.ToLower(field)}}
}

func batchQuery(b actions.Batch) url.Values { return identifierQuery(identifierOf(b.Records)) }
