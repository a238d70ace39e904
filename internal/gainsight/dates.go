package gainsight

import (
	"time"
	_ "time/tzdata" // a connection's time zone must not depend on the machine
)

// DateForm is how a point in time is written in a request (common.md, section
// 11; open questions 22 and 31).
type DateForm string

// The forms. Those without an offset are in the connection's time zone.
const (
	// DatesAsGiven leaves a value as the flow gave it.
	DatesAsGiven DateForm = "as_given"
	// DatesOffset is 2026-11-24T12:30:00.000+01:00, as in the sample of an
	// ActivityDate (timeline.md, DOC).
	DatesOffset DateForm = "offset"
	// DatesPlainOffset is the same without the colon, as a custom date of an
	// activity has it (timeline.md, DOC2).
	DatesPlainOffset DateForm = "plain_offset"
	// DatesUTC is 2026-11-24T11:30:00.000Z.
	DatesUTC DateForm = "utc"
	// DatesSpace is 2026-11-24 11:30:00, as in the sample of a filter
	// (data_management.md, DOC2).
	DatesSpace DateForm = "space"
	// DatesDay is 2026-11-24, as filters of Cockpit have it (cta.md, DOC2).
	DatesDay DateForm = "day"
	// DatesMillis is the number of milliseconds since 1970.
	DatesMillis DateForm = "millis"
)

// Dates writes points in time for one endpoint.
type Dates struct {
	// Form is how.
	Form DateForm
	// Zone is that of the forms without an offset.
	Zone *time.Location
}

// Write returns a value in the form, if it is a date with a time and an offset
// (RFC 3339). Anything else stays as it is.
func (d Dates) Write(v any) any {
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return v
	}
	switch d.Form {
	case DatesOffset:
		return at.Format("2006-01-02T15:04:05.000-07:00")
	case DatesPlainOffset:
		return at.Format("2006-01-02T15:04:05.000-0700")
	case DatesUTC:
		return at.UTC().Format("2006-01-02T15:04:05.000Z")
	case DatesSpace:
		return at.In(d.Zone).Format("2006-01-02 15:04:05")
	case DatesDay:
		return at.In(d.Zone).Format(time.DateOnly)
	case DatesMillis:
		return at.UnixMilli()
	default:
		return v
	}
}

// Query returns a query with the operands of its conditions written.
func (d Dates) Query(q Query) Query {
	if q.Where == nil || d.Form == "" || d.Form == DatesAsGiven {
		return q
	}
	where := Where{Expression: q.Where.Expression, Conditions: make([]Condition, len(q.Where.Conditions))}
	for i, c := range q.Where.Conditions {
		values := make([]any, len(c.Value))
		for j, v := range c.Value {
			values[j] = d.Write(v)
		}
		c.Value = values
		where.Conditions[i] = c
	}
	q.Where = &where
	return q
}

// Dates returns how an endpoint writes points in time.
func (c Config) Dates(endpoint string) Dates {
	return Dates{Form: c.Endpoint(endpoint).DateForm, Zone: c.Zone}
}
