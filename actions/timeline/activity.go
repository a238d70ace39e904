package timeline

import (
	"maps"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// The fields that find an activity (timeline.md, Single Update API).
const (
	fieldExternalID = "ExternalId"
	fieldActivityID = "ActivityId"
	fieldGSID       = "Gsid"
)

// fieldDate is the time of an activity.
const fieldDate = "ActivityDate"

// wire returns a record as it goes to the tenant: its date in the endpoint's
// form. A date that is none stays as it is.
func wire(record map[string]any, dates gainsight.Dates) map[string]any {
	if record[fieldDate] == nil {
		return record
	}
	record = maps.Clone(record)
	record[fieldDate] = dates.Write(record[fieldDate])
	return record
}

// body puts activities into their envelope.
func body(b actions.Batch) any {
	records := make([]map[string]any, len(b.Records))
	for i, r := range b.Records {
		records[i] = wire(r, b.Dates)
	}
	b.Records = records
	return actions.Records(b)
}

// resolvers are the short forms of the vendor's sample: the author by e-mail,
// the company by name, attendees by e-mail (timeline.md, DOC; that external
// ones are looked up among persons is INFERRED, open question 22).
func resolvers(created bool) []actions.Resolver {
	return []actions.Resolver{
		{Field: "AuthorId", Key: "Author", Object: "GsUser", Match: "Email", Required: created},
		{Field: "GsCompanyId", Key: "companyName", Object: "Company", Match: "Name"},
		{Field: "InternalAttendees", Key: "internalAttendees", Object: "GsUser", Match: "Email"},
		{Field: "ExternalAttendees", Key: "externalAttendees", Object: "Person", Match: "Email"},
	}
}

// doctypeOf lays the tenant's activity fields over a record. The fields of
// attendees are left out: their short forms differ from them in case alone,
// and names do not depend on case (common.md 7.4).
func doctypeOf(use doctype.Use, endpoint string) *actions.Doctype {
	at := "/$defs/activity"
	if use == doctype.Update {
		at = "/$defs/activityChange"
	}
	return &actions.Doctype{
		Object: object, At: at, Use: use, Skip: []string{"InternalAttendees", "ExternalAttendees"},
		ByLabel: func(t *actions.Tenant) bool {
			return t.Client().Config().Endpoint(endpoint).Form == gainsight.ActivityFormLabels
		},
	}
}
