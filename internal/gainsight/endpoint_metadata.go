package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of metadata, as a connection's "endpoints" spells them.
const (
	ObjectDescribe     = "object.describe"
	ObjectDescribeMany = "object.describe_many"
	ObjectList         = "object.list"
	ObjectListFiltered = "object.list_filtered"
	Dropdown           = "dropdown"
)

func metadataEndpoints() []Endpoint {
	return []Endpoint{
		// data_management.md: LIVE, with the flags of a production client (open
		// question 39).
		{
			Name: ObjectDescribe, Method: "GET", Path: "/v1/meta/services/objects/{objectName}/describe",
			Query: "ic=false&cl=0&idd=false&ihc=false&piec=false", Evidence: connector.EvidenceObserved,
		},
		// data_management.md: DOC2 (sample); 25 names a request as a live
		// client does (open question 40).
		{
			Name: ObjectDescribeMany, Method: "POST", Path: "/v1/meta/services/objects/describe",
			RecordsPerRequest: 25, Evidence: connector.EvidenceDocumented,
		},
		// data_management.md: DOC2 (sample); what po and em do is not known
		// (open question 42).
		{
			Name: ObjectList, Method: "GET", Path: "/v1/meta/services/objects/list", Query: "po=company&em=false",
			Evidence: connector.EvidenceDocumented,
		},
		// data_management.md: LIVE; with or without a trailing slash (open
		// question 41).
		{
			Name: ObjectListFiltered, Method: "POST", Path: "/v1/meta/services/objects",
			Evidence: connector.EvidenceObserved,
		},
		// common.md, section 12: DOC2 (sample).
		{
			Name: Dropdown, Method: "GET", Path: "/v1/meta/services/dropdowns/{categoryId}",
			Evidence: connector.EvidenceDocumented,
		},
	}
}
