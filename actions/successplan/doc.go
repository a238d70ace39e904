// Package successplan holds the Success Plan actions (success_plan.md). The
// object behind them is cta_group.
package successplan

import "github.com/gainsight-connector/gainsight-connector/actions"

// group is the actions' place in the catalog.
const group = "Success Plan APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/Success_Plans/Success_Plan_API_Documentation/Success_Plan_APIs"

// object is the object behind success plans (success_plan.md, LIVE).
const object = "cta_group"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{successPlanCreate(), successPlanUpdate(), successPlanConfig(), successPlanList()}
}
