package actions_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

func TestKeyedOutcomes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want map[string]actions.Outcome
	}{
		"lists of single-key maps": {
			`{"success":[{"1":"1S01"}],"failure":[{"2":"COCKPIT_9700: Missing"}]}`,
			map[string]actions.Outcome{"1": {ID: "1S01"}, "2": {Failure: "COCKPIT_9700: Missing"}},
		},
		"one map each": {
			`{"success":{"1":"1S01","3":"1S03"},"failures":{"2":"no"}}`,
			map[string]actions.Outcome{"1": {ID: "1S01"}, "3": {ID: "1S03"}, "2": {Failure: "no"}},
		},
		"records in place of ids": {
			`{"success":{"1":{"Gsid":"1S01"}}}`, map[string]actions.Outcome{"1": {ID: "1S01"}},
		},
		"reasons in place of texts": {
			`{"failures":{"2":{"errorCode":"X_1","errorDesc":"no"},"3":["a","b"],"4":null}}`,
			map[string]actions.Outcome{"2": {Failure: "X_1: no"}, "3": {Failure: "a; b"}, "4": {Failure: "the tenant gives no reason"}},
		},
		"failed after all": {
			`{"success":[{"1":"1S01"}],"failure":[{"1":"no"}]}`, map[string]actions.Outcome{"1": {Failure: "no"}},
		},
		"empty":         {`{"success":[],"failure":[]}`, map[string]actions.Outcome{}},
		"not an object": {`[]`, nil},
		"nothing":       {``, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, actions.KeyedOutcomes(json.RawMessage(tt.data))); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzKeyedOutcomes(f *testing.F) {
	f.Add([]byte(`{"success":[{"1":"1S01"}],"failure":[{"2":"COCKPIT_9700: Missing"}]}`))
	f.Add([]byte(`{"success":{"1":{"Gsid":"x"}},"failures":{"2":["a",{"errorCode":"b"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for ref, o := range actions.KeyedOutcomes(data) {
			if o.ID != "" && o.Failure != "" {
				t.Errorf("%q is both written and refused", ref)
			}
		}
	})
}
