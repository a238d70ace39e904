// Package cockpit holds the Call to Action (CTA) actions (cta.md). The object
// behind them is call_to_action.
package cockpit

import (
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// group is the actions' place in the catalog.
const group = "Cockpit APIs / Call to Action"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Cockpit_API/Call_To_Action_(CTA)_API_Documentation"

// object is the object behind CTAs (cta.md, LIVE).
const object = "call_to_action"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{ctaCreate(), ctaUpdate(), ctaList(), ctaConfig()}
}

// limits are the tenant's limits on synchronous calls, which hold for Cockpit
// by inference (common.md, section 3).
func limits() connector.ActionLimits {
	return connector.ActionLimits{Rates: []connector.RateLimit{
		{Calls: 100, Window: time.Minute}, {Calls: 50_000, Window: 24 * time.Hour},
	}}
}
