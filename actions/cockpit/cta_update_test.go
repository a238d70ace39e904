package cockpit_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// ctaID is a CTA of acme.
const ctaID = "1S01ACME0000000000000000000000000001"

func cta(t *testing.T, tenant *sandbox.Tenant, id string) map[string]any {
	t.Helper()
	for _, c := range tenant.CTAs() {
		if c["Gsid"] == id {
			return c
		}
	}
	t.Fatalf("there is no CTA %s", id)
	return nil
}

func TestUpdateTouchesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	before := cta(t, tenant, ctaID)
	result, _ := actionstest.Run(t, conn, "cta.update", input(t, map[string]any{
		"Gsid": ctaID, "status": "Closed Success", "Comments": "<p>done</p>",
	}))
	if result.Records.Succeeded != 1 {
		t.Fatalf("not written: %s", result.Output)
	}
	after := cta(t, tenant, ctaID)
	if after["IsClosed"] != true || after["Comments"] != "<p>done</p>" {
		t.Errorf("the CTA is not closed or has no comments: %v", after)
	}
	if after["Name"] != before["Name"] || after["OwnerId"] != before["OwnerId"] {
		t.Error("a field that was not given has changed")
	}
}

func TestUpdateOfAnUnknownCTA(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	unknown := strings.Replace(ctaID, "0001", "9999", 1)
	_, output := actionstest.Run(t, conn, "cta.update", input(t,
		map[string]any{"Gsid": unknown, "status": "New"}, map[string]any{"Gsid": ctaID, "status": "New"},
	))
	got := outcomes(t, output)
	if got[0].Status != "failed" || got[0].Code != "COCKPIT_6007" || got[1].Status != "succeeded" {
		t.Errorf("results %+v, want COCKPIT_6007 for the first alone", got)
	}
}

func TestUpdateNeedsAnIdentity(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := conn.Execute(t.Context(), connector.Call{Action: "cta.update", Input: json.RawMessage(`{"records":[{"status":"New"}]}`)})
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonInvalidInput) || len(e.Violations) != 1 || e.Violations[0].Pointer != "/records/0/Gsid" {
		t.Errorf("error %v, want one violation at /records/0/Gsid", err)
	}
}

// TestUpdateIsRepeated: an update has the same effect twice, so a lost answer
// does not leave its outcome open.
func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodPut, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "cta.update", input(t, map[string]any{"Gsid": ctaID, "status": "New"}))
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}
