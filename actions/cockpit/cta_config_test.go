package cockpit_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestConfigurationHasInactiveItems(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, output := actionstest.Run(t, conn, "cta.config", `{}`)
	active := map[string]bool{}
	for _, i := range output["CTA_STATUS"].([]any) {
		m := i.(map[string]any)
		active[m["name"].(string)] = m["active"].(bool)
	}
	want := map[string]bool{
		"New": true, "Work In Progress": true, "Closed Success": true, "Closed No Action": true, "Closed Invalid": true, "Parked": false,
	}
	if diff := cmp.Diff(want, active); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// TestConfigurationWithoutItsCall: what a tenant without the call, or with one
// that tells no types, has among its picklists is the same.
func TestConfigurationWithoutItsCall(t *testing.T) {
	t.Parallel()
	want := configurationOf(t, actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil))
	tests := map[string]reply{
		"no such path":  {http.StatusNotFound, `{"result":false,"errorCode":"GS_APIG_1000"}`},
		"not allowed":   {http.StatusForbidden, `{"result":false}`},
		"no types":      {http.StatusOK, `{"result":true,"data":{}}`},
		"another shape": {http.StatusOK, `{"result":true,"data":"none"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, configurationOf(t, replying(t, tt, nil))); diff != "" {
				t.Errorf("(-the call +da_picklist):\n%s", diff)
			}
		})
	}
}

// TestConfigurationThatCannotBeHad has the error of the call.
func TestConfigurationThatCannotBeHad(t *testing.T) {
	t.Parallel()
	none := []string{"NONE"}
	tests := map[string]struct {
		reply    reply
		settings actionstest.Settings
		want     connector.Reason
	}{
		"the picklists have none": {
			reply{http.StatusNotFound, `{"result":false,"errorCode":"GS_APIG_1000"}`},
			actionstest.Settings{"endpoints": map[string]any{"cta.picklist": map[string]any{
				"keys": map[string]any{"type": none, "reason": none, "status": none, "priority": none},
			}}},
			connector.ReasonNotFound,
		},
		"the tenant is down": {reply{http.StatusInternalServerError, ``}, nil, connector.ReasonDownstreamUnavailable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := replying(t, tt.reply, tt.settings).Execute(t.Context(), connector.Call{Action: "cta.config", Input: []byte(`{}`)})
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// reply is how a tenant answers the question for its configuration.
type reply struct {
	status int
	body   string
}

// replying connects to a tenant that is as ever but for that.
func replying(t *testing.T, r reply, settings actionstest.Settings) *host.Connection {
	t.Helper()
	tenant := sandbox.New(sandbox.Acme(), nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !strings.HasPrefix(req.URL.Path, "/v2/cockpit/admin/picklist/lite") {
			tenant.ServeHTTP(w, req)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, r.body)
	}))
	t.Cleanup(server.Close)
	return actionstest.Open(t, actionstest.Host(t), tenant, server.URL, settings)
}

// configurationOf returns the names of the items by category, each with its type.
func configurationOf(t *testing.T, conn *host.Connection) map[string][]string {
	t.Helper()
	_, output := actionstest.Run(t, conn, "cta.config", `{}`)
	all := map[string][]string{}
	for category, items := range output {
		for _, i := range items.([]any) {
			item := i.(map[string]any)
			typeName, _ := item["typeName"].(string)
			if typeName == "ALL_CTA_TYPE" {
				typeName = ""
			}
			all[category] = append(all[category], fmt.Sprint(item["name"], item["gsid"], item["active"], typeName))
		}
	}
	return all
}
