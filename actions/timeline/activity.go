package timeline

import (
	"maps"
	"time"

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

// dateLayout is the form of an ActivityDate in the vendor's sample:
// milliseconds, and an offset with a colon (timeline.md, DOC; open question 22).
const dateLayout = "2006-01-02T15:04:05.000-07:00"

// wire returns a record as it goes to the tenant: its date in the form of the
// sample. A date that is none stays as it is.
func wire(record map[string]any) map[string]any {
	text, _ := record[fieldDate].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return record
	}
	record = maps.Clone(record)
	record[fieldDate] = at.Format(dateLayout)
	return record
}

// body puts activities into their envelope.
func body(b actions.Batch) any {
	records := make([]map[string]any, len(b.Records))
	for i, r := range b.Records {
		records[i] = wire(r)
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
