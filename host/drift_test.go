package host_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// builtWith is the fingerprint of an action of echo when its input had a field.
func builtWith(t *testing.T, action string) string {
	t.Helper()
	f, err := schema.Take("echo/"+action, nil, json.RawMessage(`{"properties":{"do":{"type":"string"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return f.String()
}

// driven runs an action by the call of its mode.
func driven(t *testing.T, c *host.Connection, in connector.Call) ([]connector.Diagnostic, error) {
	t.Helper()
	switch in.Action {
	case "echo.export":
		summary, err := c.Download(t.Context(), in, &strings.Builder{}, nil)
		return summary.Diagnostics, err
	case "echo.import":
		result, err := c.Upload(t.Context(), in, "text/plain", strings.NewReader("x"))
		return result.Diagnostics, err
	}
	result, err := c.Execute(t.Context(), in)
	return result.Diagnostics, err
}

func TestDriftPassesThrough(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	for _, action := range []string{"echo.get", "echo.export", "echo.import"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			in := call(t, action, order{Do: "nothing"})
			in.BuiltWith = builtWith(t, action)
			told, err := driven(t, c, in)
			if err != nil || len(told) != 1 || told[0].Pointer != "/do" {
				t.Errorf("remarks = %v, %v", told, err)
			}
			in.Drift = connector.DriftIgnore
			if told, err := driven(t, c, in); err != nil || len(told) > 0 {
				t.Errorf("ignored: remarks = %v, %v", told, err)
			}
			in.Drift = connector.DriftHold
			_, err = driven(t, c, in)
			if e := failed(t, err, connector.ReasonSchemaDrift); len(e.Violations) != 1 || e.Violations[0].Keyword != "drift:removed" {
				t.Errorf("violations = %v", e.Violations)
			}
			in.Drift = connector.DriftFail
			_, err = driven(t, c, in)
			wantReason(t, err, connector.ReasonInvalidInput)
			in.Drift = "perhaps"
			_, err = driven(t, c, in)
			if e := failed(t, err, connector.ReasonInvalidInput); !strings.Contains(e.Message, `no drift policy "perhaps"`) {
				t.Errorf("error = %v", e)
			}
		})
	}
}

// A connector that is older than fingerprints would run the call as if nothing
// had been said.
func TestDriftNeedsTheFeature(t *testing.T) {
	t.Parallel()
	older := &server{handshake: func(resp *connectorv1.HandshakeResponse) {
		resp.Features = slices.DeleteFunc(resp.GetFeatures(), func(f string) bool { return f == wire.FeatureDrift })
	}, execute: func() (*connectorv1.ExecuteResponse, error) { return &connectorv1.ExecuteResponse{}, nil }}
	c := older.tenant(t)
	in := call(t, "echo.get", order{})
	in.BuiltWith = builtWith(t, "echo.get")
	_, err := c.Execute(t.Context(), in)
	wantReason(t, err, connector.ReasonUnsupported)
	in.Drift = connector.DriftIgnore
	if _, err := c.Execute(t.Context(), in); err != nil {
		t.Errorf("ignored: %v", err)
	}
}

func TestDescribeFingerprint(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	d, err := c.Describe(t.Context(), connector.DescribeRequest{
		Action: "echo.get", Fingerprint: true, UsedBy: json.RawMessage(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if f, err := schema.ParseFingerprint(d.Fingerprint); err != nil || f.Of != "echo/echo.get" {
		t.Errorf("fingerprint = %v, %v", f, err)
	}
}
