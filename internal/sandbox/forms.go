package sandbox

import (
	"cmp"
	"net/http"
	"time"
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
	// ResultAbsent leaves "result" out of answers that are a success (open
	// question 12). Default: it is true.
	ResultAbsent bool
	// ResultKeys are the names of the parts of a write's results: what was
	// written and what was not (open questions 18, 25 to 27). Default: those of
	// the API.
	ResultKeys [2]string
	// RowsKey is the key in data of the rows of every list (open question 29).
	// Default: as RecordsKey, UsersInData and ObjectRowsInData say.
	RowsKey string
	// AddressCode is the code of a call from an address that is not allowed
	// (open question 38). Default GS_APIG_2402.
	AddressCode string
	// NotFoundTitle is the title that says that an object does not exist (open
	// question 43). Default OBJECT_NOT_FOUND.
	NotFoundTitle string
	// FilterDates is the form of dates and times in filters of dialect 1 (open
	// question 31).
	FilterDates FilterDateForm
	// Zone is the time zone of filter values and of results without an offset
	// (open question 31). Default UTC.
	Zone string
	// CockpitSorts lets the lists of dialect 2 take orderBy (open question 32).
	// Default: it is ignored.
	CockpitSorts bool
	// LookupDefaultKey is the key of a lookup's default value (open question
	// 46). Default: there is none.
	LookupDefaultKey string
	// CascadeKey is the key, beside the records of a CTA update, of the due-date
	// cascade (open question 24). Default: there is none.
	CascadeKey string
	// ReasonCategory is the category of the reasons of CTAs (open question 44).
	// Default CTA_REASON.
	ReasonCategory string
	// NumberType is the data type of NUMBER fields in the metadata (open question
	// 49). Default NUMBER.
	NumberType string
	// DescribeConnection wants ci=mda of a describe (open question 39). Default:
	// no flag is needed.
	DescribeConnection bool
	// TypedFlags refuses JSON strings among the flags of metadata bodies (open
	// question 40). Default: both.
	TypedFlags bool
	// ObjectFilter lets POST /v1/meta/services/objects filter by objectNames
	// (open question 41). Default: the key is ignored.
	ObjectFilter bool
	// PlaybookPath is the path of the playbook configuration (open question 4).
	// Default /v2/cockpit/admin/playbook/lite.
	PlaybookPath string
	// GoalListPath is the path of Fetch Customer Goals (open question 6). Default
	// /v1/csgoal/external/fetch.
	GoalListPath string
	// PlanListSlash is for the list of success plans (open question 41).
	PlanListSlash Slash
	// ActivityDatesPlain takes an ActivityDate with an offset without a colon
	// (open question 22). Default: with one.
	ActivityDatesPlain bool
	// ActivityRecords is the most records of a bulk save (open question 20).
	// Default: the size alone counts.
	ActivityRecords int

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

func (f Forms) refusalStatus() int  { return cmp.Or(f.RefusalStatus, http.StatusBadRequest) }
func (f Forms) notFoundStatus() int { return cmp.Or(f.NotFoundStatus, http.StatusBadRequest) }
func (f Forms) zone() *time.Location {
	if zone, err := time.LoadLocation(f.Zone); err == nil {
		return zone
	}
	return time.UTC
}
func (f Forms) taskCTAKey() string { return cmp.Or(f.TaskCTAKey, "CtaId") }
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
