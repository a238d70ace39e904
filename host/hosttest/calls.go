package hosttest

import (
	"encoding/json"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// callCases are about actions that do what they should.
func callCases() []Case {
	tenant := []Need{NeedTenant}
	return []Case{
		{"calls", "reads", "Every sample of an action that reads succeeds with an output that fits the schema.", tenant, readsRun},
		{"calls", "writes", "Every sample of an action that writes succeeds with an output that fits the schema.", tenant, writesRun},
		{"calls", "counts", "The counts of a write's records add up.", tenant, recordsAddUp},
		{"calls", "dry-run", "A dry run of every action says that its sample is valid and which requests it would make.", tenant, dryRuns},
		{"calls", "dry-run-sends", "No request that a dry run shows reaches the tenant.", []Need{NeedTenant, NeedRelay}, dryRunSends},
	}
}

func isObject(data []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(data, &object) == nil && object != nil
}

// eachSample visits all samples of the actions that are chosen.
func (t *trial) eachSample(chosen func(connector.Action) bool, visit func(sample)) {
	found := false
	for _, a := range t.manifest.Actions {
		if !chosen(a) {
			continue
		}
		all, _ := t.samples(a)
		for _, s := range all {
			found = true
			visit(s)
		}
	}
	if !found {
		t.skipf("no action of the kind has a sample")
	}
}

func readOnly(a connector.Action) bool { return !a.Effect.Writes() }
func writing(a connector.Action) bool  { return a.Effect.Writes() }
func every(connector.Action) bool      { return true }

// runs takes samples through their calls and holds their outputs to the schemas.
func (t *trial) runs(chosen func(connector.Action) bool) {
	c := t.open(t.start(), 0)
	t.eachSample(chosen, func(s sample) {
		o, err := c.run(t.ctx, s)
		if err != nil {
			t.errorf("a sample of %s failed: %v", s.action.ID, wire.FromStatus(err))
			return
		}
		if s.action.Mode != connector.ModeDownload {
			t.fits("the output of "+s.action.ID, t.describe(c, s.action.ID).GetOutputSchema(), o.output)
		}
		for _, d := range o.diagnostics {
			if strings.TrimSpace(d.GetSummary()) == "" {
				t.errorf("%s makes a remark that says nothing", s.action.ID)
			}
		}
	})
}

func readsRun(t *trial)  { t.runs(readOnly) }
func writesRun(t *trial) { t.runs(writing) }

func recordsAddUp(t *trial) {
	c := t.open(t.start(), 0)
	counted := false
	t.eachSample(writing, func(s sample) {
		o, err := c.run(t.ctx, s)
		if r := o.records; err == nil && r != nil {
			counted = true
			if r.GetTotal() != r.GetSucceeded()+r.GetFailed()+r.GetUnknown() {
				t.errorf("%s counts %d records and %d + %d + %d of them", s.action.ID,
					r.GetTotal(), r.GetSucceeded(), r.GetFailed(), r.GetUnknown())
			}
		}
	})
	if !counted {
		t.skipf("no write counts its records")
	}
}

// planned is the output of a dry run.
type planned struct {
	Valid    bool          `json:"valid"`
	Requests []planRequest `json:"requests"`
}

// planRequest is a request that would be made.
type planRequest struct {
	Method string `json:"method"`
	// Path is path and query on the tenant's host.
	Path string `json:"path"`
}

// dryRun dry-runs a sample.
func (t *trial) dryRun(c *tenancy, s sample) (planned, error) {
	resp, err := c.in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: c.call(), Action: s.action.ID, Input: s.Input, DryRun: true})
	if err != nil {
		return planned{}, err
	}
	var p planned
	err = json.Unmarshal(resp.GetOutput(), &p)
	return p, err
}

func dryRuns(t *trial) {
	c := t.open(t.start(), 0)
	t.eachSample(every, func(s sample) {
		if t.profile.Samples[s.action.ID] != nil && s.action.Mode == connector.ModeUpload {
			return // its records are in the content, which a dry run does not get
		}
		p, err := t.dryRun(c, s)
		switch {
		case err != nil:
			t.errorf("a dry run of %s failed: %v", s.action.ID, wire.FromStatus(err))
		case !p.Valid:
			t.errorf("a dry run of %s does not say that the sample is valid", s.action.ID)
		case len(p.Requests) == 0:
			t.errorf("a dry run of %s shows no request", s.action.ID)
		}
	})
}

func dryRunSends(t *trial) {
	c := t.open(t.start(), 0)
	t.eachSample(writing, func(s sample) {
		before := len(c.relay.requests())
		p, err := t.dryRun(c, s)
		if err != nil {
			return // calls/dry-run tells
		}
		for _, sent := range c.relay.requests()[before:] {
			for _, shown := range p.Requests {
				if sent.method == shown.Method && strings.HasSuffix(sent.address, shown.Path) {
					t.errorf("a dry run of %s sent %s %s", s.action.ID, sent.method, sent.path)
				}
			}
		}
	})
}
