package hosttest

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// schemaCases are about the schemas of actions and the values of fields.
func schemaCases() []Case {
	tenant := []Need{NeedTenant}
	return []Case{
		{"schemas", "static", "Every action is described without a connection.", nil, describesStatically},
		{"schemas", "draft", "Every schema is JSON Schema 2020-12, that of an input of an object.", nil, schemasCompile},
		{"schemas", "examples", "Every input schema has an example.", nil, schemasHaveExamples},
		{"schemas", "examples-fit", "Every example fits its schema.", nil, examplesFit},
		{"schemas", "etag", "Every description has an ETag.", nil, etagsSet},
		{"schemas", "etag-stable", "The ETag and the schemas are the same every time and in every process.", nil, etagsStable},
		{"schemas", "etag-tells", "Two descriptions of an action with one ETag have one schema.", tenant, etagsTell},
		{"schemas", "not-modified", "To a host that has the schemas the connector sends none.", nil, notModified},
		{"schemas", "modified", "To a host that has other schemas the connector sends its own.", nil, modified},
		{"schemas", "refresh", "Described anew, a tenant has the schemas that it has, with their ETag, and no older ones.", tenant, refreshes},
		{"schemas", "unknown-action", "Describing an action that is not in the manifest is refused.", nil, describeUnknown},
		{"schemas", "tenant", "Every action is described for a tenant, by schemas that compile.", tenant, describesTenant},
		{"schemas", "samples-fit", "Every sample fits the schema of the tenant.", tenant, samplesFit},
		{"schemas", "options", "The values of every field with a lookup are listed, at most as many as asked for.", tenant, listsOptions},
		{"schemas", "options-paged", "Pages of values add up to the same list every time.", tenant, pagesOptions},
	}
}

func describeRequest(c *tenancy, action string) *connectorv1.DescribeActionRequest {
	return &connectorv1.DescribeActionRequest{Call: c.call(), Action: action}
}

// describe describes an action for a tenant.
func (t *trial) describe(c *tenancy, action string) *connectorv1.DescribeActionResponse {
	resp, err := c.in.DescribeAction(t.ctx, describeRequest(c, action))
	t.must(err, "describing "+action+" for "+c.tenant.Settings.Tenant)
	return resp
}

// described returns an action whose schema depends on the tenant, or else any.
func (t *trial) described() string {
	if len(t.manifest.Actions) == 0 {
		t.skipf("there are no actions")
	}
	for _, a := range t.manifest.Actions {
		if a.SchemaScope == connector.ScopeConnection {
			return a.ID
		}
	}
	return t.manifest.Actions[0].ID
}

func describesStatically(t *trial) {
	in := t.start()
	for _, a := range t.manifest.Actions {
		resp, err := in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: a.ID})
		t.must(err, "describing "+a.ID)
		if len(resp.GetInputSchema()) == 0 || len(resp.GetOutputSchema()) == 0 {
			t.errorf("the description of %s lacks a schema", a.ID)
		}
	}
}

func schemasCompile(t *trial) {
	for id, d := range t.static {
		t.compiles(id, d)
	}
}

// compiles fails the case unless both schemas of an action do.
func (t *trial) compiles(id string, d *connectorv1.DescribeActionResponse) {
	if _, err := schema.Compile(d.GetInputSchema()); err != nil {
		t.errorf("the input schema of %s: %v", id, err)
	} else if kind := typeOf(d.GetInputSchema()); kind != "object" {
		t.errorf("the input schema of %s is of type %q", id, kind)
	}
	if _, err := schema.Compile(d.GetOutputSchema()); err != nil {
		t.errorf("the output schema of %s: %v", id, err)
	}
}

func schemasHaveExamples(t *trial) {
	for id, d := range t.static {
		if len(examples(d.GetInputSchema())) == 0 {
			t.errorf("the input schema of %s has no examples", id)
		}
	}
}

