// Package metadata holds the Data Management actions: what objects a tenant
// has and what fields they have (data_management.md).
package metadata

import "github.com/gainsight-connector/gainsight-connector/actions"

// group is the actions' place in the catalog.
const group = "Data Management APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Data_Management_APIs/Data_Management_APIs"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{objectDescribe(), objectDescribeMany(), objectList(), objectListFiltered()}
}
