package catalog_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// annotated returns the x-connector blocks of an input's fields, by pattern.
func annotated(t *testing.T, input json.RawMessage) map[string]schema.Annotation {
	t.Helper()
	var root property
	if err := json.Unmarshal(input, &root); err != nil {
		t.Fatal(err)
	}
	found := map[string]schema.Annotation{}
	root.each(t, "", root.Defs, func(pointer, _ string, p property) {
		// Of a list, the items are what has options.
		found[pointer] = p.Annotation
		if p.Items != nil {
			found[pointer+"/*"] = p.Items.Annotation
		}
	})
	return found
}

// TestSelectorsAreDeclared: what the schema or the options of a field depend on
// is a selector of the manifest and a field of the input, so that a host knows
// what to ask for anew, and every selector is there for a reason.
func TestSelectorsAreDeclared(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]sandbox.Seed{"acme": sandbox.Acme(), "globex": sandbox.Globex()} {
		conn := actionstest.Connect(t, sandbox.New(seed, nil), nil)
		for _, action := range manifest(t).Actions {
			t.Run(name+"/"+action.ID, func(t *testing.T) {
				t.Parallel()
				d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action.ID})
				if err != nil {
					t.Fatal(err)
				}
				fields := annotated(t, d.Input)
				used := map[string]bool{}
				for at, a := range fields {
					if a.Selector != "" {
						used[a.Selector] = true
					}
					if a.Lookup == nil {
						continue
					}
					for selector, pointer := range a.Lookup.DependsOn {
						used[selector] = true
						if _, ok := fields[pointer]; !ok {
							t.Errorf("%s depends on %s, which the input does not have", at, pointer)
						}
					}
				}
				for selector := range used {
					if !slices.Contains(action.Selectors, selector) {
						t.Errorf("selector %s is not in the manifest", selector)
					}
				}
				for _, selector := range action.Selectors {
					if !used[selector] && action.ID != "success_plan.update" { // a plan's entity type does not change
						t.Errorf("no field is or depends on selector %s", selector)
					}
				}
			})
		}
	}
}

// TestSelectorsReload: the fields that a schema depends on are marked, and the
// schema that is described with their value differs as it should.
func TestSelectorsReload(t *testing.T) {
	t.Parallel()
	acme := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		action, field, selector, value string
		changed                        []string // the fields whose values are others
	}{
		"CTA type":            {"cta.create", "/records/*/type", "type", "Risk", []string{"reason"}},
		"CTA type of another": {"cta.update", "/records/*/type", "type", "Lifecycle", []string{"reason"}},
		"plan type":           {"success_plan.create", "/records/*/SuccessPlanType", "SuccessPlanType", "Adoption", []string{"status"}},
		"entity type":         {"cta.create", "/records/*/EntityType", "entityType", "RELATIONSHIP", nil},
		"entity type of plan": {"success_plan.create", "/records/*/EntityType", "entityType", "RELATIONSHIP", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			usual := describedWith(t, acme, tt.action, nil)
			if got := annotated(t, usual)[tt.field].Selector; got != tt.selector {
				t.Errorf("%s is marked with selector %q, want %q", tt.field, got, tt.selector)
			}
			selected := describedWith(t, acme, tt.action, map[string]string{tt.selector: tt.value})
			if diff := cmp.Diff(tt.changed, changes(t, usual, selected)); diff != "" {
				t.Errorf("changed fields (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOptionsFollowSelectors: the options of a field are those of its schema for
// the same selectors.
func TestOptionsFollowSelectors(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		action, pointer string
		selectors       map[string]string
		want            []string
	}{
		"reasons of a CTA type": {
			"cta.create", "/records/*/reason", map[string]string{"type": "Lifecycle"}, []string{"Onboarding", "Kickoff", "Other"},
		},
		"playbooks of a CTA type": {
			"cta.create", "/records/*/PlaybookId", map[string]string{"type": "Lifecycle"}, []string{"Onboard in 30 days", "Escalate"},
		},
		"statuses of a plan type": {
			"success_plan.create", "/records/*/status", map[string]string{"SuccessPlanType": "Pilot"},
			[]string{"Draft", "Active", "Closed Success", "Closed Invalid", "On Hold"},
		},
		"fields of an object": {
			"bulk.export", "/orderBy/*", map[string]string{"objectName": "person"},
			[]string{"GSID", "GS Created Date", "GS Modified Date", "GS Created By", "GS Modified By", "Name", "Email"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := connector.OptionsRequest{Action: tt.action, Pointer: tt.pointer, Selectors: tt.selectors}
			page, err := conn.Options(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range page.Options {
				got = append(got, o.Label)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an entity type that is none", func(t *testing.T) {
		t.Parallel()
		for _, pointer := range []string{"/records/*/type", "/records/*/PlaybookId"} {
			_, err := conn.Options(t.Context(), connector.OptionsRequest{
				Action: "cta.create", Pointer: pointer, Selectors: map[string]string{"entityType": "PLANET"},
			})
			if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(connector.AsError(err).Hint, "RELATIONSHIP") {
				t.Errorf("%s: error %v, want one that names the entity types", pointer, err)
			}
		}
	})
}

// TestOptionsOfNoType: options that depend on a type are refused for one that the
// tenant does not have, as its schema is.
func TestOptionsOfNoType(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	for name, tt := range map[string]struct{ action, pointer, selector string }{
		"reason":    {"cta.create", "/records/*/reason", "type"},
		"status":    {"cta.update", "/records/*/status", "type"},
		"playbook":  {"cta.create", "/records/*/PlaybookId", "type"},
		"plan":      {"success_plan.create", "/records/*/status", "SuccessPlanType"},
		"plan kept": {"success_plan.update", "/records/*/status", "SuccessPlanType"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conn.Options(t.Context(), connector.OptionsRequest{
				Action: tt.action, Pointer: tt.pointer, Selectors: map[string]string{tt.selector: "Nope"},
			})
			if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), `the tenant has no type "Nope"`) {
				t.Errorf("error %v, want one that says the tenant has no such type", err)
			}
		})
	}
	t.Run("the types themselves", func(t *testing.T) {
		t.Parallel()
		page, err := conn.Options(t.Context(), connector.OptionsRequest{
			Action: "cta.create", Pointer: "/records/*/type", Selectors: map[string]string{"type": "Nope"},
		})
		if err != nil || len(page.Options) < 2 {
			t.Errorf("%d types, error %v", len(page.Options), err)
		}
	})
}

func describedWith(t *testing.T, conn *host.Connection, action string, selectors map[string]string) json.RawMessage {
	t.Helper()
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action, Selectors: selectors})
	if err != nil {
		t.Fatal(err)
	}
	return d.Input
}

// changes returns the names of the fields of a record in which two inputs
// differ, sorted.
func changes(t *testing.T, a, b json.RawMessage) []string {
	t.Helper()
	fields := func(input json.RawMessage) map[string]string {
		var root struct {
			Defs struct {
				Record struct {
					Properties map[string]json.RawMessage `json:"properties"`
				} `json:"record"`
			} `json:"$defs"`
		}
		if err := json.Unmarshal(input, &root); err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for name, raw := range root.Defs.Record.Properties {
			found[name] = string(raw)
		}
		return found
	}
	before, after := fields(a), fields(b)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	return names
}
