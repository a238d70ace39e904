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
		want map[int]actions.Outcome
	}{
		"lists of single-key maps": {
			`{"success":[{"1":"1S01"}],"failure":[{"2":"COCKPIT_9700: Missing"}]}`,
			map[int]actions.Outcome{0: {ID: "1S01"}, 1: {Failure: "COCKPIT_9700: Missing"}},
		},
		"one map each": {
			`{"success":{"1":"1S01","3":"1S03"},"failures":{"2":"no"}}`,
			map[int]actions.Outcome{0: {ID: "1S01"}, 2: {ID: "1S03"}, 1: {Failure: "no"}},
		},
		"records in place of ids": {
			`{"success":{"1":{"Gsid":"1S01"}}}`, map[int]actions.Outcome{0: {ID: "1S01"}},
		},
		"reasons in place of texts": {
			`{"failures":{"2":{"errorCode":"X_1","errorDesc":"no"},"3":["a","b"],"4":null}}`,
			map[int]actions.Outcome{1: {Failure: "X_1: no"}, 2: {Failure: "a; b"}, 3: {Failure: "the tenant gives no reason"}},
		},
		"reasons within a reason": {
			`{"failures":{"2":{"success":false,"errors":[{"errorCode":"X_1","errorMessage":"no"},{"errorMessage":"never"}]}}}`,
			map[int]actions.Outcome{1: {Failure: "X_1: no; never"}},
		},
		"failed after all": {
			`{"success":[{"1":"1S01"}],"failure":[{"1":"no"}]}`, map[int]actions.Outcome{0: {Failure: "no"}},
		},
		"empty":         {`{"success":[],"failure":[]}`, map[int]actions.Outcome{}},
		"not an object": {`[]`, map[int]actions.Outcome{}},
		"nothing":       {``, map[int]actions.Outcome{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			batch := actions.Batch{References: []string{"1", "2", "3", "4"}}
			if diff := cmp.Diff(tt.want, actions.KeyedOutcomes(json.RawMessage(tt.data), batch)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestKeyedOutcomesOfOne: the key of a sole record's result need not be known.
func TestKeyedOutcomesOfOne(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want map[int]actions.Outcome
	}{
		"under its reference":      {`{"success":[{"a":"1S01"}]}`, map[int]actions.Outcome{0: {ID: "1S01"}}},
		"under its index":          {`{"success":[{"0":"1S01"}]}`, map[int]actions.Outcome{0: {ID: "1S01"}}},
		"a failure under anything": {`{"failure":{"?":"no"}}`, map[int]actions.Outcome{0: {Failure: "no"}}},
		"two outcomes":             {`{"success":[{"0":"1S01"},{"1":"1S02"}]}`, map[int]actions.Outcome{}},
		"none":                     {`{"success":[]}`, map[int]actions.Outcome{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := actions.KeyedOutcomes(json.RawMessage(tt.data), actions.Batch{References: []string{"a"}})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzKeyedOutcomes(f *testing.F) {
	f.Add([]byte(`{"success":[{"1":"1S01"}],"failure":[{"2":"COCKPIT_9700: Missing"}]}`))
	f.Add([]byte(`{"success":{"1":{"Gsid":"x"}},"failures":{"2":["a",{"errorCode":"b"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for i, o := range actions.KeyedOutcomes(data, actions.Batch{References: []string{"1", "2"}}) {
			if o.ID != "" && o.Failure != "" {
				t.Errorf("record %d is both written and refused", i)
			}
		}
	})
}
