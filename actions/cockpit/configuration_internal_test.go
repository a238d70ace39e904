package cockpit

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// TestParseConfiguration covers shapes that the vendor may answer with; the
// real one is not documented (open question 44).
func TestParseConfiguration(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want []item
	}{
		"keyed by category": {
			`{"CTA_TYPE":[{"name":"Risk","gsid":"1","active":true}]}`,
			[]item{{Name: "Risk", GSID: "1", Active: true}},
		},
		"a list": {
			`[{"name":"Risk","gsid":"1","picklistCategory":"CTA_TYPE","active":false}]`,
			[]item{{Name: "Risk", GSID: "1"}},
		},
		"active if not told": {`{"CTA_TYPE":[{"name":"Risk","gsid":"1"}]}`, []item{{Name: "Risk", GSID: "1", Active: true}}},
		"without a name":     {`{"CTA_TYPE":[{"gsid":"1"}]}`, []item{}},
		"no category":        {`{}`, []item{}},
		"nothing":            {`null`, []item{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseConfiguration(json.RawMessage(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got[categoryType]); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := parseConfiguration(json.RawMessage(`"text"`)); !errors.Is(err, connector.ReasonDownstreamContract) {
		t.Errorf("error %v of a text, want DOWNSTREAM_CONTRACT", err)
	}
}

func FuzzParseConfiguration(f *testing.F) {
	f.Add([]byte(`{"CTA_TYPE":[{"name":"Risk"}]}`))
	f.Add([]byte(`[{"picklistCategory":"X","name":"y"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseConfiguration(data)
		if (c == nil) == (err == nil) {
			t.Errorf("configuration %v with error %v", c, err)
		}
		for _, field := range pseudoFields() {
			for _, name := range field.names(c, nil) {
				if name == "" {
					t.Errorf("%s has an empty name", field.name)
				}
			}
		}
	})
}
