package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of timeline activities, as a connection's "endpoints" spells them.
const (
	ActivitySave        = "activity.save"
	ActivitySaveBulk    = "activity.save_bulk"
	ActivityJobStatus   = "activity.job_status"
	ActivityUpdate      = "activity.update"
	ActivityUpdateBulk  = "activity.update_bulk"
	ActivityDelete      = "activity.delete"
	ActivityListDeleted = "activity.list_deleted"
	ActivityRead        = "activity.read"
	ActivityAbortJob    = "activity.abort_job"
	// ActivityAbortJobs is asked in place of ActivityAbortJob in the form
	// [AbortFormIDs].
	ActivityAbortJobs = "activity.abort_job.ids"
)

// Keys of [Endpoint.Keys].
const (
	// KeyJobID is the id of a job, in the answer to a bulk save or update.
	KeyJobID = "job_id"
	// KeyJobErrors is what went wrong with single records of a job.
	KeyJobErrors = "job_errors"
	// KeyJobSucceeded and KeyJobFailed are numbers of records of a job.
	KeyJobSucceeded = "job_succeeded"
	KeyJobFailed    = "job_failed"
)

// Parts of the requests whose names are not known ([Endpoint.FieldNames]).
const (
	// NameActivityID is an activity's id, in a record or as a parameter.
	NameActivityID = "ActivityId"
	// NameActivityIDs is the list of [DeleteFormIDs].
	NameActivityIDs = "ActivityIds"
	// NameDeletedFrom and NameDeletedTo are the ends of [DeletedFormRange].
	NameDeletedFrom = "deletedFrom"
	NameDeletedTo   = "deletedTo"
	// NameDeletedDate is the field of [DeletedFormWhere].
	NameDeletedDate = "DeletedDate"
	// NameJobIDs is the list of [AbortFormIDs].
	NameJobIDs = "jobIds"
)

// Forms in which the picklist values of an activity are written (open
// question 22).
const (
	// ActivityFormLabels writes the labels of the options.
	ActivityFormLabels = "labels"
	// ActivityFormIDs writes the ids of the options.
	ActivityFormIDs = "ids"
)

// Forms of [ActivityDelete]: where the ids go (open question 7).
const (
	// DeleteFormRecords is {"records":[{"activityId":"..."}]}.
	DeleteFormRecords = "records"
	// DeleteFormIDs is {"activityIds":["..."]}.
	DeleteFormIDs = "ids"
	// DeleteFormList is ["..."].
	DeleteFormList = "list"
	// DeleteFormQuery is the parameter ?activityId= and no body.
	DeleteFormQuery = "query"
)

// Forms of [ActivityListDeleted]: how the range of time is given (open
// question 8).
const (
	// DeletedFormRange is {"startDate":"...","endDate":"..."}.
	DeletedFormRange = "range"
	// DeletedFormWhere is a condition with BTW, as Cockpit's deleted list has.
	DeletedFormWhere = "where"
)

// Forms of [ActivityAbortJob] (open question 9).
const (
	// AbortFormPath has no body: the path says which job.
	AbortFormPath = "path"
	// AbortFormIDs is {"jobIds":["..."]}, sent to [ActivityAbortJobs].
	AbortFormIDs = "ids"
)

// bulkActivityBytes is the largest body of a bulk save, 80 MB (timeline.md,
// DOC), read as decimal megabytes (open question 20).
const bulkActivityBytes = 80_000_000

