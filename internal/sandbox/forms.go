package sandbox

import (
	"cmp"
	"net/http"
)

// Forms choose among the documented forms that conflict, and among readings
// of what is not documented. The zero value takes the defaults of the open
// questions.
type Forms struct {
	// Throttle is the reply to a call over a limit (open question 13).
	Throttle ThrottleForm
	// RefusalStatus is the HTTP status of a refused request, such as a bad
	// select (open question 12). Default 400; 200 is the other form seen.
	RefusalStatus int
	// NotFoundStatus is the HTTP status of OBJECT_NOT_FOUND (open question 43).
	// Default 400.
	NotFoundStatus int

	// NoDiscovery leaves the metadata of the authorization server out: that
	// tenants have them is INFERRED (common.md 2.3).
	NoDiscovery bool
	// TokenPath is where users' tokens are asked for (open question 34).
	TokenPath TokenPath
	// MachineBody is the body of a machine's token request (open question 36).
	MachineBody MachineBody
	// PKCEOptional takes sign-ins without PKCE. Default: refused (open question
	// 35).
	PKCEOptional bool
	// RefreshKept leaves a refresh token in force when it is used. Default: it is
	// replaced (open question 35).
	RefreshKept bool
	// RefreshAlways gives a refresh token without the scope offline_access
	// (common.md 2.3, CODE). Default: the scope is needed (INFERRED).
	RefreshAlways bool

	// ObjectListSlash is for POST /v1/meta/services/objects (open question 41).
	ObjectListSlash Slash
	// StringFlags refuses real booleans and numbers among the flags of metadata
	// bodies; the sample has JSON strings (open question 40). Default: both.
	StringFlags bool

	// CTASlash is for create and update, /v2/cockpit/cta/ (conflict 6).
	CTASlash Slash
	// PartialFails answers a write some of whose records failed with result
	// false. Default: result stays true (cta.md, INFERRED; open question 12). A
	// write of users none of which was written is result false in any case.
	PartialFails bool
	// ClassifyByID accepts TypeId, ReasonId, StatusId and PriorityId GSIDs on
	// CTA writes in place of the names (open question 23). Default: refused.
	ClassifyByID bool

	// TaskList is which of the task lists there are (open question 3).
	TaskList TaskListForm
	// TaskCTAKey is the key of a task's CTA on create (open question 1).
	// Default "CtaId".
	TaskCTAKey string
	// Playbooks is the shape of the playbook configuration (open question 4).
	Playbooks PlaybookForm

	// GoalReply is the data of a goal that was written (open question 26).
	GoalReply GoalReplyForm
	// GoalUpdatePost takes updates of goals by POST alone (open question 5).
	// Default: PUT alone.
	GoalUpdatePost bool
	// GoalDissociation is the key of the associations that a goal loses (open
	// question 5). Default "dissociation".
	GoalDissociation string
	// GoalObjectHidden leaves the object behind goals out of the metadata: what
	// object it is, and whether it shows, is UNKNOWN.
	GoalObjectHidden bool
	// PagesIgnored answers task and goal lists with all rows, whatever page is
	// asked for: whether they cut pages is INFERRED.
	PagesIgnored bool

	// EmptyList is the answer to a list that finds nothing (open question 30).
	EmptyList EmptyForm
	// RecordsKey puts list results under data.records instead of data (open
	// question 29).
	RecordsKey bool
	// EchoKeys spells response keys as the request did. Default: canonical
	// (open question 29).
	EchoKeys bool
	// Dates is the form of date results (open question 28).
	Dates DateForm
	// BlankDates gives dates that are null as empty text, where nulls are given
	// at all (common.md 11, LIVE).
	BlankDates bool
	// DueDateTime gives a CTA's DueDate a time of day, as one sample does
	// (common.md 11). Default: the date alone, as the other.
	DueDateTime bool
	// MultiSelectList gives multi-select values as a list. Default: one string
	// joined by ";" (common.md 12, LIVE: both).
	MultiSelectList bool
	// BetweenExcludesEnd leaves the end of BTW out (open question 31). Default:
	// included.
	BetweenExcludesEnd bool

	// UserSuccess is the form of data.success of user writes (open question 27).
	UserSuccess UserSuccessForm
	// UserErrors is the form of data.errors of user writes (users.md: only that
	// they have an errorMessage, CODE).
	UserErrors UserErrorsForm
	// UserAllOrNothing writes no user if one of the call is refused. Default:
	// the others are written (users.md, UNKNOWN).
	UserAllOrNothing bool
	// UsersInData puts listed users under data instead of data.records (open
	// question 29).
	UsersInData bool

	// ObjectRowsInData puts the rows of an object query into data instead of
	// data.records (open question 29).
	ObjectRowsInData bool

	// ActivityReply is the reply to a single save, update or deletion of
	// activities (open question 18).
	ActivityReply ActivityReply
	// ActivityPicklistIDs takes the GSIDs of picklist options in activities
	// instead of their labels (open question 22).
	ActivityPicklistIDs bool
	// ActivityDelete is where a deletion has its ids (open question 7).
	ActivityDelete ActivityDelete
	// DeletedRange are the keys of the range of Fetch Deleted (open question
	// 8). Default startDate and endDate. With DeletedWhere a dialect-2 condition
	// on DeletedDate takes their place.
	DeletedRange [2]string
	DeletedWhere bool
	// ActivityJobKey is the key in data of a bulk call's job id; "-" makes data
	// the id itself (open question 11). Default jobId.
	ActivityJobKey string
	// ActivityJob is the reply to Get Status (open question 11).
	ActivityJob ActivityJobReply
	// ActivityAbort is how jobs are aborted (open question 9).
	ActivityAbort ActivityAbort

	// BulkHeader is the header of the key on /v3 (open question 15).
	BulkHeader BulkHeader
	// BulkCountsAll counts status and chunk calls against the bulk limits too
	// (open question 16). Default: only submits; the others are synchronous
	// calls.
	BulkCountsAll bool
	// StatusURLKey is the key in data of a submit's status URL (open question
	// 10). Default "statusURL".
	StatusURLKey string
	// URLs is the form of status and chunk URLs (open question 10).
	URLs URLForm
	// TotalsAtTop puts totalRecords and chunkDetails at the top level of the
	// status reply instead of under data (open question 10).
	TotalsAtTop bool
	// HeaderOnlyChunk gives a job without rows one chunk that holds the header
	// alone. Default: an empty chunkDetails (open question 17).
	HeaderOnlyChunk bool
	// PlanReferenceKey is the only spelling of the reference in plan writes
	// (open question 25). Default: referenceId and ReferenceId.
	PlanReferenceKey string
	// PlanCompanyKey is the key of the company in plan writes (open question
	// 25). Default "CompanyId".
	PlanCompanyKey string
	// PlanResultMaps gives the results of plan writes as maps. Default: lists of
	// single-key maps, as for CTAs (success_plan.md, INFERRED).
	PlanResultMaps bool
	// PlanFlagIgnored ignores includeonlyDeletedRecords. Default: it works, as
	// does the path of its own (success_plan.md, DOC2 summary: both).
	PlanFlagIgnored bool
	// PlanCategories lets the plan configuration know statuses and objective
	// categories. Default: plan types alone (open question 44).
	PlanCategories bool
	// ConfigList gives the plan configuration as a list of items. Default: by
	// category (open question 44).
	ConfigList bool
	// CSVMark starts each chunk with a byte-order mark; CSVNewline ends rows
	// with LF alone instead of CR LF (open question 17).
	CSVMark, CSVNewline bool
	// CSVSemicolon separates cells by semicolons; CSVBare leaves the header row
	// out (open question 17).
	CSVSemicolon, CSVBare bool
	// CSVDates is the form of dates in CSV (open question 17).
	CSVDates CSVDateForm
	// ChunkRanges gives chunks an ETag and parts of them on request. Default:
	// the whole chunk, whatever is asked for (bulk.md knows nothing of it).
	ChunkRanges bool
}

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

