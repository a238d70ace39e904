package hosttest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// driftCases are about calls that say which schema they were built with. What
// they send is made up of dry runs.
func driftCases() []Case {
	tenant := []Need{NeedTenant}
	return []Case{
		{"drift", "fingerprint", "On request every description has a fingerprint, also if the schemas are not modified.", nil, fingerprints},
		{"drift", "unchanged", "A call that was built with the schema of now is made, without a word, under every policy.", tenant, unchanged},
		{"drift", "malformed", "A fingerprint that is none is INVALID_INPUT.", tenant, malformedFingerprint},
		{"drift", "foreign", "A fingerprint of another action is INVALID_INPUT.", tenant, foreignFingerprint},
		{"drift", "ignore", "The policy ignore makes a call whose schema has changed, without a word.", tenant, driftIgnored},
		{"drift", "warn", "The policy warn makes a call whose schema has changed, with a remark at the field.", tenant, driftWarned},
		{"drift", "hold", "The policy hold refuses it with SCHEMA_DRIFT, and names the field.", tenant, driftHeld},
		{"drift", "fail", "The policy fail refuses it with INVALID_INPUT, and names the field.", tenant, driftFailed},
	}
}

// drifting returns an instance that has agreed to compare what calls were built
// with.
func (t *trial) drifting() *instance {
	in := t.start()
	if !slices.Contains(in.features, wire.FeatureDrift) {
		t.skipf("the connector does not compare what calls were built with")
	}
	return in
}

func fingerprints(t *trial) {
	in := t.drifting()
	for id, first := range t.static {
		for _, etag := range []string{"", first.GetEtag()} {
			resp, err := in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: id, Fingerprint: true, IfNoneMatch: etag})
			t.must(err, "describing "+id)
			if resp.GetFingerprint() == "" {
				t.errorf("the description of %s has no fingerprint", id)
			}
		}
	}
}

// step is a call that a flow would make: an input, a field that it has, and
// what it was built with.
type step struct {
	tenant *tenancy
	sample sample
	field  string
	built  *schema.Fingerprint
}

// step returns a call with the schema of now.
func (t *trial) step() step {
	c := t.open(t.drifting(), 0)
	for _, a := range t.manifest.Actions {
		all, _ := t.samples(a)
		for _, s := range all {
			var input map[string]json.RawMessage
			if a.Mode != connector.ModeExecute || json.Unmarshal(s.Input, &input) != nil || len(input) == 0 {
				continue
			}
			resp, err := c.in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Call: c.call(), Action: a.ID, Fingerprint: true})
			t.must(err, "describing "+a.ID)
			built, err := schema.ParseFingerprint(resp.GetFingerprint())
			if err != nil {
				t.skipf("the connector has fingerprints of its own form, or none, which drift/fingerprint tells")
			}
			return step{c, s, slices.Sorted(maps.Keys(input))[0], built}
		}
	}
	t.skipf("no action of mode execute has a sample with a field")
	return step{}
}

// changed returns a call that was built when its field had no other value than
// null, which no field has for long.
func (t *trial) changed() step {
	s := t.step()
	older, err := json.Marshal(map[string]any{
		"type": "object", "properties": map[string]any{s.field: map[string]any{"type": "null"}},
	})
	if err == nil {
		s.built, err = schema.Take(s.built.Of, s.built.Selectors, older)
	}
	if err != nil {
		t.fatalf("the kit could not make a fingerprint: %v", err)
	}
	return s
}

// attempt dry-runs the call and returns the remarks that name its field.
func (t *trial) attempt(s step, built string, policy connector.DriftPolicy) ([]*connectorv1.Diagnostic, error) {
	resp, err := s.tenant.in.Execute(t.ctx, &connectorv1.ExecuteRequest{
		Call: s.tenant.call(), Action: s.sample.action.ID, Input: s.sample.Input, DryRun: true,
		BuiltWith: built, Drift: wire.DriftTo(policy),
	})
	var told []*connectorv1.Diagnostic
	for _, d := range resp.GetDiagnostics() {
		if d.GetPointer() == s.pointer() {
			told = append(told, d)
		}
	}
	return told, err
}

func (s step) pointer() string {
	return "/" + jsonpointer.Token(s.field)
}

func unchanged(t *trial) {
	s := t.step()
	for _, policy := range connector.DriftPolicies() {
		before, err := t.attempt(s, "", policy)
		if err != nil {
			t.skipf("a dry run of the sample fails, which calls/dry-run tells")
		}
		told, err := t.attempt(s, s.built.String(), policy)
		if err != nil {
			t.errorf("under the policy %s it failed: %v", policy, wire.FromStatus(err))
		} else if len(told) > len(before) {
			t.errorf("under the policy %s it had a remark: %s", policy, told[0].GetSummary())
		}
	}
}

func malformedFingerprint(t *trial) {
	s := t.step()
	whole := s.built.String()
	for what, built := range map[string]string{"that is none": "the kit made this up", "that is cut off": whole[:len(whole)/2]} {
		_, err := t.attempt(s, built, connector.DriftWarn)
		t.refused("a call with a fingerprint "+what, err, connector.ReasonInvalidInput)
	}
}

func foreignFingerprint(t *trial) {
	s := t.step()
	other := *s.built
	other.Of = "hosttest/" + noAction
	_, err := t.attempt(s, other.String(), connector.DriftWarn)
	t.refused("a call with a fingerprint of another action", err, connector.ReasonInvalidInput)
}

func driftIgnored(t *trial) {
	s := t.changed()
	told, err := t.attempt(s, s.built.String(), connector.DriftIgnore)
	t.must(err, "the call")
	before, _ := t.attempt(s, "", connector.DriftIgnore)
	if len(told) > len(before) {
		t.errorf("it had a remark: %s", told[0].GetSummary())
	}
}

func driftWarned(t *trial) {
	s := t.changed()
	told, err := t.attempt(s, s.built.String(), connector.DriftWarn)
	t.must(err, "the call")
	if len(told) == 0 {
		t.errorf("no remark names %s", s.pointer())
	}
}

func driftHeld(t *trial)   { t.refusesDrift(connector.DriftHold, connector.ReasonSchemaDrift) }
func driftFailed(t *trial) { t.refusesDrift(connector.DriftFail, connector.ReasonInvalidInput) }

func (t *trial) refusesDrift(policy connector.DriftPolicy, reason connector.Reason) {
	s := t.changed()
	_, err := t.attempt(s, s.built.String(), policy)
	e := t.refusal("a call whose schema has changed", err, reason)
	if !slices.ContainsFunc(e.Violations, func(v connector.Violation) bool {
		return v.Pointer == s.pointer() && strings.HasPrefix(v.Keyword, connector.DriftKeyword)
	}) {
		t.errorf("no violation names %s with a keyword that begins with %s", s.pointer(), connector.DriftKeyword)
	}
	if e.Retry == connector.RetryLater {
		t.errorf("it is said to succeed later as it is")
	}
}
