package actions

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// lack is a field for whose lack the tenant has refused a record.
type lack struct {
	demand
	// record is the place of the record in the input.
	record int
	seen   gainsight.Observation
}

// codeForm is that of all codes of the vendor (common.md, section 5). What
// stands before a colon in a text of another form may be the value of a record,
// and is not kept.
var codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,63}$`)

// maxID bounds what is kept of a request id, in bytes.
const maxID = 100

// refused notes which fields the records of a batch lack, by an error of the
// tenant's about them. Only what names a field of the schema, and is in one of
// the records of companies neither by itself nor in another form, is believed.
func (c *Call) refused(results []RecordResult, b Batch, err error) {
	e := connector.AsError(err)
	if e == nil || e.Reason != connector.ReasonInvalidInput || c.rules.tenant == nil {
		return
	}
	for _, called := range gainsight.MissingFields(e.Message) {
		names := c.rules.tenant.fields.find(b.own(called))
		if len(names) == 0 || slices.ContainsFunc(c.lacking, func(l lack) bool { return l.field == names[0] }) {
			continue
		}
		lookups, _ := c.Input[lookupsField].(map[string]any)
		missing := demand{field: names[0], names: names}
		i := slices.IndexFunc(b.Records, func(r map[string]any) bool {
			_, emptied := r[names[0]] // which is another matter than not to give it
			return !emptied && c.rules.usual(r) && missing.lackedBy(r, lookups)
		})
		if i >= 0 {
			c.lacking = append(c.lacking, lack{missing, results[i].Index, gainsight.Observation{
				At: c.Tenant.client.Clock().UTC(), Code: codeForm.FindString(e.Downstream.Code),
				RequestID: short(e.Downstream.RequestID, maxID),
			}})
		}
	}
}

// heed looks at how a write went. Its records had passed the check against
// what is known of the tenant. If one was refused for lack of a field, the field
// counts as required from now on; if one was refused for what it is, what is
// known may be old, and the next call asks again.
func (t *Tenant) heed(ctx context.Context, c *Call, results []RecordResult, err error) {
	t.observe(ctx, c, results)
	refused := func(e *connector.Error) bool { return e != nil && gainsight.SpeaksOfSchema(e.Downstream.Code) }
	if refused(connector.AsError(err)) || slices.ContainsFunc(results, func(r RecordResult) bool { return refused(r.Error) }) {
		t.expire(refusalAge)
	}
}

// belied reports whether a record of the call was written without the field for
// whose lack another was refused.
func (l lack) belied(c *Call, results []RecordResult) bool {
	lookups, _ := c.Input[lookupsField].(map[string]any)
	records := recordsOf(c.Input)
	return slices.ContainsFunc(results, func(r RecordResult) bool {
		record := records[r.Index]
		return r.Status == StatusSucceeded && c.rules.usual(record) && l.lackedBy(record, lookups)
	})
}

// observe keeps what a call has found to be required and says so. The schema is
// made anew at once, which announces that it has changed.
func (t *Tenant) observe(ctx context.Context, c *Call, results []RecordResult) {
	a, learnt := c.rules.action, false
	for _, l := range c.lacking {
		if l.belied(c, results) || !t.observations.note(a.Info.ID, l.field, l.seen) {
			continue
		}
		learnt = true
		if _, overridden := t.client.Config().Required[a.Info.ID][l.field]; overridden {
			continue
		}
		c.Remark(connector.SeverityWarning, fmt.Sprintf("/%s/%d/%s", recordsField, l.record, l.field),
			fmt.Sprintf("the tenant refused the record for lack of this field, which counts as required from now on; "+
				"in the connection's settings, observed.%[1]q makes that last and required.%[1]q overrules it", a.Info.ID))
	}
	if !learnt {
		return
	}
	// Should the tenant be out of reach meanwhile, the next call announces it.
	_, _ = t.describe(ctx, a, c.rules.selectors)
}
