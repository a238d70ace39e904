package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of Calls to Action, as a connection's "endpoints" spells them.
const (
	CTAConfig = "cta.config"
	CTACreate = "cta.create"
	CTAUpdate = "cta.update"
	CTAList   = "cta.list"
)

func cockpitEndpoints() []Endpoint {
	return []Endpoint{
		// cta.md: DOC2 (summary), CODE; one record a request until more is
		// proven (open question 23).
		{
			Name: CTACreate, Method: "POST", Path: "/v2/cockpit/cta/",
			RecordsPerRequest: 1, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary).
		{
			Name: CTAUpdate, Method: "PUT", Path: "/v2/cockpit/cta/",
			RecordsPerRequest: 1, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (sample); at most 1000 rows a page.
		{
			Name: CTAList, Method: "POST", Path: "/v2/cockpit/cta/list",
			PageSize: 1000, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary); CTA_REASON INFERRED.
		{
			Name: CTAConfig, Method: "GET", Path: "/v2/cockpit/admin/picklist/lite",
			Query:    "category=CTA_STATUS,CTA_PRIORITY,CTA_TYPE,CTA_REASON",
			Evidence: connector.EvidenceDocumented,
		},
	}
}
