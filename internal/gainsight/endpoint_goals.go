package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of Customer Goals, as a connection's "endpoints" spells them.
const (
	GoalCreate = "goal.create"
	GoalUpdate = "goal.update"
	GoalList   = "goal.list"
)

func goalEndpoints() []Endpoint {
	return []Endpoint{
		// goals.md: DOC, one goal a call; the keys of relationship and
		// opportunity are inferred (open question 26).
		{
			Name: GoalCreate, Method: "POST", Path: "/v1/csgoal/external/create", RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// goals.md: all but the existence is inferred (open question 5); POST if
		// PUT is refused with 404 or 405.
		{
			Name: GoalUpdate, Method: "PUT", OtherMethod: "POST", Path: "/v1/csgoal/external/update", RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceInferred,
		},
		// goals.md: all but the existence is inferred (open question 6).
		{
			Name: GoalList, Method: "POST", Path: "/v1/csgoal/external/fetch", PageSize: 100,
			OtherPaths: []string{"/v1/csgoal/external/list", "/v1/csgoal/external/fetch/"},
			Keys:       rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven, Evidence: connector.EvidenceInferred,
		},
	}
}
