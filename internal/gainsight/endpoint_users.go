package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of user management, as a connection's "endpoints" spells them.
const (
	UserCreate    = "user.create"
	UserUpdate    = "user.update"
	UserSetStatus = "user.set_status"
	UserList      = "user.list"
)

func usersEndpoints() []Endpoint {
	budgets := []string{BudgetSynchronous, BudgetUsers} // users.md: DOC
	return []Endpoint{
		// users.md: DOC2 (summary), LIVE; 50 users a request (DOC). No welcome
		// mail unless it is asked for.
		{
			Name: UserCreate, Method: "POST", Path: "/v1/users/services", Query: "notify=false",
			RecordsPerRequest: 50, Keys: results(), Lookups: noLookups(), Budgets: budgets, Evidence: connector.EvidenceDocumented,
		},
		// users.md: DOC2 (summary), LIVE.
		{
			Name: UserUpdate, Method: "PUT", Path: "/v1/users/services",
			RecordsPerRequest: 50, Keys: results(), Lookups: noLookups(), Budgets: budgets, Evidence: connector.EvidenceDocumented,
		},
		// users.md: DOC2 (summary); that true means active is INFERRED.
		{
			Name: UserSetStatus, Method: "PUT", Path: "/v1/users/services/status",
			RecordsPerRequest: 50, Keys: results(), NoObject: true, Budgets: budgets, Evidence: connector.EvidenceDocumented,
		},
		// users.md: DOC2 (summary), LIVE; the largest page is not known (open
		// question 27).
		{
			Name: UserList, Method: "POST", Path: "/v1/users/services/list",
			PageSize: 100, Keys: rows(), DateForm: DatesAsGiven, Budgets: budgets, Evidence: connector.EvidenceDocumented,
		},
	}
}
