package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

// throttleForm is the form that --fault throttled takes too.
const throttleForm = "throttle"

// allForms are the fields of [sandbox.Forms] by what they are about.
func allForms() []form {
	all := replyForms()
	all = append(all, authForms()...)
	all = append(all, metadataForms()...)
	all = append(all, ctaForms()...)
	all = append(all, taskForms()...)
	all = append(all, goalForms()...)
	all = append(all, planForms()...)
	all = append(all, listForm()...)
	all = append(all, userForms()...)
	all = append(all, activityForms()...)
	return append(all, bulkForms()...)
}

func replyForms() []form {
	return []form{
		{throttleForm, []formChoice{
			{"gateway-429", "a call over a limit is answered GS_APIG_2404 with status 429", func(f *sandbox.Forms) { f.Throttle = sandbox.ThrottleGateway429 }},
			{"gateway-200", "GS_APIG_2404 with status 200", func(f *sandbox.Forms) { f.Throttle = sandbox.ThrottleGateway200 }},
			{"user-429", "GU_2400 with status 429", func(f *sandbox.Forms) { f.Throttle = sandbox.ThrottleUser429 }},
			{"other", "GS_APIG_2405 with status 400, of which the connector has to be told", func(f *sandbox.Forms) { f.Throttle = sandbox.ThrottleOther }},
		}},
		{"refusal-status", []formChoice{
			{"400", "a refused request, such as a bad select, is answered with status 400", func(f *sandbox.Forms) { f.RefusalStatus = 400 }},
			{"200", "with status 200", func(f *sandbox.Forms) { f.RefusalStatus = 200 }},
		}},
		{"not-found-status", []formChoice{
			{"400", "OBJECT_NOT_FOUND comes with status 400", func(f *sandbox.Forms) { f.NotFoundStatus = 400 }},
			{"404", "with status 404", func(f *sandbox.Forms) { f.NotFoundStatus = 404 }},
			{"200", "with status 200", func(f *sandbox.Forms) { f.NotFoundStatus = 200 }},
		}},
		told("not-found-title", "the title of an object that does not exist is", "OBJECT_NOT_FOUND", "ENTITY_NOT_FOUND",
			func(f *sandbox.Forms) *string { return &f.NotFoundTitle }),
		told("address-code", "the code of an address that is not allowed is", "GS_APIG_2402", "GS_APIG_2403",
			func(f *sandbox.Forms) *string { return &f.AddressCode }),
		switched("result-absent", "answers that are a success have result true", "have no result",
			func(f *sandbox.Forms) *bool { return &f.ResultAbsent }),
		{"result-keys", []formChoice{
			{"usual", "the results of a write are in success and failure, failures or errors", func(f *sandbox.Forms) { f.ResultKeys = [2]string{} }},
			{"written-rejected", "in written and rejected, of which the connector has to be told",
				func(f *sandbox.Forms) { f.ResultKeys = [2]string{"written", "rejected"} }},
		}},
	}
}

func metadataForms() []form {
	return []form{
		slashed("object-list-slash", "POST /v1/meta/services/objects", func(f *sandbox.Forms) *sandbox.Slash { return &f.ObjectListSlash }),
		switched("string-flags", "flags of metadata bodies are booleans, numbers or strings", "strings only",
			func(f *sandbox.Forms) *bool { return &f.StringFlags }),
		switched("typed-flags", "flags of metadata bodies are booleans, numbers or strings", "no strings",
			func(f *sandbox.Forms) *bool { return &f.TypedFlags }),
		switched("object-filter", "the POST list of objects ignores objectNames", "filters by it",
			func(f *sandbox.Forms) *bool { return &f.ObjectFilter }),
		switched("describe-connection", "a describe needs no flag", "needs ci=mda",
			func(f *sandbox.Forms) *bool { return &f.DescribeConnection }),
		told("number-type", "the data type of numbers in the metadata is", "NUMBER", "DECIMAL",
			func(f *sandbox.Forms) *string { return &f.NumberType }),
	}
}

func ctaForms() []form {
	return []form{
		slashed("cta-slash", "/v2/cockpit/cta", func(f *sandbox.Forms) *sandbox.Slash { return &f.CTASlash }),
		switched("partial-fails", "a write some of whose records failed is answered with result true", "with result false",
			func(f *sandbox.Forms) *bool { return &f.PartialFails }),
		switched("classify-by-id", "writes take the names of type, reason, status and priority", "their GSIDs too: TypeId, ReasonId, StatusId, PriorityId",
			func(f *sandbox.Forms) *bool { return &f.ClassifyByID }),
		told("reason-category", "the category of reasons is", "CTA_REASON", "CTA_REASONS",
			func(f *sandbox.Forms) *string { return &f.ReasonCategory }),
		told("cascade-key", "the key of the due-date cascade of a CTA update is", "none", "dueDateCascade",
			func(f *sandbox.Forms) *string { return &f.CascadeKey }),
		told("lookup-default-key", "the key of a lookup's default value is", "none", "defaultValue",
			func(f *sandbox.Forms) *string { return &f.LookupDefaultKey }),
	}
}

