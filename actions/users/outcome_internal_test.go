package users

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

const (
	idA = "1P01EXAMPLEUSER000000000000000000001"
	idB = "1P01EXAMPLEUSER000000000000000000002"
	idC = "1P01EXAMPLEUSER000000000000000000003"
)

// named returns records with these user names.
func named(names ...string) []map[string]any {
	records := make([]map[string]any, len(names))
	for i, name := range names {
		records[i] = map[string]any{fieldName: name}
	}
	return records
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	type result = map[int]actions.Outcome
	abc := named("a@example.com", "b@example.com", "c@example.com")
	tests := map[string]struct {
		records []map[string]any
		refused bool
		data    string
		want    result
	}{
		"records": {
			abc, false, `{"success":[{"SFDCUserName":"B@example.com","Gsid":"` + idB + `"},{"sfdcUserName":"c@example.com","gsid":"` + idC + `"}],
				"errors":[{"errorMessage":"Duplicate user"}]}`,
			result{0: {Failure: "Duplicate user"}, 1: {ID: idB}, 2: {ID: idC}},
		},
		"a map of ids": {
			abc, false, `{"success":{"a@example.com":"` + idA + `","c@example.com":"` + idC + `"},"errors":{"b@example.com":"GU_2411: Duplicate user"}}`,
			result{0: {ID: idA}, 1: {Failure: "GU_2411: Duplicate user"}, 2: {ID: idC}},
		},
		"single-key maps": {
			abc[:2], false, `{"success":[{"a@example.com":{"Gsid":"` + idA + `"}}],"errors":[{"b@example.com":{"errorCode":"GU_2411","errorMessage":"no"}}]}`,
			result{0: {ID: idA}, 1: {Failure: "GU_2411: no"}},
		},
		"ids to names": {
			abc[:2], false, `{"success":{"` + idB + `":"b@example.com","` + idA + `":"a@example.com"}}`,
			result{0: {ID: idA}, 1: {ID: idB}},
		},
		"names": {abc[:2], false, `{"success":["b@example.com","a@example.com"]}`, result{0: {}, 1: {}}},
		"ids of the records": {
			[]map[string]any{{fieldID: idA}, {fieldID: idB}}, false, `{"success":["` + idB + `"],"errors":[{"errorMessage":"User not found"}]}`,
			result{0: {Failure: "User not found"}, 1: {ID: idB}},
		},
		"a new id of one record":      {abc[:1], false, `{"success":["` + idA + `"],"errors":[]}`, result{0: {ID: idA}}},
		"a new id by place":           {abc[:1], false, `{"success":[{"0":"` + idA + `"}]}`, result{0: {ID: idA}}},
		"new ids that nobody can say": {abc[:2], false, `{"success":["` + idB + `","` + idA + `"]}`, result{0: {}, 1: {}}},
		"a number":                    {abc[:2], false, `{"success":2,"errors":[]}`, result{0: {}, 1: {}}},
		"nothing":                     {abc[:2], false, ``, result{0: {}, 1: {}}},
		"null parts":                  {abc[:1], false, `{"success":null,"errors":null}`, result{0: {}}},
		"a bare list":                 {abc[:1], false, `[{"SFDCUserName":"a@example.com","Gsid":"` + idA + `"}]`, result{0: {ID: idA}}},
		"one list for both": {
			abc[:2], false, `{"success":[{"email":"x","sfdcusername":"a@example.com","gsid":"` + idA + `","errorMessage":null},
				{"sfdcusername":"b@example.com","errorMessage":"no"}]}`,
			result{0: {ID: idA}, 1: {Failure: "no"}},
		},
		"failed after all": {
			abc[:1], false, `{"success":["a@example.com"],"errors":[{"SFDCUserName":"a@example.com","errorMessage":"no"}]}`,
			result{0: {Failure: "no"}},
		},
		"two reasons": {
			abc[:1], true, `{"errors":[{"SFDCUserName":"a@example.com","errorMessage":"no"},{"SFDCUserName":"a@example.com","errorMessage":"never"}]}`,
			result{0: {Failure: "no; never"}},
		},
		"nested, with the record": {
			abc[:2], true, `{"success":[],"errors":[[{"success":false,"parsedValue":{"SFDCUserName":"b@example.com"},
				"errors":[{"errorCode":"GU_2410","errorMessage":"no"}]}],
				[{"success":false,"parsedValue":null,"errors":[{"errorMessage":"bad"}]}]]}`,
			result{0: {Failure: "bad"}, 1: {Failure: "GU_2410: no"}},
		},
		"nested, one list for each":         {abc[:2], true, `{"errors":[[{"errorMessage":"x"},{"errorMessage":"y"}],[{"errorMessage":"z"}]]}`, result{0: {Failure: "x; y"}, 1: {Failure: "z"}}},
		"nested, one list for all":          {abc[:2], true, `{"errors":[[{"errorMessage":"x"},{"errorMessage":"y"}]]}`, result{0: {Failure: "x"}, 1: {Failure: "y"}}},
		"nested in an object":               {abc[:2], true, `{"errors":{"errors":[{"errorMessage":"x"},{"errorMessage":"y"}]}}`, result{0: {Failure: "x"}, 1: {Failure: "y"}}},
		"a list of errors in place of data": {abc[:1], true, `[{"errorMessage":"x"}]`, result{0: {Failure: "x"}}},
		"all refused for one": {
			abc[:2], true, `{"success":[],"errors":[{"errorMessage":"Duplicate user"}]}`,
			result{
				0: {Failure: "the tenant wrote no user of the request: Duplicate user"},
				1: {Failure: "the tenant wrote no user of the request: Duplicate user"},
			},
		},
		"refused without a word": {abc[:2], true, `{"success":[],"errors":[]}`, result{}},
		"refused, null":          {abc[:2], true, ``, result{}},
		"fewer failures than are open": {
			abc, false, `{"success":["a@example.com"],"errors":[{"errorMessage":"x"}]}`, result{0: {}, 1: {Unknown: true}, 2: {Unknown: true}},
		},
		"the same in a refusal": {abc, true, `{"success":["a@example.com"],"errors":[{"errorMessage":"x"}]}`, result{0: {}}},
		"a refusal that counts nobody": {
			abc, true, `{"errors":[{"SFDCUserName":"b@example.com","errorMessage":"x"}]}`,
			result{0: {Unknown: true}, 1: {Failure: "x"}, 2: {Unknown: true}},
		},
		"new ids beside a named failure": {
			abc, true, `{"success":["` + idA + `","` + idC + `"],"errors":{"b@example.com":"x"}}`, result{0: {}, 1: {Failure: "x"}, 2: {}},
		},
		"a number beside a named failure": {abc, true, `{"success":2,"errors":{"b@example.com":"x"}}`, result{0: {}, 1: {Failure: "x"}, 2: {}}},
		"nobody beside a failure":         {abc[:2], true, `{"success":0,"errors":{"b@example.com":"x"}}`, result{1: {Failure: "x"}}},
		"new ids beside a failure": {
			abc[:2], false, `{"success":["` + idA + `"],"errors":[{"errorMessage":"x"}]}`, result{0: {Unknown: true}, 1: {Unknown: true}},
		},
		"new ids in a refusal": {
			abc[:2], true, `{"success":["` + idA + `"],"errors":[{"errorMessage":"x"}]}`, result{0: {Unknown: true}, 1: {Unknown: true}},
		},
		"an e-mail that two share": {
			[]map[string]any{{fieldName: "a", "Email": "x@example.com"}, {fieldName: "b", "Email": "X@example.com"}}, false,
			`{"success":[{"SFDCUserName":"a"}],"errors":[{"email":"x@example.com","errorMessage":"no"}]}`,
			result{0: {}, 1: {Failure: "no"}},
		},
		"neither list nor map": {abc[:1], false, `{"success":true,"errors":0}`, result{0: {}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := outcomes(json.RawMessage(tt.data), actions.Batch{Records: tt.records, Refused: tt.refused})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzOutcomes holds the reader to what any answer must give: nothing but
// records of the request, none both written and refused, and the same for the
// same answer.
func FuzzOutcomes(f *testing.F) {
	for _, seed := range []string{
		`{"success":[{"SFDCUserName":"a","Gsid":"x"}],"errors":[[{"errorMessage":"no","parsedValue":{"Email":"b"}}]]}`,
		`{"success":{"a":"x","y":"b"},"errors":{"b":["no",{"errorCode":"GU_2411"}],"errors":[1,null]}}`,
		`[{"record":{"user":{"gsid":"A"}}},"b",["z"]]`, `{"success":2}`, `null`,
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, refused bool) {
		b := actions.Batch{Records: []map[string]any{{fieldName: "a", fieldID: "x"}, {fieldName: "b", "Email": "e"}}, Refused: refused}
		got := outcomes(data, b)
		for i, o := range got {
			if i < 0 || i >= len(b.Records) {
				t.Errorf("outcome of record %d, which there is not", i)
			}
			if o.Failure != "" && o.ID != "" || o.Unknown && (o.Failure != "" || o.ID != "") {
				t.Errorf("record %d contradicts itself: %+v", i, o)
			}
		}
		if diff := cmp.Diff(got, outcomes(data, b)); diff != "" {
			t.Errorf("the same answer gives another outcome:\n%s", diff)
		}
	})
}