func timelineEndpoints() []Endpoint {
	const activity, jobs = "/v1/ant/es/activity", "/v1/ant/es/job"
	values := []string{ActivityFormLabels, ActivityFormIDs}
	// timeline.md: DOC for saves; INFERRED for updates, deletions and the list
	// of deleted ones. The budgets are not beside the synchronous one (INFERRED):
	// 200 calls a minute would then never be reached.
	single, bulk := []string{BudgetTimeline}, []string{BudgetTimelineBulk}
	deleted := map[string]string{NameDeletedFrom: "startDate", NameDeletedTo: "endDate", NameDeletedDate: NameDeletedDate}
	return []Endpoint{
		// timeline.md: DOC; one record a request until more is proven (open
		// question 18); the value form of picklists is open question 22.
		{
			Name: ActivitySave, Method: "POST", Path: activity, RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), DateForm: DatesOffset,
			Form: ActivityFormLabels, Forms: values, Budgets: single, Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: DOC2 (summary), the limit DOC; the key of the job id is
		// open question 11.
		{
			Name: ActivitySaveBulk, Method: "POST", Path: activity + "/bulk", BodyBytes: bulkActivityBytes,
			Keys: map[string][]string{KeyJobID: jobIDPaths()}, FieldNames: identifierNames(),
			Lookups: noLookups(), DateForm: DatesOffset,
			Form: ActivityFormLabels, Forms: values, Budgets: bulk, Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: DOC2 (summary); the whole reply is INFERRED (open question
		// 11).
		{
			Name: ActivityJobStatus, Method: "GET", Path: jobs + "/status/{jobId}",
			Keys: map[string][]string{
				KeyJobStatus:    {"data.jobStatus", "data.status", "data.state", "jobStatus", "data"},
				KeyJobErrors:    {"data.failures", "data.errors", "data.failedRecords", "data.failure", "failures", "errors"},
				KeyJobSucceeded: {"data.successCount", "data.succeeded", "data.totalSuccess"},
				KeyJobFailed:    {"data.failureCount", "data.failed", "data.totalFailed"},
			},
			Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: DOC for identifier=externalid, DOC2 (summary) for the
		// others.
		{
			Name: ActivityUpdate, Method: "PUT", Path: activity, RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), DateForm: DatesOffset,
			Form: ActivityFormLabels, Forms: values, Budgets: single, Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: DOC2 (summary).
		{
			Name: ActivityUpdateBulk, Method: "PUT", Path: activity + "/bulk", BodyBytes: bulkActivityBytes,
			Keys: map[string][]string{KeyJobID: jobIDPaths()}, FieldNames: identifierNames(),
			Lookups: noLookups(), DateForm: DatesOffset,
			Form: ActivityFormLabels, Forms: values, Budgets: bulk, Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: method and path DOC2 (summary); the carrier of the id is
		// INFERRED (open question 7), and so is one id a request.
		{
			Name: ActivityDelete, Method: "DELETE", Path: activity, RecordsPerRequest: 1, Keys: results(),
			FieldNames: map[string]string{NameActivityID: "activityId", NameActivityIDs: "activityIds"},
			Form:       DeleteFormRecords, Forms: []string{DeleteFormRecords, DeleteFormIDs, DeleteFormList, DeleteFormQuery},
			Budgets: single, Evidence: connector.EvidenceInferred,
		},
		// timeline.md: path DOC2 (summary); the names of the keys are INFERRED
		// (open question 8).
		{
			Name: ActivityListDeleted, Method: "POST", Path: activity + "/deleted",
			Keys: rows(), FieldNames: deleted, DateForm: DatesUTC,
			Form: DeletedFormRange, Forms: []string{DeletedFormRange, DeletedFormWhere},
			Budgets: single, Evidence: connector.EvidenceInferred,
		},
		// timeline.md: DOC2 (sample), LIVE; at most 5,000 rows a page.
		{
			Name: ActivityRead, Method: "POST", Path: "/v1/data/objects/query/activity_timeline",
			PageSize: 5000, Keys: rows(), DateForm: DatesAsGiven, Evidence: connector.EvidenceDocumented,
		},
		// timeline.md: INFERRED by analogy with the status, lowest confidence of
		// all (open question 9).
		{
			Name: ActivityAbortJob, Method: "POST", Path: jobs + "/abort/{jobId}",
			Form: AbortFormPath, Forms: []string{AbortFormPath, AbortFormIDs}, Evidence: connector.EvidenceInferred,
		},
		// timeline.md: INFERRED from the plural in the operation's name.
		{
			Name: ActivityAbortJobs, Method: "POST", Path: jobs + "/abort",
			FieldNames: map[string]string{NameJobIDs: NameJobIDs}, Evidence: connector.EvidenceInferred,
		},
	}
}

// jobIDPaths is where the id of a job is looked for (open question 11).
func jobIDPaths() []string { return []string{"data.jobId", "data.jobID", "data.id", "data", "jobId"} }

// identifierNames are the fields that find an activity; the spelling of the
// last two is INFERRED (timeline.md, Single Update API).
func identifierNames() map[string]string {
	return map[string]string{"ExternalId": "ExternalId", NameActivityID: NameActivityID, "Gsid": "Gsid"}
}
