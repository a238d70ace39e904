package tasks

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestParsePlaybooks(t *testing.T) {
	t.Parallel()
	type item = actions.ConfigurationItem
	tests := map[string]struct {
		data string
		want []playbook
	}{
		"by category": {
			`{"B":[{"name":"b","gsid":"2"}],"A":[{"name":"a","gsid":"1","active":false,"typeName":"Risk"}],"n":3}`,
			[]playbook{{item{GSID: "1", Name: "a", TypeName: "Risk"}, "A"}, {item{GSID: "2", Name: "b", Active: true}, "B"}},
		},
		"records":         {`{"records":[{"Gsid":"1","Name":"a","IsActive":false}]}`, []playbook{{item{GSID: "1", Name: "a"}, ""}}},
		"with ids":        {`[{"id":"1","name":"a"}]`, []playbook{{item{GSID: "1", Name: "a", Active: true}, ""}}},
		"without a name":  {`[{"id":"1"},{"name":"a"},7,{"id":5,"name":"x"}]`, []playbook{}},
		"an empty object": {`{}`, []playbook{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parsePlaybooks(json.RawMessage(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("playbooks (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := parsePlaybooks(json.RawMessage(`"text"`)); !errors.Is(err, connector.ReasonDownstreamContract) {
		t.Errorf("error %v of a text, want DOWNSTREAM_CONTRACT", err)
	}
}

func FuzzParsePlaybooks(f *testing.F) {
	f.Add([]byte(`{"A":[{"name":"a","gsid":"1"}]}`))
	f.Add([]byte(`[{"id":"1","Name":"y"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := parsePlaybooks(data)
		if (found == nil) == (err == nil) {
			t.Errorf("playbooks %v with error %v", found, err)
		}
		for _, p := range found {
			if p.GSID == "" || p.Name == "" {
				t.Errorf("playbook %+v is no use", p)
			}
		}
	})
}
