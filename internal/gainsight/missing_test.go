package gainsight_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestMissingFields(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"one of Cockpit":        {"COCKPIT_9700: Missing mandatory fields for create - CompanyId", []string{"CompanyId"}},
		"several of Cockpit":    {"Missing mandatory fields for create - Name, Region__gc", []string{"Name", "Region__gc"}},
		"of users":              {"Missing mandatory fields - Email", []string{"Email"}},
		"custom fields":         {"Missing required custom fields: 'Root Cause' (PICKLIST, allowed values: 'A', B), 'Go Live' (DATE)", []string{"Root Cause", "Go Live"}},
		"of an activity":        {"Activity context name for key 'ContextName' missing", []string{"ContextName"}},
		"of a success plan":     {"SuccessPlanType is required", []string{"SuccessPlanType"}},
		"after a code":          {"COCKPIT_9700: Name is required", []string{"Name"}},
		"after the request":     {"POST /v2/cockpit/cta: the tenant refused the request: COCKPIT_9700 Name is required", []string{"Name"}},
		"null":                  {"GSOBJ_1007: Field Tier__gc cannot be null", []string{"Tier__gc"}},
		"an apostrophe at last": {"Missing required custom fields: 'A", nil},
		"other words":           {"The Name of the record is missing, which is a pity", nil},
		"of another kind":       {"Invalid picklist value (Stage = Region__gc).", nil},
		"nothing":               {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, gainsight.MissingFields(tt.text)); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}
