package actions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// The properties of an input that an upload looks into.
const (
	recordsField = "records"
	lookupsField = "lookups"
)

// CheckRecord checks one record of an upload, by its number from 0, as a
// record of the input would be, and brings it into its wire form. A warning
// about a field is given for the first record only.
func (c *Call) CheckRecord(n int, record map[string]any) []connector.Violation {
	one := &Call{Tenant: c.Tenant, Input: map[string]any{recordsField: []any{record}}}
	if lookups, ok := c.Input[lookupsField]; ok {
		one.Input[lookupsField] = lookups
	}
	violations := c.rules.check(one)
	for i, v := range violations {
		violations[i].Pointer = renumber(v.Pointer, n)
	}
	for _, d := range one.diagnostics {
		field := strings.TrimPrefix(d.Pointer, firstRecord)
		if slices.ContainsFunc(c.diagnostics, func(had connector.Diagnostic) bool { return strings.HasSuffix(had.Pointer, field) }) {
			continue
		}
		c.Remark(d.Severity, renumber(d.Pointer, n), d.Summary)
	}
	return violations
}

// firstRecord is where a record is while it is checked alone.
const firstRecord = "/" + recordsField + "/0"

func renumber(pointer string, n int) string {
	if rest, ok := strings.CutPrefix(pointer, firstRecord); ok {
		return fmt.Sprintf("/%s/%d%s", recordsField, n, rest)
	}
	return pointer
}

// Lookups returns the vendor's lookups for an upload: those of the input,
// completed, and those for the short forms that its records use. used has a
// value under every name that some record has.
func (c *Call) Lookups(endpoint string, used map[string]any) map[string]any {
	if c.rules.action.Write == nil {
		return nil
	}
	return c.rules.action.Write.lookups(c.Tenant.client.Config().Endpoint(endpoint), c, []map[string]any{used})
}

// Spell returns fields of a record, or lookups, by the names that an endpoint
// of this tenant has for them.
func (c *Call) Spell(endpoint string, fields map[string]any) map[string]any {
	return Batch{FieldNames: c.Tenant.client.Config().Endpoint(endpoint).FieldNames}.spell(fields)
}

// takeInline takes the records of a dry run out of the input: they are checked
// as those of a stream are.
func (c *Call) takeInline() {
	if records, ok := c.Input[recordsField].([]any); ok {
		c.inline = records
		delete(c.Input, recordsField)
	}
}

// inlineSource gives records of an input as the content of an upload.
type inlineSource struct{ bytes.Buffer }

func newInlineSource(records []any) *inlineSource {
	s := &inlineSource{}
	enc := json.NewEncoder(s)
	enc.SetEscapeHTML(false)
	for _, r := range records {
		_ = enc.Encode(r) //nolint:errchkjson // it came from a JSON decoder
	}
	return s
}

// ContentType is that of one JSON value a line.
func (*inlineSource) ContentType() string { return "application/x-ndjson" }
