package actions

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Resolver lets a record name another record by something that a person knows:
// a user by e-mail, a company by name. It becomes an entry of the vendor's
// "lookups" (common.md, section 8.2).
type Resolver struct {
	// Field is the field whose id is found, e.g. "OwnerId".
	Field string
	// Key is the short form's name in the record, e.g. "OwnerEmail".
	Key string
	// Object is where it is looked up, e.g. "gsuser".
	Object string
	// Match is the field of the object that Key is compared with.
	Match string
	// Required is set if a created record needs Field or Key.
	Required bool
}

// lookup returns the vendor's form, refusing records without a match.
func (r Resolver) lookup() map[string]any {
	return map[string]any{
		"fields": map[string]any{r.Key: r.Match}, "lookupField": "Gsid", "objectName": r.Object,
		"multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR",
	}
}

// lookups returns the lookups of the input, completed, and those that the
// short forms in the records call for, with those of the endpoint laid over
// them: what else a lookup can say is not known (open question 46).
func (w *Write) lookups(endpoint gainsight.Endpoint, c *Call, records []map[string]any) map[string]any {
	all := map[string]any{}
	for _, r := range slices.Concat(c.rules.resolvers(), w.Resolvers) {
		if slices.ContainsFunc(records, func(rec map[string]any) bool { return rec[r.Key] != nil }) {
			all[r.Field] = r.lookup()
		}
	}
	own, _ := c.Input["lookups"].(map[string]any)
	for field, v := range own {
		entry := map[string]any{"lookupField": "Gsid", "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR"}
		given, _ := v.(map[string]any)
		maps.Copy(entry, given)
		all[field] = entry
	}
	for field, own := range endpoint.Lookups {
		if entry, used := all[field].(map[string]any); used {
			overlay(entry, own)
		}
	}
	return all
}

// overlay lays members over an entry; a null takes one away.
func overlay(entry map[string]any, own map[string]json.RawMessage) {
	for key, v := range own {
		if bytes.Equal(v, []byte("null")) {
			delete(entry, key)
		} else {
			entry[key] = v
		}
	}
}

// resolverKeys returns the names that records may use because a lookup reads
// them.
func resolverKeys(input map[string]any) map[string]bool {
	keys := map[string]bool{}
	lookups, _ := input["lookups"].(map[string]any)
	for _, v := range lookups {
		entry, _ := v.(map[string]any)
		fields, _ := entry["fields"].(map[string]any)
		for key := range fields {
			keys[key] = true
		}
	}
	return keys
}
