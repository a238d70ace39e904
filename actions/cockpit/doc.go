// Package cockpit holds the Call to Action (CTA) actions (cta.md). The object
// behind them is call_to_action.
package cockpit

import "github.com/gainsight-connector/gainsight-connector/actions"

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