func planForms() []form {
	return []form{
		{"plan-reference-key", []formChoice{
			{"either", "writes of success plans take referenceId or ReferenceId", func(f *sandbox.Forms) { f.PlanReferenceKey = "" }},
			{"referenceId", "referenceId only", func(f *sandbox.Forms) { f.PlanReferenceKey = "referenceId" }},
			{"ReferenceId", "ReferenceId only", func(f *sandbox.Forms) { f.PlanReferenceKey = "ReferenceId" }},
		}},
		{"plan-company-key", []formChoice{
			{"CompanyId", "the key of a plan's company is CompanyId", func(f *sandbox.Forms) { f.PlanCompanyKey = "" }},
			{"Company", "it is Company, of which the connector has to be told", func(f *sandbox.Forms) { f.PlanCompanyKey = "Company" }},
		}},
		slashed("plan-list-slash", "/v2/successPlan/list", func(f *sandbox.Forms) *sandbox.Slash { return &f.PlanListSlash }),
		switched("plan-result-maps", "results of plan writes are lists of single-key maps", "maps",
			func(f *sandbox.Forms) *bool { return &f.PlanResultMaps }),
		switched("plan-flag-ignored", "the plan list takes includeonlyDeletedRecords", "ignores it",
			func(f *sandbox.Forms) *bool { return &f.PlanFlagIgnored }),
		switched("plan-categories", "the plan configuration knows plan types alone", "statuses and objective categories too",
			func(f *sandbox.Forms) *bool { return &f.PlanCategories }),
		switched("config-list", "the plan configuration comes by category", "as a list",
			func(f *sandbox.Forms) *bool { return &f.ConfigList }),
	}
}

func listForm() []form {
	return []form{
		{"empty-list", []formChoice{
			{"true", "a list that finds nothing is answered with result true and an empty list", func(f *sandbox.Forms) { f.EmptyList = sandbox.EmptyTrue }},
			{"false", "with result false, status 200, code GSOBJ_1XXX and data null", func(f *sandbox.Forms) { f.EmptyList = sandbox.EmptyFalse }},
			{"error", "with GSOBJ_1011 and status 400", func(f *sandbox.Forms) { f.EmptyList = sandbox.EmptyError }},
			{"other", "with COCKPIT_5404 and status 400, of which the connector has to be told", func(f *sandbox.Forms) { f.EmptyList = sandbox.EmptyOther }},
		}},
		switched("object-rows-in-data", "rows of an object query are in data.records", "in data",
			func(f *sandbox.Forms) *bool { return &f.ObjectRowsInData }),
		switched("records-key", "results of a list are in data", "in data.records", func(f *sandbox.Forms) *bool { return &f.RecordsKey }),
		told("rows-key", "results of a list are in data or under", "records", "rows", func(f *sandbox.Forms) *string { return &f.RowsKey }),
		switched("echo-keys", "keys of an answer are spelled as the metadata spell them", "as the request spelled them",
			func(f *sandbox.Forms) *bool { return &f.EchoKeys }),
		{"dates", []formChoice{
			{"iso", "dates are 2020-04-22 and 2020-04-17T22:00:00Z", func(f *sandbox.Forms) { f.Dates = sandbox.DatesISO }},
			{"millis", "dates are milliseconds since 1970, as a number", func(f *sandbox.Forms) { f.Dates = sandbox.DatesMillis }},
			{"spaced", "dates are 2020-04-22 and 2020-04-17 22:00:00.0", func(f *sandbox.Forms) { f.Dates = sandbox.DatesSpaced }},
			{"seconds", "seconds since 1970, of which the connector has to be told", func(f *sandbox.Forms) { f.Dates = sandbox.DatesSeconds }},
			{"day-first", "22.04.2020 and 17.04.2020 22:00:00, of which the connector has to be told", func(f *sandbox.Forms) { f.Dates = sandbox.DatesDayFirst }},
			{"month-first", "04/22/2020 and 04/17/2020 10:00:00 PM, of which the connector has to be told", func(f *sandbox.Forms) { f.Dates = sandbox.DatesMonthFirst }},
		}},
		switched("blank-dates", "dates that are null are null, where nulls are given", "are empty text",
			func(f *sandbox.Forms) *bool { return &f.BlankDates }),
		switched("due-date-time", "the DueDate of a CTA is a date alone", "has a time of day",
			func(f *sandbox.Forms) *bool { return &f.DueDateTime }),
		switched("multi-select-list", "multi-select values are one string joined by ;", "a list",
			func(f *sandbox.Forms) *bool { return &f.MultiSelectList }),
		switched("between-excludes-end", "BTW includes its end", "excludes it",
			func(f *sandbox.Forms) *bool { return &f.BetweenExcludesEnd }),
		{"filter-dates", []formChoice{
			{"either", "filters of object queries take 2024-02-05T00:00:00Z or 2024-02-05 00:00:00",
				func(f *sandbox.Forms) { f.FilterDates = sandbox.FilterDatesEither }},
			{"space", "2024-02-05 00:00:00 only", func(f *sandbox.Forms) { f.FilterDates = sandbox.FilterDatesSpace }},
			{"utc", "2024-02-05T00:00:00.000Z only", func(f *sandbox.Forms) { f.FilterDates = sandbox.FilterDatesUTC }},
		}},
		told("zone", "filter values without an offset are in", "UTC", "America/New_York",
			func(f *sandbox.Forms) *string { return &f.Zone }),
		switched("cockpit-sorts", "lists of Cockpit, goals and success plans ignore orderBy", "sort by it",
			func(f *sandbox.Forms) *bool { return &f.CockpitSorts }),
	}
}

