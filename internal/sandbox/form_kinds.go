package sandbox

// ActivityReply is a form of the reply to a write of activities.
type ActivityReply int

const (
	// ActivityMaps has maps by id: success to a list of activityIds, failures
	// to a list of errors (timeline.md, INFERRED from a simulator).
	ActivityMaps ActivityReply = iota
	// ActivityLists has lists of single-key maps, as Cockpit has them.
	ActivityLists
	// ActivityObjects is one list of objects that name themselves.
	ActivityObjects
	// ActivityObjectAPI is count, records and errors nested twice, with result
	// false if there are any (common.md 6).
	ActivityObjectAPI
	// ActivityBare has no data if nothing failed.
	ActivityBare
)

// ActivityDelete is where a deletion of activities has its ids.
type ActivityDelete int

const (
	// DeleteRecords is {"records":[{"activityId":"..."}]}.
	DeleteRecords ActivityDelete = iota
	// DeleteIDs is {"activityIds":["..."]}.
	DeleteIDs
	// DeleteList is a bare list.
	DeleteList
	// DeleteQuery is the parameter activityId.
	DeleteQuery
)

// ActivityJobReply is a form of the state of a bulk save.
type ActivityJobReply int

const (
	// JobWithFailures is jobStatus, counts and failures as in a single save
	// (INFERRED).
	JobWithFailures ActivityJobReply = iota
	// JobBare is jobStatus alone.
	JobBare
	// JobWithErrors has the state under status and a list of errors.
	JobWithErrors
)

// ActivityAbort is how bulk saves are aborted.
type ActivityAbort int

const (
	// AbortByPath is POST .../job/abort/{jobId}.
	AbortByPath ActivityAbort = iota
	// AbortByIDs is POST .../job/abort with {"jobIds":["..."]}.
	AbortByIDs
	// AbortNowhere is a tenant without such a route.
	AbortNowhere
)

// ThrottleForm is a form of the reply to a call over a limit (common.md 3).
type ThrottleForm int

const (
	// ThrottleGateway429 is GS_APIG_2404 with status 429.
	ThrottleGateway429 ThrottleForm = iota
	// ThrottleGateway200 is GS_APIG_2404 with status 200: the client that shows
	// the code tests the body alone (LIVE or CODE).
	ThrottleGateway200
	// ThrottleUser429 is GU_2400 with status 429 (DOC2).
	ThrottleUser429
	// ThrottleOther is a code that no source has, with status 400.
	ThrottleOther
)

// Slash says whether a path ends in a slash.
type Slash int

const (
	// SlashEither accepts the path with and without.
	SlashEither Slash = iota
	// SlashRequired accepts the path with the slash only.
	SlashRequired
	// SlashRefused accepts the path without the slash only.
	SlashRefused
)

func (s Slash) allows(slashed bool) bool {
	return s == SlashEither || slashed == (s == SlashRequired)
}

// EmptyForm is a form of the answer to a query that finds nothing (common.md
// 4, G).
type EmptyForm int

const (
	// EmptyTrue is result true and an empty list.
	EmptyTrue EmptyForm = iota
	// EmptyFalse is result false, status 200, code GSOBJ_1XXX (the placeholder
	// the documentation prints) and data null.
	EmptyFalse
	// EmptyError is GSOBJ_1011 with status 400.
	EmptyError
	// EmptyOther is a code that no source has, with status 400.
	EmptyOther
)

// DateForm is the form of date results (common.md 11).
type DateForm int

const (
	// DatesISO is 2020-04-22 and 2020-04-17T22:00:00Z.
	DatesISO DateForm = iota
	// DatesMillis is milliseconds since 1970, as a number.
	DatesMillis
	// DatesSpaced is 2020-04-22 and 2020-04-17 22:00:00.0, in the zone.
	DatesSpaced
	// DatesSeconds is seconds since 1970, as a number.
	DatesSeconds
	// DatesDayFirst is 22.04.2020 and 17.04.2020 22:00:00, in the zone.
	DatesDayFirst
	// DatesMonthFirst is 04/22/2020 and 04/17/2020 10:00:00 PM, in the zone.
	DatesMonthFirst
)

// CSVDateForm is the form of dates in CSV, which is UNKNOWN.
type CSVDateForm int

const (
	// CSVDatesAsLists is that of Dates.
	CSVDatesAsLists CSVDateForm = iota
	// CSVDatesMonthFirst is 04/22/2020 and 04/17/2020 22:00:00.
	CSVDatesMonthFirst
	// CSVDatesDayFirst is 22/04/2020 and 17/04/2020 22:00:00.
	CSVDatesDayFirst
)

