package plugin

import (
	"context"
	"errors"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) open(ctx context.Context, req *connectorv1.OpenConnectionRequest) (*connectorv1.OpenConnectionResponse, error) {
	scopeFrom(ctx).tenant = req.GetTenant()
	handle := wire.NewID()
	conn, err := s.author.Open(ctx, wire.SettingsFrom(req), s.emitter(handle))
	if err != nil {
		return nil, err
	}
	if conn == nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the connector's Open returned neither a connection nor an error")
	}
	t := newTenancy(req.GetTenant(), conn)
	if ctx.Err() != nil { // nobody would ever learn the handle
		return nil, errors.Join(ctx.Err(), t.close(context.WithoutCancel(ctx)))
	}
	if !s.connections.add(handle, t) {
		return nil, errors.Join(errDraining(), t.close(ctx))
	}
	return &connectorv1.OpenConnectionResponse{Handle: handle}, nil
}

func (s *service) check(ctx context.Context, req *connectorv1.CheckConnectionRequest) (*connectorv1.CheckConnectionResponse, error) {
	t, err := s.connections.acquire(ctx, req.GetCall().GetHandle())
	if err != nil {
		return nil, err
	}
	defer t.release()
	found, err := checked(ctx, t.conn, req.GetThorough())
	if err != nil {
		return nil, err
	}
	return &connectorv1.CheckConnectionResponse{
		Report: found.Report, Diagnostics: wire.DiagnosticsTo(found.Diagnostics), Stats: statsTo(ctx, found.Stats),
		Thorough: req.GetThorough() != nil,
	}, nil
}

// checked makes the check that a host asks for.
func checked(ctx context.Context, conn Connection, thorough *connectorv1.ThoroughCheck) (connector.Check, error) {
	if thorough != nil {
		if checker, ok := conn.(ThoroughChecker); ok {
			return checker.CheckThoroughly(ctx, wire.ThoroughFrom(thorough))
		}
		return connector.Check{}, connector.Errorf(connector.ReasonUnsupported, "this connector has no thorough check of a connection")
	}
	if checker, ok := conn.(Checker); ok {
		return checker.Check(ctx)
	}
	return connector.Check{}, connector.Errorf(connector.ReasonUnsupported, "this connector cannot check a connection")
}

func (s *service) closeConnection(ctx context.Context, req *connectorv1.CloseConnectionRequest) (*connectorv1.CloseConnectionResponse, error) {
	if t := s.connections.remove(req.GetHandle()); t != nil {
		scopeFrom(ctx).tenant = t.tenant
		err := t.close(ctx)
		s.events.forget(req.GetHandle())
		if err != nil {
			return nil, err
		}
	}
	return &connectorv1.CloseConnectionResponse{}, nil
}
