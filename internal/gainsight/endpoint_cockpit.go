package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of Calls to Action, as a connection's "endpoints" spells them.
const (
	CTAConfig   = "cta.config"
	CTAPicklist = "cta.picklist"
	CTACreate   = "cta.create"
	CTAUpdate   = "cta.update"
	CTAList     = "cta.list"
)

// Keys of [Endpoint.Keys] for the categories of a configuration, whose names
// are the tenant's (open question 44).
const (
	// KeyType is the category of types.
	KeyType = "type"
	// KeyReason is the category of reasons.
	KeyReason = "reason"
	// KeyStatus is the category of statuses.
	KeyStatus = "status"
	// KeyPriority is the category of priorities.
	KeyPriority = "priority"
)

func cockpitEndpoints() []Endpoint {
	return []Endpoint{
		// cta.md: DOC2 (summary), CODE; one record a request until more is
		// proven (open question 23).
		{
			Name: CTACreate, Method: "POST", Path: "/v2/cockpit/cta/", OtherPaths: []string{"/v2/cockpit/cta"},
			RecordsPerRequest: 1, Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary). How a due date or an owner cascades to tasks is
		// not known, so nothing is said of it (open question 24).
		{
			Name: CTAUpdate, Method: "PUT", Path: "/v2/cockpit/cta/", OtherPaths: []string{"/v2/cockpit/cta"},
			RecordsPerRequest: 1, Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (sample); at most 1000 rows a page. Whether it sorts is open
		// question 32.
		{
			Name: CTAList, Method: "POST", Path: "/v2/cockpit/cta/list", OtherPaths: []string{"/v2/cockpit/cta/list/"},
			PageSize: 1000, Keys: rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary); CTA_REASON INFERRED. The categories that Keys
		// name are asked for.
		{
			Name: CTAConfig, Method: "GET", Path: "/v2/cockpit/admin/picklist/lite",
			Keys: map[string][]string{
				KeyStatus: {"CTA_STATUS"}, KeyPriority: {"CTA_PRIORITY"}, KeyType: {"CTA_TYPE"}, KeyReason: {"CTA_REASON"},
			},
			Evidence: connector.EvidenceDocumented,
		},
		// common.md, section 12: LIVE; for a tenant without the above. That the
		// categories have the same names is INFERRED (open question 44).
		{
			Name: CTAPicklist, Method: "POST", Path: "/v1/data/objects/query/da_picklist", PageSize: 5000,
			Keys: map[string][]string{
				KeyRecords: rows()[KeyRecords],
				KeyStatus:  {"CTA_STATUS"}, KeyPriority: {"CTA_PRIORITY"}, KeyType: {"CTA_TYPE"}, KeyReason: {"CTA_REASON"},
			},
			Evidence: connector.EvidenceObserved,
		},
	}
}