func (f Forms) refusalStatus() int  { return cmp.Or(f.RefusalStatus, http.StatusBadRequest) }
func (f Forms) notFoundStatus() int { return cmp.Or(f.NotFoundStatus, http.StatusBadRequest) }
func (f Forms) taskCTAKey() string  { return cmp.Or(f.TaskCTAKey, "CtaId") }
func (f Forms) goalDissociation() string {
	return cmp.Or(f.GoalDissociation, "dissociation")
}
func (f Forms) statusURLKey() string {
	return cmp.Or(f.StatusURLKey, "statusURL")
}

// throttle is the form of the reply over a limit of a budget: for users the
// documented one is GU_2400 (users.md), unless another is asked for.
func (f Forms) throttle(name budgetName) ThrottleForm {
	if name == budgetUsers && f.Throttle == ThrottleGateway429 {
		return ThrottleUser429
	}
	return f.Throttle
}

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
)

// DateForm is the form of date results (common.md 11).
type DateForm int

const (
	// DatesISO is 2020-04-22 and 2020-04-17T22:00:00Z.
	DatesISO DateForm = iota
	// DatesMillis is milliseconds since 1970, as a number.
	DatesMillis
	// DatesSpaced is 2020-04-22 and 2020-04-17 22:00:00.0.
	DatesSpaced
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
