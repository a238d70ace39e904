package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

func activityForms() []form {
	reply := func(to sandbox.ActivityReply) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.ActivityReply = to }
	}
	carrier := func(to sandbox.ActivityDelete) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.ActivityDelete = to }
	}
	return []form{
		{"activity-reply", []formChoice{
			{"maps", "written activities are maps by id: success and failures", reply(sandbox.ActivityMaps)},
			{"lists", "lists of single-key maps", reply(sandbox.ActivityLists)},
			{"objects", "one list of objects that name themselves", reply(sandbox.ActivityObjects)},
			{"object-api", "count, records and errors, as the object APIs have it", reply(sandbox.ActivityObjectAPI)},
			{"bare", "not told unless an activity was refused", reply(sandbox.ActivityBare)},
		}},
		switched("activity-picklist-ids", "activities take the labels of picklist options", "their GSIDs",
			func(f *sandbox.Forms) *bool { return &f.ActivityPicklistIDs }),
		switched("activity-dates-plain", "the offset of an ActivityDate has a colon", "has none",
			func(f *sandbox.Forms) *bool { return &f.ActivityDatesPlain }),
		{"activity-records", []formChoice{
			{"any", "a bulk save is bounded by its size alone", func(f *sandbox.Forms) { f.ActivityRecords = 0 }},
			{"1000", "and by 1,000 records", func(f *sandbox.Forms) { f.ActivityRecords = 1000 }},
		}},
		{"activity-delete", []formChoice{
			{"records", "a deletion has its ids in records of the body", carrier(sandbox.DeleteRecords)},
			{"ids", "in the list activityIds of the body", carrier(sandbox.DeleteIDs)},
			{"list", "the body is a list of them", carrier(sandbox.DeleteList)},
			{"query", "in the parameter activityId", carrier(sandbox.DeleteQuery)},
		}},
		{"deleted-range", []formChoice{
			{"startDate-endDate", "the range of deleted activities has the keys startDate and endDate", func(f *sandbox.Forms) { f.DeletedRange = [2]string{} }},
			{"from-to", "the keys from and to, of which the connector has to be told", func(f *sandbox.Forms) { f.DeletedRange = [2]string{"from", "to"} }},
		}},
		switched("deleted-where", "the range of deleted activities has keys of its own", "is a condition on DeletedDate",
			func(f *sandbox.Forms) *bool { return &f.DeletedWhere }),
		{"activity-job-key", []formChoice{
			{"jobId", "the key of a bulk save's job id is jobId", func(f *sandbox.Forms) { f.ActivityJobKey = "" }},
			{"none", "data is the id itself", func(f *sandbox.Forms) { f.ActivityJobKey = "-" }},
			{"trackingId", "it is trackingId, of which the connector has to be told", func(f *sandbox.Forms) { f.ActivityJobKey = "trackingId" }},
		}},
		{"activity-job", []formChoice{
			{"failures", "the state of a bulk save has counts, and failures by id", func(f *sandbox.Forms) { f.ActivityJob = sandbox.JobWithFailures }},
			{"bare", "the state alone", func(f *sandbox.Forms) { f.ActivityJob = sandbox.JobBare }},
			{"errors", "the state under status, and a list of errors", func(f *sandbox.Forms) { f.ActivityJob = sandbox.JobWithErrors }},
		}},
		{"activity-abort", []formChoice{
			{"path", "a bulk save is aborted with its id in the path", func(f *sandbox.Forms) { f.ActivityAbort = sandbox.AbortByPath }},
			{"ids", "with jobIds in the body", func(f *sandbox.Forms) { f.ActivityAbort = sandbox.AbortByIDs }},
			{"nowhere", "there is no such path", func(f *sandbox.Forms) { f.ActivityAbort = sandbox.AbortNowhere }},
		}},
	}
}
