package timeline

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

func batchOf(ids ...string) actions.Batch {
	b := actions.Batch{References: ids}
	for _, id := range ids {
		b.Records = append(b.Records, map[string]any{fieldExternalID: id, fieldActivityID: "of-" + id})
	}
	return b
}

// TestOutcomes covers shapes that the vendor may answer with; the real one is
// not documented (open question 18).
func TestOutcomes(t *testing.T) {
	t.Parallel()
	const failure = "GS_TL_10_0206: missing"
	tests := map[string]struct {
		data string
		ids  []string
		want map[int]actions.Outcome
	}{
		"the simulator's maps": {
			`{"success":{"a":[{"activityId":"1"}]},"failures":{"b":[{"errorCode":"GS_TL_10_0206","message":"missing"}]}}`,
			[]string{"a", "b"}, map[int]actions.Outcome{0: {ID: "1"}, 1: {Failure: failure}},
		},
		"several reasons": {
			`{"failures":{"a":[{"errorCode":"GS_TL_10_0206","message":"missing"},{"errorCode":"X_1","message":"and wrong"}]}}`,
			[]string{"a"}, map[int]actions.Outcome{0: {Failure: failure + "; and wrong"}},
		},
		"lists of single-key maps": {
			`{"success":[{"a":"1"}],"failure":[{"b":"GS_TL_10_0206: missing"}]}`,
			[]string{"b", "a"}, map[int]actions.Outcome{1: {ID: "1"}, 0: {Failure: failure}},
		},
		"texts that are no code": {
			`{"failure":[{"b":"Broken: it is"}]}`, []string{"b"}, map[int]actions.Outcome{0: {Failure: "Broken: it is"}},
		},
		"objects that name themselves": {
			`[{"ExternalId":"b","success":false,"errorCode":"GS_TL_10_0206","errorDesc":"missing"},{"externalId":"a","activityId":"1","success":true}]`,
			[]string{"a", "b"}, map[int]actions.Outcome{0: {ID: "1"}, 1: {Failure: failure}},
		},
		"records by another id": {
			`{"records":[{"activityId":"of-a"}]}`, []string{"x", "a"}, map[int]actions.Outcome{1: {ID: "of-a"}},
		},
		"nested twice, by position": {
			`{"count":1,"errors":[[{"success":true,"errors":[]},{"success":false,"errors":[{"errorCode":"GS_TL_10_0206","errorMessage":"missing"}]}]],"records":null}`,
			[]string{"a", "b"}, map[int]actions.Outcome{0: {}, 1: {Failure: failure}},
		},
		"the one that was asked about": {
			`{"activityId":"1"}`, []string{"a"}, map[int]actions.Outcome{0: {ID: "1"}},
		},
		"a list of ids":              {`{"success":["b"]}`, []string{"a", "b"}, map[int]actions.Outcome{1: {}}},
		"a failure without a reason": {`{"failures":{"a":null}}`, []string{"a"}, map[int]actions.Outcome{0: {Failure: "the tenant gives no reason"}}},
		"both": {
			`{"success":{"a":"1"},"failures":{"a":"no"}}`, []string{"a", "b"}, map[int]actions.Outcome{0: {Failure: "no"}},
		},
		"flags that are no lists":    {`{"success":true,"failed":0}`, []string{"a", "b"}, map[int]actions.Outcome{}},
		"of others":                  {`{"success":{"x":"1"}}`, []string{"a", "b"}, map[int]actions.Outcome{}},
		"nothing":                    {`null`, []string{"a"}, map[int]actions.Outcome{}},
		"an empty object":            {`{}`, []string{"a"}, map[int]actions.Outcome{}},
		"not even JSON":              {``, []string{"a"}, map[int]actions.Outcome{}},
		"too few, and without names": {`{"errors":[{"success":false}]}`, []string{"a", "b"}, map[int]actions.Outcome{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, outcomes(json.RawMessage(tt.data), batchOf(tt.ids...))); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOutcomesOfRefused: a refusal that names a record, and does not say that it
// was written, is no success.
func TestOutcomesOfRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want map[int]actions.Outcome
	}{
		"names alone":          {`["a","b"]`, map[int]actions.Outcome{}},
		"an object that names": {`{"externalId":"a","activityId":"of-a"}`, map[int]actions.Outcome{}},
		"a map by name":        {`{"a":"1"}`, map[int]actions.Outcome{}},
		"successes":            {`{"success":{"a":"1"},"failures":{"b":"no"}}`, map[int]actions.Outcome{0: {ID: "1"}, 1: {Failure: "no"}}},
		"flags": {
			`[{"ExternalId":"a","success":true,"activityId":"1"},{"ExternalId":"b","success":false}]`,
			map[int]actions.Outcome{0: {ID: "1"}, 1: {Failure: "the tenant gives no reason"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := batchOf("a", "b")
			b.Refused = true
			if diff := cmp.Diff(tt.want, outcomes(json.RawMessage(tt.data), b)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzOutcomes(f *testing.F) {
	f.Add([]byte(`{"success":{"a":[{"activityId":"1"}]},"failures":{"b":[{"errorCode":"X","message":"y"}]}}`))
	f.Add([]byte(`[{"ExternalId":"a","success":false,"errors":[[{"errorCode":"X"}]]}]`))
	f.Add([]byte(`{"count":0,"errors":[[{"success":true},{}]],"records":[["a"]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for i := range outcomes(data, batchOf("a", "b")) {
			if i < 0 || i > 1 {
				t.Errorf("an outcome of record %d of 2", i)
			}
		}
		for _, name := range []string{"a", "b"} { // no failure that is told under a record's name is lost
			told, err := json.Marshal(map[string]any{"success": json.RawMessage(`{}`), "failures": map[string]any{name: string(data)}})
			if err != nil {
				t.Fatal(err)
			}
			if found := outcomes(told, batchOf("a", "b")); found[int(name[0]-'a')].Failure == "" {
				t.Errorf("the failure of %s is lost", name)
			}
		}
	})
}

func FuzzParseJob(f *testing.F) {
	f.Add([]byte(`"COMPLETED"`), []byte(`{"a":[{"errorCode":"X","message":"y"}]}`), []byte(`1`))
	f.Add([]byte(`7`), []byte(`[["text"]]`), []byte(`null`))
	f.Fuzz(func(t *testing.T, state, errs, n []byte) {
		values := map[string]json.RawMessage{"job_status": state, "job_errors": errs, "job_succeeded": n}
		find := func(paths []string) json.RawMessage {
			if len(paths) == 0 {
				return nil
			}
			return values[paths[0]]
		}
		keys := map[string][]string{
			"job_status": {"job_status"}, "job_errors": {"job_errors"}, "job_succeeded": {"job_succeeded"},
		}
		j, err := parseJob(find, keys, "id")
		if err == nil && (j.Status == "" || j.Errors == nil || j.Failed != nil) {
			t.Errorf("job %+v", j)
		}
	})
}
