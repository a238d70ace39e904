package host

import (
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// knowsDrift refuses a call that says what it was built with if the connector
// would run it without looking at that. A nil means that it may be made.
func (p *Plugin) knowsDrift(call connector.Call) *connector.Error {
	switch {
	case call.Drift != "" && !slices.Contains(connector.DriftPolicies(), call.Drift):
		return connector.Errorf(connector.ReasonInvalidInput, "there is no drift policy %q", call.Drift).
			WithHint("the policies are ignore, warn, hold and fail")
	case call.BuiltWith != "" && call.Drift != connector.DriftIgnore && !slices.Contains(p.terms.features, wire.FeatureDrift):
		return connector.Errorf(connector.ReasonUnsupported, "the connector does not compare what a call was built with").
			WithHint("leave the fingerprint out, or take a newer version of the connector")
	}
	return nil
}
