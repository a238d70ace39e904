package actions_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

func TestPlacedOutcomes(t *testing.T) {
	t.Parallel()
	one, two := []string{"1"}, []string{"1", "2"}
	written, failed := map[int]actions.Outcome{0: {ID: "1X"}}, map[int]actions.Outcome{0: {Failure: "X_1: no"}}
	tests := map[string]struct {
		data       string
		references []string
		want       map[int]actions.Outcome
	}{
		"a record":                         {`{"Gsid":"1X","Name":"a"}`, one, written},
		"a record with another id":         {`{"id":"1X"}`, one, written},
		"an id":                            {`"1X"`, one, written},
		"a list of records":                {`[{"gsid":"1X"}]`, one, written},
		"a list of ids":                    {`["1X","1Y"]`, two, map[int]actions.Outcome{0: {ID: "1X"}, 1: {ID: "1Y"}}},
		"a list of another length":         {`["1X"]`, two, nil},
		"maps by reference":                {`{"success":[{"1":"1X"}],"failure":[]}`, one, written},
		"maps by reference, both":          {`{"success":[{"2":"1X"}],"failure":[{"1":"no"}]}`, two, map[int]actions.Outcome{0: {Failure: "no"}, 1: {ID: "1X"}}},
		"maps by something else":           {`{"success":[{"0":"1X"}],"failure":[]}`, one, written},
		"a failure by something else":      {`{"success":[],"failure":[{"0":"X_1: no"}]}`, one, failed},
		"failures by something else, more": {`{"success":[],"failure":[{"0":"no"}]}`, two, nil},
		"counts":                           {`{"count":1,"errors":null,"records":[{"Gsid":"1X"}]}`, one, written},
		"counts, failed": {
			`{"count":0,"records":null,"errors":[[{"success":false,"errors":[{"errorMessage":"no","errorCode":"X_1"}]}]]}`, one, failed,
		},
		"a failure in a list":     {`[{"errorCode":"X_1","errorMessage":"no"}]`, one, failed},
		"a success without an id": {`{"success":true}`, one, map[int]actions.Outcome{0: {}}},
		"a record that failed":    {`[{"success":false}]`, one, map[int]actions.Outcome{0: {Failure: "the tenant gives no reason"}}},
		"failure is false":        {`{"failure":false,"Gsid":"1X"}`, one, written},
		"an empty object":         {`{}`, one, nil},
		"an empty list":           {`[]`, one, nil},
		"null":                    {`null`, one, nil},
		"nothing":                 {``, one, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := actions.PlacedOutcomes(json.RawMessage(tt.data), actions.Batch{References: tt.references})
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlacedOutcomesOfRefused: an id in a refusal is no success.
func TestPlacedOutcomesOfRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want map[int]actions.Outcome
	}{
		"an id":         {`"1X"`, nil},
		"a record":      {`{"Gsid":"1X"}`, nil},
		"a list":        {`["1X"]`, nil},
		"a failure":     {`[{"errorMessage":"no"}]`, map[int]actions.Outcome{0: {Failure: "no"}}},
		"a success too": {`{"success":[{"1":"1X"}]}`, map[int]actions.Outcome{0: {ID: "1X"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := actions.PlacedOutcomes(json.RawMessage(tt.data), actions.Batch{References: []string{"1"}, Refused: true})
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzPlacedOutcomes(f *testing.F) {
	for _, seed := range []string{
		`{"Gsid":"1X"}`, `["1X","1Y"]`, `{"success":[{"0":"1X"}],"failure":[{"1":"no"}]}`,
		`{"count":0,"records":null,"errors":[[{"success":false,"errors":[{"errorMessage":"no"}]}]]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, references := range [][]string{{"1"}, {"1", "2"}} {
			for i, o := range actions.PlacedOutcomes(data, actions.Batch{References: references}) {
				if i < 0 || i >= len(references) || o.ID != "" && o.Failure != "" {
					t.Errorf("outcome %d of %d is %+v", i, len(references), o)
				}
			}
		}
	})
}