// fits reports what of a value does not fit a schema. A schema that does not
// compile is the matter of schemas/draft.
func (t *trial) fits(what string, document, value []byte) {
	compiled, err := schema.Compile(document)
	if err != nil {
		return
	}
	decoded, err := schema.Decode(value)
	if err != nil {
		t.errorf("%s: %v", what, err)
		return
	}
	for _, v := range compiled.Validate(decoded) {
		t.errorf("%s: %s: %s", what, v.Pointer, v.Message)
	}
}

func examplesFit(t *trial) {
	for id, d := range t.static {
		for _, example := range examples(d.GetInputSchema()) {
			t.fits("an example of "+id, d.GetInputSchema(), example)
		}
	}
}

func etagsSet(t *trial) {
	for id, d := range t.static {
		if d.GetEtag() == "" {
			t.errorf("the description of %s has no ETag", id)
		}
	}
}

func etagsStable(t *trial) {
	in := t.start()
	for id, first := range t.static {
		resp, err := in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: id})
		t.must(err, "describing "+id)
		if resp.GetEtag() != first.GetEtag() {
			t.errorf("the ETag of %s changed", id)
		}
		if !bytes.Equal(resp.GetInputSchema(), first.GetInputSchema()) || !bytes.Equal(resp.GetOutputSchema(), first.GetOutputSchema()) {
			t.errorf("the schemas of %s changed", id)
		}
	}
}

func etagsTell(t *trial) {
	in := t.start()
	var tenants []*tenancy
	for number := range t.profile.Tenants[:min(2, len(t.profile.Tenants))] {
		tenants = append(tenants, t.open(in, number))
	}
	for id, static := range t.static {
		seen := map[string][]byte{static.GetEtag(): static.GetInputSchema()}
		for _, c := range tenants {
			d := t.describe(c, id)
			if input, known := seen[d.GetEtag()]; known && !bytes.Equal(input, d.GetInputSchema()) {
				t.errorf("two schemas of %s have one ETag", id)
			}
			seen[d.GetEtag()] = d.GetInputSchema()
		}
	}
}

func notModified(t *trial) {
	in := t.start()
	for id, first := range t.static {
		if first.GetEtag() == "" {
			continue
		}
		resp, err := in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: id, IfNoneMatch: first.GetEtag()})
		t.must(err, "describing "+id)
		switch {
		case resp.GetEtag() != first.GetEtag():
			t.skipf("the ETag of %s changed, which schemas/etag-stable tells", id)
		case !resp.GetNotModified() || len(resp.GetInputSchema())+len(resp.GetOutputSchema()) > 0:
			t.errorf("the schemas of %s were sent to a host that has them", id)
		}
	}
}

func modified(t *trial) {
	in := t.start()
	for id := range t.static {
		resp, err := in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: id, IfNoneMatch: "of-other-schemas"})
		t.must(err, "describing "+id)
		if resp.GetNotModified() || len(resp.GetInputSchema()) == 0 {
			t.errorf("the schemas of %s were not sent to a host that has others", id)
		}
	}
}

// refreshes asks for the schemas of a tenant that does not change.
func refreshes(t *trial) {
	c := t.open(t.start(), 0)
	for _, a := range t.manifest.Actions {
		first := t.describe(c, a.ID)
		req := describeRequest(c, a.ID)
		req.Refresh = true
		anew, err := c.in.DescribeAction(t.ctx, req)
		t.must(err, "describing "+a.ID+" anew")
		req.IfNoneMatch = anew.GetEtag()
		again, err := c.in.DescribeAction(t.ctx, req)
		t.must(err, "describing "+a.ID+" anew")
		switch {
		case anew.GetEtag() != first.GetEtag() || !bytes.Equal(anew.GetInputSchema(), first.GetInputSchema()) ||
			!bytes.Equal(anew.GetOutputSchema(), first.GetOutputSchema()):
			t.errorf("described anew, %s is another action", a.ID)
		case anew.GetFetchedAt().AsTime().Before(first.GetFetchedAt().AsTime()):
			t.errorf("described anew, %s is as it was before", a.ID)
		case anew.GetEtag() != "" && !again.GetNotModified():
			t.errorf("described anew, the schemas of %s are sent to a host that has them", a.ID)
		}
	}
}

// noAction is the id of an action that no connector has.
const noAction = "hosttest.no_such_action"

