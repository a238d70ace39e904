package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

const driftPrefix = "DRIFT_POLICY_"

// DriftTo returns p as an enum; what is no policy is UNSPECIFIED.
func DriftTo(p connector.DriftPolicy) connectorv1.DriftPolicy {
	return enumTo[connectorv1.DriftPolicy](driftPrefix, p)
}

// DriftFrom reads an enum; UNSPECIFIED is empty.
func DriftFrom(p connectorv1.DriftPolicy) connector.DriftPolicy {
	return enumFrom(driftPrefix, p, connector.DriftPolicy(""))
}
