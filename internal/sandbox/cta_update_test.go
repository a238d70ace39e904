package sandbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestUpdateCTA(t *testing.T) {
	t.Parallel()
	first := gsid("1S01", "acme", 1) // a Risk
	tests := map[string]struct {
		record map[string]any
		want   map[string]any // nil value: absent
		fails  string
	}{
		"one field": {
			map[string]any{"Gsid": first, "Name": "Renamed"},
			map[string]any{"Name": "Renamed", "ModifiedDate": "2026-11-24T10:30:30Z", "CreatedDate": "2024-02-05T07:17:16Z"},
			"",
		},
		"closes": {
			map[string]any{"Gsid": first, "status": "Closed Success"},
			map[string]any{"IsClosed": true, "ClosedDate": "2026-11-24T10:30:30Z"},
			"",
		},
		"stays open": {
			map[string]any{"Gsid": first, "status": "Work In Progress"}, map[string]any{"IsClosed": false, "ClosedDate": nil}, "",
		},
		"clears": {map[string]any{"Gsid": first, "Comments": nil}, map[string]any{"Comments": nil}, ""},
		"bad GSID": {
			map[string]any{"Gsid": "1S01EXAMPLECTA0000000000000000000001", "Name": "x"}, nil, "COCKPIT_6007: Invalid GSID of CTA",
		},
		"GSID not a string":     {map[string]any{"Gsid": 1, "Name": "x"}, nil, "COCKPIT_6007: Invalid GSID of CTA"},
		"no GSID, no reference": {map[string]any{"Name": "x"}, nil, "COCKPIT_6007: Invalid GSID of CTA"},
		"unknown reference":     {map[string]any{"referenceId": "9", "Name": "x"}, nil, "COCKPIT_6007: Invalid GSID of CTA"},
		"success plan":          {map[string]any{"Gsid": first, "CtaGroupId": gsid("1S02", "acme", 1)}, nil, "GSOBJ_1008: Field CtaGroupId cannot be written"},
		"mandatory to null":     {map[string]any{"Gsid": first, "CompanyId": nil}, nil, "GSOBJ_1007: Field CompanyId cannot be null"},
		"reason of its type":    {map[string]any{"Gsid": first, "reason": "Habits"}, map[string]any{}, ""},
		"reason of another":     {map[string]any{"Gsid": first, "reason": "Upsell"}, nil, "GSOBJ_1012: "},
		"type alone":            {map[string]any{"Gsid": first, "type": "Opportunity"}, nil, "GSOBJ_1012: Invalid picklist value (reason = Bugs Risk): not valid for type Opportunity."},
		"type and reason":       {map[string]any{"Gsid": first, "type": "Opportunity", "reason": "Upsell"}, map[string]any{}, ""},
		"unknown field":         {map[string]any{"Gsid": first, "Flavour__gc": 1}, nil, "GSOBJ_VCRUDR1002: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			before := stored(t, c, first)
			key, _ := tt.record["referenceId"].(string)
			if key == "" {
				key = "0"
			}
			id, failure := written(t, c.do("PUT", ctaPath, writeBody(tt.record)), key)
			if !strings.HasPrefix(failure, tt.fails) || (tt.fails == "") != (failure == "") {
				t.Fatalf("got %q, want %q", failure, tt.fails)
			}
			after := stored(t, c, first)
			if tt.fails != "" {
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("changed although refused:\n%s", diff)
				}
				return
			}
			if id != first {
				t.Errorf("got %s", id)
			}
			for k, v := range tt.want {
				if after[k] != v {
					t.Errorf("%s: got %v, want %v", k, after[k], v)
				}
			}
		})
	}
}

func TestUpdateCTAByReference(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	id, _ := written(t, c.do("POST", ctaPath, writeBody(goodCTA(map[string]any{"referenceId": "ext-9"}))), "ext-9")
	got, failure := written(t, c.do("PUT", ctaPath, writeBody(map[string]any{"referenceId": "ext-9", "status": "Closed Invalid"})), "ext-9")
	if got != id || stored(t, c, id)["IsClosed"] != true {
		t.Errorf("got %q %q", got, failure)
	}
	// Reopening takes the closing back.
	c.do("PUT", ctaPath, writeBody(map[string]any{"Gsid": id, "status": "New"}))
	if rec := stored(t, c, id); rec["IsClosed"] != false || rec["ClosedDate"] != nil {
		t.Errorf("got %v %v", rec["IsClosed"], rec["ClosedDate"])
	}
}

func TestClassifyByID(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{ClassifyByID: true})
	config := c.ok("GET", configPath, "")
	changes := map[string]any{"type": without, "priority": without}
	changes["TypeId"] = at(t, config.body, "data", "CTA_TYPE", 0, "gsid")
	changes["PriorityId"] = at(t, config.body, "data", "CTA_PRIORITY", 2, "gsid")
	id, failure := written(t, c.do("POST", ctaPath, writeBody(goodCTA(changes))), "1")
	if failure != "" {
		t.Fatal(failure)
	}
	if rec := stored(t, c, id); rec["TypeId"] != changes["TypeId"] || rec["PriorityId"] != changes["PriorityId"] {
		t.Errorf("got %v", rec)
	}
}
