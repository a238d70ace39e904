package gainsight

import (
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Names of the endpoints of metadata, as a connection's "endpoints" spells them.
const (
	ObjectDescribe     = "object.describe"
	ObjectDescribeMany = "object.describe_many"
	ObjectList         = "object.list"
	ObjectListFiltered = "object.list_filtered"
	Dropdown           = "dropdown"
	ObjectQuery        = "object.query"
)

// Forms of [ObjectDescribeMany] and [ObjectListFiltered]: how flags are written
// (open question 40).
const (
	// FlagFormStrings writes them as JSON strings.
	FlagFormStrings = "strings"
	// FlagFormTyped writes them as booleans and numbers.
	FlagFormTyped = "typed"
)

// NameObjectNames is the key by which [ObjectListFiltered] is told the names of
// objects ([Endpoint.FieldNames]). Empty: it is not told (open question 41).
const NameObjectNames = "objectNames"

// flags are members of a body, as they are written.
func flags(members string) map[string]json.RawMessage {
	var body map[string]json.RawMessage
	_ = json.Unmarshal([]byte(members), &body) // the literals below are what it takes
	return body
}

func metadataEndpoints() []Endpoint {
	forms := []string{FlagFormStrings, FlagFormTyped}
	return []Endpoint{
		// data_management.md: LIVE, with the flags of a production client (open
		// question 39).
		{
			Name: ObjectDescribe, Method: "GET", Path: "/v1/meta/services/objects/{objectName}/describe",
			Query: "ic=false&cl=0&idd=false&ihc=false&piec=false", Evidence: connector.EvidenceObserved,
		},
		// data_management.md: DOC2 (sample); 25 names a request as a live
		// client does (open question 40). The flags are those of the sample.
		{
			Name: ObjectDescribeMany, Method: "POST", Path: "/v1/meta/services/objects/describe",
			RecordsPerRequest: 25, Form: FlagFormStrings, Forms: forms, Evidence: connector.EvidenceDocumented,
			Body: flags(`{
				"includeChilds": "true", "childLevels": "0", "populatePickListOptions": "true", "useCollectionId": "false",
				"removeDeleted": "false", "removeHidden": "false", "host": "MDA", "sortFieldsByLabel": "true", "populateFieldId": "false",
				"honorUserContext": "true", "honorCustomLookup": "true", "populateAutoSuggestDetails": "true", "externalContext": "false"
			}`),
		},
		// data_management.md: DOC2 (sample); what po and em do is not known
		// (open question 42).
		{
			Name: ObjectList, Method: "GET", Path: "/v1/meta/services/objects/list", Query: "po=company&em=false",
			Evidence: connector.EvidenceDocumented,
		},
		// data_management.md: LIVE; with or without a trailing slash, the key of
		// the filter is not known (open question 41).
		{
			Name: ObjectListFiltered, Method: "POST", Path: "/v1/meta/services/objects",
			OtherPaths: []string{"/v1/meta/services/objects/"},
			FieldNames: map[string]string{NameObjectNames: ""}, Form: FlagFormStrings, Forms: forms,
			Evidence: connector.EvidenceObserved,
			Body:     flags(`{"externalUse": "true", "excludeMappings": "false", "sortByLabel": "true"}`),
		},
		// common.md, section 12: DOC2 (sample).
		{
			Name: Dropdown, Method: "GET", Path: "/v1/meta/services/dropdowns/{categoryId}",
			Evidence: connector.EvidenceDocumented,
		},
		// common.md, section 7: LIVE. It finds the records that a lookup can
		// name; an object query has at most 5000 rows (common.md, section 3).
		{
			Name: ObjectQuery, Method: "POST", Path: "/v1/data/objects/query/{object}", PageSize: 1000, Keys: rows(),
			Evidence: connector.EvidenceObserved,
		},
	}
}
