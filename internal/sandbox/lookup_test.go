package sandbox_test

import (
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestLookups(t *testing.T) {
	t.Parallel()
	by := func(object string, fields map[string]any, multi, none string) map[string]any {
		return map[string]any{"fields": fields, "lookupField": "Gsid", "objectName": object, "multiMatchOption": multi, "onNoMatch": none}
	}
	owner := func(multi, none string) map[string]any {
		return map[string]any{"OwnerId": by("GsUser", map[string]any{"OwnerName": "Name"}, multi, none)}
	}
	tests := map[string]struct {
		lookups map[string]any
		changes map[string]any
		field   string
		want    string // value, or prefix of the failure
		fails   bool
	}{
		"by email": {
			map[string]any{"OwnerId": by("gsuser", map[string]any{"OwnerEmail": "Email"}, "FIRSTMATCH", "ERROR")},
			map[string]any{"OwnerId": without, "OwnerEmail": "Ben.Costa@example.com"}, "OwnerId", gsid("1P01", "acme", 2), false,
		},
		"company by name": {
			map[string]any{"CompanyId": by("Company", map[string]any{"companyName": "Name"}, "FIRSTMATCH", "ERROR")},
			map[string]any{"CompanyId": without, "companyName": "Aurora Labs"}, "CompanyId", gsid("1P02", "acme", 2), false,
		},
		"first of two": {
			owner("FIRSTMATCH", "ERROR"),
			map[string]any{"OwnerId": without, "OwnerName": "Alex Kim"},
			"OwnerId",
			gsid("1P01", "acme", 9),
			false,
		},
		"two is an error": {
			owner("MARKASERROR", "ERROR"),
			map[string]any{"OwnerId": without, "OwnerName": "Alex Kim"},
			"",
			"GSOBJ_1002: Multiple gsuser records",
			true,
		},
		"none, error": {
			owner("FIRSTMATCH", "ERROR"),
			map[string]any{"OwnerId": without, "OwnerName": "Nobody"},
			"",
			"GSOBJ_1002: No gsuser record",
			true,
		},
		"none, null, mandatory": {
			owner("FIRSTMATCH", "NULLABLE"), map[string]any{"OwnerId": without, "OwnerName": "Nobody"}, "",
			"COCKPIT_9700: Missing mandatory fields for create - OwnerId", true,
		},
		"none, null": {
			map[string]any{"Executive_Sponsor__gc": by("gsuser", map[string]any{"sponsor": "Email"}, "FIRSTMATCH", "NULLABLE")},
			map[string]any{"sponsor": "nobody@example.com"}, "Executive_Sponsor__gc", "", false,
		},
		"none, default": {
			owner("FIRSTMATCH", "DEFAULTVALUE"),
			map[string]any{"OwnerId": without, "OwnerName": "Nobody"},
			"",
			"GSOBJ_1002: No gsuser record",
			true,
		},
		"without options": {
			owner("", ""), map[string]any{"OwnerId": without, "OwnerName": "Alex Kim"}, "OwnerId", gsid("1P01", "acme", 9), false,
		},
		"explicit wins": {owner("", ""), map[string]any{"OwnerName": "Nobody"}, "OwnerId", gsid("1P01", "acme", 1), false},
		"two keys are ANDed": {
			map[string]any{"OwnerId": by("gsuser", map[string]any{"n": "Name", "e": "Email"}, "MARKASERROR", "ERROR")},
			map[string]any{"OwnerId": without, "n": "Alex Kim", "e": "alex.kim11@example.com"}, "OwnerId", gsid("1P01", "acme", 12), false,
		},
		"resolver key without lookup": {
			nil, map[string]any{"OwnerEmail": "ben.costa@example.com"}, "", "GSOBJ_VCRUDR1002: Field OwnerEmail", true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			id, failure := written(t, c.do("POST", ctaPath, lookupBody(tt.lookups, goodCTA(tt.changes))), "1")
			if tt.fails {
				if !strings.HasPrefix(failure, tt.want) {
					t.Errorf("got %q, want %q", failure, tt.want)
				}
				return
			}
			if failure != "" {
				t.Fatal(failure)
			}
			if got, _ := stored(t, c, id)[tt.field].(string); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.field, got, tt.want)
			}
		})
	}
}
