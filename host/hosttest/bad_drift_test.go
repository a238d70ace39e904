package hosttest_test

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// badDrifts are connectors that go wrong about what calls were built with, each
// with the cases that it fails.
func badDrifts() map[string]bad {
	return map[string]bad{
		"gives no fingerprints": answered(func(_, resp any, err error) error {
			if d, ok := resp.(*connectorv1.DescribeActionResponse); ok && err == nil {
				d.Fingerprint = ""
			}
			return err
		}, "drift/fingerprint"),
		"does not look at what calls were built with": executed(func(req *connectorv1.ExecuteRequest) {
			req.BuiltWith = ""
		}, "drift/fail", "drift/foreign", "drift/hold", "drift/malformed", "drift/warn"),
		"holds every call that has changed": executed(func(req *connectorv1.ExecuteRequest) {
			req.Drift = connectorv1.DriftPolicy_DRIFT_POLICY_HOLD
		}, "drift/fail", "drift/ignore", "drift/warn"),
		"fails every call that has changed": executed(func(req *connectorv1.ExecuteRequest) {
			req.Drift = connectorv1.DriftPolicy_DRIFT_POLICY_FAIL
		}, "drift/hold", "drift/ignore", "drift/warn"),
		"holds what has not changed": answered(func(req, _ any, err error) error {
			if r, ok := req.(*connectorv1.ExecuteRequest); ok && r.GetBuiltWith() != "" && err == nil {
				return wire.ToStatus(connector.Errorf(connector.ReasonSchemaDrift, "it may have changed"), "")
			}
			return err
		}, "drift/ignore", "drift/unchanged", "drift/warn"),
	}
}

// executed changes what is asked of an action.
func executed(change func(*connectorv1.ExecuteRequest), fails ...string) bad {
	return wired(func() tamper {
		return tamper{request: func(req any) any {
			if r, ok := req.(*connectorv1.ExecuteRequest); ok && r.GetBuiltWith() != "" {
				change(r)
			}
			return nil
		}}
	}, fails...)
}