func describeUnknown(t *trial) {
	_, err := t.start().DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: noAction})
	t.refused("describing an unknown action", err, connector.ReasonNotFound)
}

func describesTenant(t *trial) {
	in := t.start()
	for number := range t.profile.Tenants[:min(2, len(t.profile.Tenants))] {
		c := t.open(in, number)
		for _, a := range t.manifest.Actions {
			d := t.describe(c, a.ID)
			if t.static[a.ID].GetEtag() != d.GetEtag() { // else schemas/draft tells
				t.compiles(a.ID+" for "+c.tenant.Settings.Tenant, d)
			}
		}
	}
}

func samplesFit(t *trial) {
	c := t.open(t.start(), 0)
	for _, a := range t.manifest.Actions {
		if _, given := t.profile.Samples[a.ID]; !given && a.SchemaScope == connector.ScopeStatic {
			continue // its samples are its examples
		}
		all, _ := t.samples(a)
		for _, s := range all {
			t.fits("a sample of "+a.ID, t.describe(c, a.ID).GetInputSchema(), s.Input)
		}
	}
}

// lookup is a field whose values can be listed.
type lookup struct{ action, pointer string }

// lookups returns the fields that need no other field to be listed.
func (t *trial) lookups(c *tenancy) []lookup {
	var found []lookup
	for _, a := range t.manifest.Actions {
		var root any
		if json.Unmarshal(t.describe(c, a.ID).GetInputSchema(), &root) != nil {
			continue
		}
		seen := map[string]bool{}
		visitLookups(root, func(pointer string) {
			if !seen[pointer] {
				seen[pointer] = true
				found = append(found, lookup{a.ID, pointer})
			}
		})
	}
	if len(found) == 0 {
		t.skipf("no field of any action has a lookup that stands alone")
	}
	return found
}

// visitLookups walks a schema document, its definitions included.
func visitLookups(node any, visit func(pointer string)) {
	switch node := node.(type) {
	case map[string]any:
		if block, ok := node["x-connector"].(map[string]any); ok {
			found, _ := block["lookup"].(map[string]any)
			pointer, _ := found["pointer"].(string)
			if depends, _ := found["dependsOn"].(map[string]any); pointer != "" && len(depends) == 0 {
				visit(pointer)
			}
		}
		for _, inner := range node {
			visitLookups(inner, visit)
		}
	case []any:
		for _, inner := range node {
			visitLookups(inner, visit)
		}
	}
}

// page lists one page of values.
func (t *trial) page(c *tenancy, l lookup, size uint32, token string) *connectorv1.ListOptionsResponse {
	resp, err := c.in.ListOptions(t.ctx, &connectorv1.ListOptionsRequest{
		Call: c.call(), Action: l.action, Pointer: l.pointer, PageSize: size, PageToken: token,
	})
	t.must(err, "listing the values of "+l.pointer+" in "+l.action)
	if size > 0 && len(resp.GetOptions()) > int(size) {
		t.errorf("%d values of %s in %s came where %d were asked for", len(resp.GetOptions()), l.pointer, l.action, size)
	}
	return resp
}

func listsOptions(t *trial) {
	c := t.open(t.start(), 0)
	for _, l := range t.lookups(c) {
		for _, o := range t.page(c, l, 100, "").GetOptions() {
			if strings.TrimSpace(o.GetLabel()) == "" {
				t.errorf("the value %q of %s in %s has no label", o.GetValue(), l.pointer, l.action)
			}
		}
	}
}

// maxPages bounds how far one list is read.
const maxPages = 5

func pagesOptions(t *trial) {
	c := t.open(t.start(), 0)
	l := t.lookups(c)[0]
	whole := t.page(c, l, 1000, "").GetOptions()
	var got []string
	token := ""
	for range maxPages {
		page := t.page(c, l, 2, token)
		for _, o := range page.GetOptions() {
			got = append(got, o.GetValue())
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	for i, value := range got {
		if i >= len(whole) || whole[i].GetValue() != value {
			t.fatalf("value %d of %s in %s is another one when it is listed in small pages", i, l.pointer, l.action)
		}
	}
}
