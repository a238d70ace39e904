// Package api holds the action that reaches what no other action does: any
// path of the tenant's API.
package api

import "github.com/gainsight-connector/gainsight-connector/actions"

// group is the action's place in the catalog.
const group = "Gainsight API"

// documentation is the vendor's overview of its APIs.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/About/API_Documentation_Overview"

// Actions returns the actions of the group.
func Actions() []actions.Action { return []actions.Action{apiRequest()} }
