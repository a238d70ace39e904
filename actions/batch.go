package actions

import (
	"cmp"
	"maps"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Batch is the records of one request of a write.
type Batch struct {
	// Input is the whole input, for options that are not part of a record.
	Input map[string]any
	// Records are the records, in wire form. They must not be changed.
	Records []map[string]any
	// References are the records' references: the caller's, or made up.
	References []string
	// Lookups are the vendor's lookups that the records need. Empty: none.
	Lookups map[string]any
	// FieldNames are fields that the tenant spells in another way.
	FieldNames map[string]string
	// Refused is set, for [Write.Outcomes], if the tenant refused the request
	// as a whole.
	Refused bool
	// Form is which of several ways the endpoint is asked in.
	Form string
	// Dates are how the endpoint takes points in time.
	Dates gainsight.Dates
	// Repeated is set, for [Write.Outcomes], if the request was sent before, by
	// this process or another, and may have had its effect then.
	Repeated bool
}

// Name returns what a part of the request is called on the wire.
func (b Batch) Name(own string) string { return cmp.Or(b.FieldNames[own], own) }

// own returns what is called so on the wire by its own name.
func (b Batch) own(name string) string {
	for own, wire := range b.FieldNames {
		if wire == name {
			return own
		}
	}
	return name
}

// Requests is the envelope of the Cockpit APIs: {"requests":[{"record":{}}]}
// with lookups beside (common.md, section 8.1). Every record goes with its
// reference, which is the key of its result.
func Requests(b Batch) any {
	requests := make([]map[string]any, len(b.Records))
	for i, r := range b.Records {
		record := maps.Clone(r)
		record[referenceField] = b.References[i]
		requests[i] = map[string]any{"record": b.spell(record)}
	}
	return b.envelope("requests", requests)
}

// RequestsBeside is the envelope of the goals API (goals.md, DOC): that of
// [Requests], but the reference stays here, and what a record has under one of
// these names goes beside it.
func RequestsBeside(names ...string) func(Batch) any {
	return func(b Batch) any {
		requests := make([]map[string]any, len(b.Records))
		for i, r := range b.Records {
			record, beside := maps.Clone(r), map[string]any{}
			delete(record, referenceField)
			for _, name := range names {
				if v, ok := record[name]; ok {
					beside[name] = v
					delete(record, name)
				}
			}
			requests[i] = b.spell(beside)
			requests[i]["record"] = b.spell(record)
		}
		return b.envelope("requests", requests)
	}
}

// Records is the envelope of the user and timeline APIs: {"records":[{}]} with
// lookups beside (common.md, section 8.1). The reference is the caller's and
// stays here.
func Records(b Batch) any {
	records := make([]map[string]any, len(b.Records))
	for i, r := range b.Records {
		records[i] = maps.Clone(r)
		delete(records[i], referenceField)
		records[i] = b.spell(records[i])
	}
	return b.envelope("records", records)
}

func (b Batch) envelope(name string, list any) map[string]any {
	body := map[string]any{name: list}
	if len(b.Lookups) > 0 {
		body["lookups"] = b.spell(b.Lookups)
	}
	return body
}

// spell returns fields by the names that the tenant has for them.
func (b Batch) spell(fields map[string]any) map[string]any {
	if len(b.FieldNames) == 0 {
		return fields
	}
	spelt := make(map[string]any, len(fields))
	for name, v := range fields {
		spelt[b.Name(name)] = v
	}
	return spelt
}
