package timeline

import (
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// noJob is an id that no job has.
const noJob = "00000000-0000-0000-0000-000000000000"

// Assumptions returns what the actions take for granted (open questions 7 to 9,
// 11, 18 to 22 and 28 to 31).
func Assumptions() []probe.Assumption {
	const assumed = "timeline"
	list := func(q gainsight.Query) probe.Ask {
		return probe.Query(gainsight.ActivityRead, gainsight.DialectObject, q, 1)
	}
	id := probe.Select(fieldExternalID)
	all := append(probe.List(assumed, "activity.read", gainsight.ActivityRead, list(id)),
		probe.Empty(assumed, "activity.read", gainsight.ActivityRead,
			list(probe.Where(id, fieldExternalID, "EQ", probe.Nobody)), list(probe.Where(id, fieldExternalID, "NE", probe.Nobody))),
		probe.Accepts("activity.read.date_form", "A point in time in a filter is taken in this form", assumed, "activity.read",
			func(c gainsight.Config) string { return string(c.Endpoint(gainsight.ActivityRead).DateForm) },
			list(probe.Where(id, "CreatedDate", "GT", "2020-01-01T00:00:00+00:00")),
			probe.Each(gainsight.ActivityRead, "date_form",
				gainsight.DatesUTC, gainsight.DatesSpace, gainsight.DatesOffset, gainsight.DatesMillis, gainsight.DatesDay)...),
		probe.Path(assumed, "activity.list_deleted", gainsight.ActivityListDeleted, deletedYesterday),
		probe.Accepts("activity.list_deleted.range", "The range of deleted activities is given by these keys", assumed, "activity.list_deleted",
			currentRange, deletedYesterday, otherRanges()...),
		probe.Path(assumed, "activity.job_status", gainsight.ActivityJobStatus,
			probe.Get(gainsight.ActivityJobStatus, map[string]string{"jobId": noJob})),
	)
	return append(all, writes(assumed)...)
}

// deletedYesterday asks for what was deleted on a day, as the action does.
func deletedYesterday(b *probe.Bench) (gainsight.Request, error) {
	day := b.Now().UTC().Truncate(24 * time.Hour)
	body, err := deletedRange{From: day.Add(-24 * time.Hour), To: day}.body(b.Config())
	return gainsight.Request{Endpoint: gainsight.ActivityListDeleted, Effect: connector.EffectRead, Body: body}, err
}

func currentRange(c gainsight.Config) string {
	e := c.Endpoint(gainsight.ActivityListDeleted)
	if e.Form == gainsight.DeletedFormWhere {
		return "a condition on " + e.FieldNames[gainsight.NameDeletedDate]
	}
	return e.FieldNames[gainsight.NameDeletedFrom] + ", " + e.FieldNames[gainsight.NameDeletedTo]
}

// otherRanges are the forms that may be right as well (timeline.md, Fetch
// Deleted, INFERRED).
func otherRanges() []probe.Settings {
	var all []probe.Settings
	for _, names := range [][2]string{{"startTime", "endTime"}, {"from", "to"}, {"fromDate", "toDate"}} {
		all = append(all, probe.Settings{
			probe.Endpoint(gainsight.ActivityListDeleted, "field_names/"+gainsight.NameDeletedFrom, names[0]),
			probe.Endpoint(gainsight.ActivityListDeleted, "field_names/"+gainsight.NameDeletedTo, names[1]),
		})
	}
	return append(all, probe.Each(gainsight.ActivityListDeleted, "form", gainsight.DeletedFormWhere)...)
}

// writes are the assumptions on operations that write. A bulk save is left out:
// there are few of them an hour, and an empty one may start a job.
func writes(group string) []probe.Assumption {
	update := probe.Path(group, "activity.update", gainsight.ActivityUpdate, func(*probe.Bench) (gainsight.Request, error) {
		return gainsight.Request{
			Endpoint: gainsight.ActivityUpdate, Effect: connector.EffectUnsafeWrite,
			Query: identifierQuery(fieldExternalID), Body: map[string]any{"records": []any{}},
		}, nil
	})
	update.Writes = true
	abort := probe.Accepts("activity.abort_job.form", "A job is aborted in this form", group, "activity.abort_job",
		probe.Form(gainsight.ActivityAbortJob), nil,
		probe.Each(gainsight.ActivityAbortJob, "form", gainsight.AbortFormIDs, gainsight.AbortFormPath)...)
	abort.Writes, abort.Try = true, probe.Try(abortNothing, probe.Known)
	return []probe.Assumption{
		probe.Records(group, "activity.save", gainsight.ActivitySave), update,
		probe.Records(group, "activity.delete", gainsight.ActivityDelete), abort,
		probe.Untold("activity.delete.form", "The ids of a deletion are in records of the body", group, "activity.delete",
			"only an activity that is deleted could tell; if the deletion is refused, set form of the endpoint"),
		probe.Untold("activity.save_bulk.job_id", "The id of a job is where it is looked for", group, "activity.save_bulk",
			"only a bulk save could tell; if it ends without an id, set keys.job_id of the endpoint"),
		probe.Untold("activity.save.form", "The picklists of an activity take labels", group, "activity.save",
			"only an activity that is saved could tell; if a label is refused, set form of the endpoint to ids"),
	}
}

// abortNothing aborts a job that there is not.
func abortNothing(b *probe.Bench) (gainsight.Request, error) {
	req := abortRequest(b.Config(), noJob)
	req.Effect = connector.EffectUnsafeWrite
	return req, nil
}
