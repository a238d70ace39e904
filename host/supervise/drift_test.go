package supervise_test

import (
	"encoding/json"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// What a call was built with reaches whatever process serves it, and a call
// that is held is not tried again.
func TestDriftIsSupervised(t *testing.T) {
	t.Parallel()
	fleet := newFleet(t)
	s := inMemory(t, fleet, &supervise.Options{})
	c := open(t, s, nil)
	f, err := schema.Take("echo/echo.get", nil, json.RawMessage(`{"properties":{"do":{"type":"string"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	in := call(t, "echo.get", order{Do: "version"})
	in.BuiltWith = f.String()
	result, err := c.Execute(t.Context(), in)
	if err != nil || len(result.Diagnostics) != 1 {
		t.Errorf("remarks = %v, %v", result.Diagnostics, err)
	}
	in.Drift = connector.DriftHold
	_, err = c.Execute(t.Context(), in)
	if e := failed(t, err, connector.ReasonSchemaDrift); len(e.Violations) != 1 {
		t.Errorf("error = %+v", e)
	}
	if n := fleet.size(); n != 1 {
		t.Errorf("%d processes were started", n)
	}
}
