package plugin

import (
	"context"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) probe(_ context.Context, req *connectorv1.ProbeRequest) (*connectorv1.ProbeResponse, error) {
	return &connectorv1.ProbeResponse{
		Nonce: req.GetNonce(), InstanceId: s.instance, InFlight: s.admission.inFlight(), Connections: uint32(s.connections.size()), //nolint:gosec // as many connections as one process has
	}, nil
}
