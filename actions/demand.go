package actions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// keywordRequired is that of a violation for a field that is missing.
const keywordRequired = "required"

// demand is a field that somebody other than the API's rule makes required. The
// rule's own fields are for the schema and for [Write] to check.
type demand struct {
	field string
	// names are the field and what may be given in its place.
	names []string
	by    schema.Demand
}

// treatment is what becomes of a record without a field.
type treatment int

// The treatments.
const (
	pass   treatment = iota // it is sent
	remark                  // it is sent, with a warning
	refuse                  // nothing is sent
)

// treatmentOf is a connection's policy: what the API's rule and the operator
// demand is never sent without, and the policy decides on the rest.
func treatmentOf(policy gainsight.Validation, by schema.Demand) treatment {
	switch {
	case by == schema.DemandRule, by == schema.DemandOverride, policy == gainsight.ValidationStrict:
		return refuse
	case policy == gainsight.ValidationOff:
		return pass
	}
	return remark
}

// lackedBy reports whether a record has neither the field nor what may stand
// in its place, and no lookup of the call finds it.
func (d demand) lackedBy(record, lookups map[string]any) bool {
	return lookups[d.field] == nil && !hasOne(record, d.names...)
}

// reason says who wants the field and why. seen is the refusal of a field that
// was observed.
func (d demand) reason(seen gainsight.Observation) string {
	switch d.by {
	case schema.DemandOverride:
		return "is required by the connection's setting \"required\""
	case schema.DemandObserved:
		return "is required (the tenant refused this before" + told(seen) + ")"
	default:
		return "is required by the tenant's metadata"
	}
}

// told returns what is known of a refusal, after a colon.
func told(seen gainsight.Observation) string {
	var parts []string
	if seen.Code != "" {
		parts = append(parts, seen.Code)
	}
	if seen.RequestID != "" {
		parts = append(parts, "request "+seen.RequestID)
	}
	if !seen.At.IsZero() {
		parts = append(parts, seen.At.UTC().Format(time.RFC3339))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// instead names what may be given in place of the field.
func (d demand) instead() string {
	if len(d.names) < 2 {
		return ""
	}
	return "; give it, or " + strings.Join(d.names[1:], " and ")
}

// demanded holds the records of a call to what is demanded of them and returns
// what is wrong, with what was found already. Of that it takes out what the
// operator waives, what a lookup gives, and what it says itself with a reason.
func (s *tenantSchema) demanded(c *Call, found []connector.Violation) []connector.Violation {
	if len(s.demands)+len(s.waived) == 0 {
		return found
	}
	policy := c.Tenant.client.Config().Validation
	lookups, _ := c.Input[lookupsField].(map[string]any)
	settled := map[string]bool{}
	var wrong []connector.Violation
	for i, r := range recordsOf(c.Input) {
		settle := func(field string) string {
			pointer := fmt.Sprintf("/%s/%d/%s", recordsField, i, field)
			if _, given := r[field]; !given {
				settled[pointer] = true
			}
			return pointer
		}
		for _, field := range s.waived {
			settle(field)
		}
		for _, d := range s.demands {
			if lookups[d.field] != nil {
				settle(d.field) // the schema does not know of it
			}
			if !d.lackedBy(r, lookups) {
				continue
			}
			reason := d.reason(s.observed[d.field])
			switch treatmentOf(policy, d.by) {
			case refuse:
				wrong = append(wrong, connector.Violation{
					Pointer: settle(d.field), Keyword: keywordRequired, Message: reason + d.instead(),
				})
			case remark:
				c.Remark(connector.SeverityWarning, fmt.Sprintf("/%s/%d/%s", recordsField, i, d.field),
					reason+" and missing; the record is sent nevertheless")
			case pass:
			}
		}
	}
	found = slices.DeleteFunc(found, func(v connector.Violation) bool { return settled[v.Pointer] })
	return append(found, wrong...)
}