func bulkForms() []form {
	return []form{
		{"bulk-header", []formChoice{
			{"access-key", "/v3 takes the key in the header accesskey", func(f *sandbox.Forms) { f.BulkHeader = sandbox.BulkHeaderAccessKey }},
			{"authentication", "in the header authentication", func(f *sandbox.Forms) { f.BulkHeader = sandbox.BulkHeaderAuthentication }},
			{"either", "in either", func(f *sandbox.Forms) { f.BulkHeader = sandbox.BulkHeaderEither }},
		}},
		switched("bulk-counts-all", "only submits count against the bulk limits", "status and chunk calls too",
			func(f *sandbox.Forms) *bool { return &f.BulkCountsAll }),
		{"status-url-key", []formChoice{
			{"statusURL", "the key of a submit's status URL is statusURL", func(f *sandbox.Forms) { f.StatusURLKey = "statusURL" }},
			{"statusUrl", "it is statusUrl", func(f *sandbox.Forms) { f.StatusURLKey = "statusUrl" }},
			{"pollAt", "it is pollAt, of which the connector has to be told", func(f *sandbox.Forms) { f.StatusURLKey = "pollAt" }},
		}},
		{"urls", []formChoice{
			{"relative", "status and chunk URLs are v3/exports/...", func(f *sandbox.Forms) { f.URLs = sandbox.URLRelative }},
			{"rooted", "they are /v3/exports/...", func(f *sandbox.Forms) { f.URLs = sandbox.URLRooted }},
			{"absolute", "they have scheme and host", func(f *sandbox.Forms) { f.URLs = sandbox.URLAbsolute }},
		}},
		switched("totals-at-top", "totalRecords and chunkDetails are under data", "at the top level", func(f *sandbox.Forms) *bool { return &f.TotalsAtTop }),
		switched("header-only-chunk", "a job without rows has no chunk", "one chunk that holds the header alone",
			func(f *sandbox.Forms) *bool { return &f.HeaderOnlyChunk }),
		switched("csv-mark", "chunks start with the header", "with a byte-order mark", func(f *sandbox.Forms) *bool { return &f.CSVMark }),
		switched("csv-newline", "rows end with CR LF", "with LF alone", func(f *sandbox.Forms) *bool { return &f.CSVNewline }),
		switched("csv-semicolon", "cells are separated by commas", "by semicolons, of which the connector has to be told",
			func(f *sandbox.Forms) *bool { return &f.CSVSemicolon }),
		switched("csv-bare", "chunks have a header row", "none, of which the connector has to be told",
			func(f *sandbox.Forms) *bool { return &f.CSVBare }),
		{"csv-dates", []formChoice{
			{"as-lists", "dates in chunks are as in lists", func(f *sandbox.Forms) { f.CSVDates = sandbox.CSVDatesAsLists }},
			{"month-first", "04/22/2020, of which the connector has to be told", func(f *sandbox.Forms) { f.CSVDates = sandbox.CSVDatesMonthFirst }},
			{"day-first", "22/04/2020, of which the connector has to be told", func(f *sandbox.Forms) { f.CSVDates = sandbox.CSVDatesDayFirst }},
		}},
		switched("chunk-ranges", "chunks come whole, whatever is asked for", "in parts on request", func(f *sandbox.Forms) *bool { return &f.ChunkRanges }),
	}
}

// switched is a form that is off or on.
func switched(name, off, on string, field func(*sandbox.Forms) *bool) form {
	return form{name, []formChoice{
		{"false", off, func(f *sandbox.Forms) { *field(f) = false }},
		{"true", on, func(f *sandbox.Forms) { *field(f) = true }},
	}}
}

// told is a form about a name of which the connector has to be told if it is not
// the usual one.
func told(name, about, usual, other string, field func(*sandbox.Forms) *string) form {
	return form{name, []formChoice{
		{usual, about + " " + usual, func(f *sandbox.Forms) { *field(f) = "" }},
		{other, "it is " + other + ", of which the connector has to be told", func(f *sandbox.Forms) { *field(f) = other }},
	}}
}

// slashed is a form about the slash at the end of a path.
func slashed(name, path string, field func(*sandbox.Forms) *sandbox.Slash) form {
	return form{name, []formChoice{
		{"either", path + " may end with a slash or not", func(f *sandbox.Forms) { *field(f) = sandbox.SlashEither }},
		{"required", "it ends with a slash", func(f *sandbox.Forms) { *field(f) = sandbox.SlashRequired }},
		{"refused", "it ends without one", func(f *sandbox.Forms) { *field(f) = sandbox.SlashRefused }},
	}}
}
