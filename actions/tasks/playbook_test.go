package tasks_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestPlaybooks: the shape of the configuration is not known (open question 4).
func TestPlaybooks(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.PlaybookForm{
		"by category": sandbox.PlaybooksKeyed, "a list": sandbox.PlaybooksList,
		"records": sandbox.PlaybooksRecords, "with ids": sandbox.PlaybooksID,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := rig(t, sandbox.Forms{Playbooks: form}, nil)
			_, output := actionstest.Run(t, conn, "playbook.config", `{}`)
			var names []string
			for i, p := range output["playbooks"].([]any) {
				playbook := p.(map[string]any)
				if playbook["gsid"] != gsid("1X03", i+1) {
					t.Errorf("playbook %d has the id %v", i, playbook["gsid"])
				}
				names = append(names, playbook["name"].(string))
			}
			want := []string{"Save the renewal", "Win the sponsor back", "Retired save plan", "Onboard in 30 days", "Escalate"}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlaybookOptions: a new CTA can take the playbooks of its type.
func TestPlaybookOptions(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	for ctaType, want := range map[string][]string{
		"":          {"Save the renewal", "Win the sponsor back", "Retired save plan", "Onboard in 30 days", "Escalate"},
		"Lifecycle": {"Onboard in 30 days", "Escalate"},
	} {
		page, err := conn.Options(t.Context(), connector.OptionsRequest{
			Action: "cta.create", Pointer: "/records/0/PlaybookId", PageSize: 10, Selectors: map[string]string{"type": ctaType},
		})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, o := range page.Options {
			names = append(names, o.Label)
			if o.Inactive != strings.HasPrefix(o.Label, "Retired") || !strings.HasPrefix(o.Value, "1X03") {
				t.Errorf("option %+v", o)
			}
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("options of type %q (-want +got):\n%s", ctaType, diff)
		}
	}
}

func TestNoPlaybookPath(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{Playbooks: sandbox.PlaybooksNone}, nil)
	_, err := execute(t, conn, "playbook.config", `{}`)
	if e := connector.AsError(err); !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(e.Message, "not confirmed") {
		t.Errorf("error %v, want one that says the path is not confirmed", err)
	}
}
