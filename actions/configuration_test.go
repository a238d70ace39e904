package actions_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

const categoryType = "CTA_TYPE"

// TestParseConfiguration covers shapes that the vendor may answer with; the
// real one is not documented (open question 44).
func TestParseConfiguration(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want []actions.ConfigurationItem
	}{
		"keyed by category": {
			`{"CTA_TYPE":[{"name":"Risk","gsid":"1","active":true}]}`,
			[]actions.ConfigurationItem{{Name: "Risk", GSID: "1", Active: true}},
		},
		"a list": {
			`[{"name":"Risk","gsid":"1","picklistCategory":"CTA_TYPE","active":false}]`,
			[]actions.ConfigurationItem{{Name: "Risk", GSID: "1"}},
		},
		"active if not told": {`{"CTA_TYPE":[{"name":"Risk","gsid":"1"}]}`, []actions.ConfigurationItem{{Name: "Risk", GSID: "1", Active: true}}},
		"without a name":     {`{"CTA_TYPE":[{"gsid":"1"}]}`, []actions.ConfigurationItem{}},
		"no category":        {`{}`, []actions.ConfigurationItem{}},
		"nothing":            {`null`, []actions.ConfigurationItem{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := actions.ParseConfiguration(json.RawMessage(tt.data), categoryType)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got[categoryType]); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := actions.ParseConfiguration(json.RawMessage(`"text"`)); !errors.Is(err, connector.ReasonDownstreamContract) {
		t.Errorf("error %v of a text, want DOWNSTREAM_CONTRACT", err)
	}
}

func FuzzParseConfiguration(f *testing.F) {
	f.Add([]byte(`{"CTA_TYPE":[{"name":"Risk"}]}`))
	f.Add([]byte(`[{"picklistCategory":"X","name":"y"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := actions.ParseConfiguration(data, categoryType)
		if (c == nil) == (err == nil) {
			t.Errorf("configuration %v with error %v", c, err)
		}
		for category := range c {
			if slices.Contains(c.Names(category, ""), "") {
				t.Errorf("%s has an empty name", category)
			}
		}
	})
}
