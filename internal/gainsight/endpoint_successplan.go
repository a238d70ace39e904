package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of Success Plans, as a connection's "endpoints" spells them.
const (
	SuccessPlanConfig               = "success_plan.config"
	SuccessPlanPicklist             = "success_plan.picklist"
	SuccessPlanCreate               = "success_plan.create"
	SuccessPlanCreateWithObjectives = "success_plan.create_with_objectives"
	SuccessPlanUpdate               = "success_plan.update"
	SuccessPlanList                 = "success_plan.list"
	SuccessPlanListDeleted          = "success_plan.list_deleted"
)

// KeyObjectiveCategory is the category of objective categories, in
// [Endpoint.Keys].
const KeyObjectiveCategory = "objective_category"

func successPlanEndpoints() []Endpoint {
	return []Endpoint{
		// success_plan.md: DOC2 (summary); one record a request until more is
		// proven, as for CTAs.
		{
			Name: SuccessPlanCreate, Method: "POST", Path: "/v2/successPlan/", OtherPaths: []string{"/v2/successPlan"},
			RecordsPerRequest: 1, Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// success_plan.md: DOC2 (summary), without the slash.
		{
			Name: SuccessPlanCreateWithObjectives, Method: "POST", Path: "/v2/successPlan", Query: "withObjectives=true",
			OtherPaths:        []string{"/v2/successPlan/"},
			RecordsPerRequest: 1, Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// success_plan.md: DOC2 (summary); the spelling of the reference is that
		// of create (open question 25).
		{
			Name: SuccessPlanUpdate, Method: "PUT", Path: "/v2/successPlan/", OtherPaths: []string{"/v2/successPlan"},
			RecordsPerRequest: 1, Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// success_plan.md: DOC2 (summary), CODE; pages of 100 until a larger one
		// is proven (open question 33).
		{
			Name: SuccessPlanList, Method: "POST", Path: "/v2/successPlan/list/", OtherPaths: []string{"/v2/successPlan/list"},
			PageSize: 100, Keys: rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven, Evidence: connector.EvidenceDocumented,
		},
		// success_plan.md: DOC2 (summary). The other form is the list itself with
		// a flag, which is sent here too; a tenant without this path says so,
		// while one that ignores the flag would answer with live plans.
		{
			Name: SuccessPlanListDeleted, Method: "POST", Path: "/v2/successPlan/deleted/list",
			OtherPaths: []string{"/v2/successPlan/list/", "/v2/successPlan/list"},
			PageSize:   100, Keys: rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven, Evidence: connector.EvidenceDocumented,
		},
		// success_plan.md: DOC2 (summary); no other category is known (open
		// question 44).
		{
			Name: SuccessPlanConfig, Method: "GET", Path: "/v2/successPlan/admin/picklist/lite",
			Keys: map[string][]string{KeyType: {"SUCCESS_PLAN_TYPE"}}, Evidence: connector.EvidenceDocumented,
		},
		// common.md, section 12: LIVE; the names of the categories are INFERRED
		// (open question 44).
		{
			Name: SuccessPlanPicklist, Method: "POST", Path: "/v1/data/objects/query/da_picklist", PageSize: 5000,
			Keys: map[string][]string{
				KeyRecords:           rows()[KeyRecords],
				KeyStatus:            {"SUCCESS_PLAN_STATUS"},
				KeyObjectiveCategory: {"OBJECTIVE_CATEGORY"},
			},
			Evidence: connector.EvidenceObserved,
		},
	}
}
