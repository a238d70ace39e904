package plugin_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
			<-leave
			return connector.Result{}, nil
		}}), connector.Limits{})
		call, spare := r.tenant(t), r.tenant(t)
		ran := make(chan error, 1)
		go func() {
			_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
			ran <- err
		}()
		synctest.Wait()

		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		resp, err := r.Drain(ctx, &connectorv1.DrainRequest{})
		if err != nil || resp.GetInFlight() != 1 {
			t.Fatalf("Drain = %v, %v, want one call left", resp, err)
		}
		if took := time.Since(began); took < 19*time.Second || took >= 20*time.Second {
			t.Errorf("Drain took %v, want nearly its deadline", took)
		}

		_, err = r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
		if e := failure(t, err, connector.ReasonDraining); e.Retry != connector.RetryLater {
			t.Errorf("retry = %q", e.Retry)
		}
		if _, err := r.CloseConnection(t.Context(), &connectorv1.CloseConnectionRequest{Handle: spare.GetHandle()}); err != nil {
			t.Errorf("CloseConnection while draining: %v", err)
		}
		probe, err := r.Probe(t.Context(), &connectorv1.ProbeRequest{})
		if err != nil || probe.GetInFlight() != 1 || probe.GetConnections() != 1 || probe.GetInstanceId() == "" {
			t.Errorf("Probe = %v, %v, want one call and one connection", probe, err)
		}

		close(leave)
		if resp, err := r.Drain(t.Context(), &connectorv1.DrainRequest{}); err != nil || resp.GetInFlight() != 0 {
			t.Errorf("second Drain = %v, %v, want none left", resp, err)
		}
		if err := <-ran; err != nil {
			t.Errorf("the running call: %v", err)
		}
	})
}

func TestDrainWithNothingRunning(t *testing.T) {
	t.Parallel()
	r := dial(t, echo(), nil) // a host may stop what it never shook hands with
	if resp, err := r.Drain(t.Context(), &connectorv1.DrainRequest{}); err != nil || resp.GetInFlight() != 0 {
		t.Errorf("Drain = %v, %v", resp, err)
	}
}

// A host that has drained a connector can read the events to their end.
func TestDrainEndsTheEvents(t *testing.T) {
	t.Parallel()
	var emit func(connector.Event)
	r := start(t, emits(&emit), connector.Limits{})
	handle := r.tenant(t).GetHandle()
	s := watch(t.Context(), t, r)
	emit(secrets("/a=1"))
	if _, err := r.Drain(t.Context(), &connectorv1.DrainRequest{}); err != nil {
		t.Fatal(err)
	}
	if diff := diffEvents(secrets("/a=1"), next(t, s, handle)); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if _, err := s.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("the stream ended with %v, want a clean end", err)
	}
}

func TestDrainIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		defer close(leave)
		r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
			<-leave
			return connector.Result{}, nil
		}}), connector.Limits{})
		call := r.tenant(t)
		go func() { _, _ = r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"}) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		drained := make(chan error, 1)
		go func() {
			_, err := r.Drain(ctx, &connectorv1.DrainRequest{})
			drained <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-drained; err == nil {
			t.Error("Drain succeeded with a call running and nobody waiting")
		}
	})
}