// FilterDateForm is a form of dates and times in filters (common.md 11).
type FilterDateForm int

const (
	// FilterDatesEither takes ISO 8601 with an offset and 2024-02-05 00:00:00.
	FilterDatesEither FilterDateForm = iota
	// FilterDatesSpace takes the latter alone.
	FilterDatesSpace
	// FilterDatesUTC takes 2024-02-05T00:00:00.000Z alone.
	FilterDatesUTC
)

// UserSuccessForm is a form of data.success of user writes (open question 27).
type UserSuccessForm int

const (
	// UserSuccessRecords is a list of objects with Gsid and SFDCUserName.
	UserSuccessRecords UserSuccessForm = iota
	// UserSuccessIDs is a list of GSIDs.
	UserSuccessIDs
	// UserSuccessPairs is a list of single-key maps, key to GSID. The key is
	// what an update finds the user by, the user name on create.
	UserSuccessPairs
	// UserSuccessMap is one map, key to GSID.
	UserSuccessMap
	// UserSuccessMapRecords is one map, key to object.
	UserSuccessMapRecords
	// UserSuccessCount is a number.
	UserSuccessCount
	// UserSuccessAbsent has no data at all unless a user was refused.
	UserSuccessAbsent
)

// UserErrorsForm is a form of data.errors of user writes.
type UserErrorsForm int

const (
	// UserErrorsBare is a list of objects with errorMessage alone (CODE).
	UserErrorsBare UserErrorsForm = iota
	// UserErrorsFull is a list of objects with code, message and user name.
	UserErrorsFull
	// UserErrorsNested is a list of lists of the object APIs' entries, which
	// hold the record in parsedValue and the reasons in errors (common.md 6).
	UserErrorsNested
	// UserErrorsMap is one map, key to "CODE: message".
	UserErrorsMap
)

// BulkHeader is the header in which /v3 takes the access key (common.md 2.1).
type BulkHeader int

const (
	// BulkHeaderAccessKey is "accesskey", as the prose says.
	BulkHeaderAccessKey BulkHeader = iota
	// BulkHeaderAuthentication is "authentication", as the request table says.
	BulkHeaderAuthentication
	// BulkHeaderEither accepts both.
	BulkHeaderEither
)

// URLForm is the form of the status and chunk URLs of a bulk export.
type URLForm int

const (
	// URLRelative has no leading slash: "v3/exports/...".
	URLRelative URLForm = iota
	// URLRooted has one: "/v3/exports/...".
	URLRooted
	// URLAbsolute has scheme and host, those of the request.
	URLAbsolute
)

// TaskListForm is which of the task lists a tenant has (task_playbook.md: three
// clients, three forms).
type TaskListForm int

const (
	// TaskListPost takes POST with and without a CTA in the path (the default
	// of open question 3; with: INFERRED, without: CODE).
	TaskListPost TaskListForm = iota
	// TaskListPostPlain takes POST without a CTA alone (CODE).
	TaskListPostPlain
	// TaskListGet takes GET with a CTA alone, and gives whole rows (CODE; the
	// rows INFERRED).
	TaskListGet
	// TaskListNone has none of them: only the object query works (LIVE).
	TaskListNone
)

// PlaybookForm is a shape of the playbook configuration, which is UNKNOWN.
type PlaybookForm int

const (
	// PlaybooksKeyed is an object keyed by category, as the CTA configuration.
	PlaybooksKeyed PlaybookForm = iota
	// PlaybooksList is a list of items with "gsid".
	PlaybooksList
	// PlaybooksRecords is a list of items with "Gsid" and "Name".
	PlaybooksRecords
	// PlaybooksID is a list of items with "id".
	PlaybooksID
	// PlaybooksNone has no such path.
	PlaybooksNone
)

// GoalReplyForm is a shape of the answer to a goal that was written, which is
// UNKNOWN.
type GoalReplyForm int

const (
	// GoalReplyObject is the goal's record; a failure refuses the request.
	GoalReplyObject GoalReplyForm = iota
	// GoalReplyList is a list of one such record.
	GoalReplyList
	// GoalReplyMaps is success and failure lists as in Cockpit, by index.
	GoalReplyMaps
	// GoalReplyCounts is count, errors and records as in the object APIs
	// (common.md 6).
	GoalReplyCounts
	// GoalReplyText is the GSID alone.
	GoalReplyText
	// GoalReplyNull is nothing.
	GoalReplyNull
)
