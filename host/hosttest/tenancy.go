package hosttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// tenancy is an open connection of an instance to a tenant of the profile.
type tenancy struct {
	in     *instance
	tenant Tenant
	handle string
	// relay is nil if the profile does not say where the address is.
	relay *relay
}

// open opens a connection to the tenant with a number, through a relay of its
// own if that is possible.
func (t *trial) open(in *instance, number int) *tenancy {
	return t.openWith(in, t.profile.Tenants[number])
}

func (t *trial) openWith(in *instance, tenant Tenant) *tenancy {
	c := &tenancy{in: in, tenant: tenant}
	c.tenant.Settings, c.relay = t.relayed(tenant.Settings)
	c.connect(t)
	return c
}

// connect opens the connection.
func (c *tenancy) connect(t *trial) {
	resp, err := c.in.OpenConnection(t.ctx, wire.SettingsTo(c.tenant.Settings))
	t.must(err, "opening a connection to "+c.tenant.Settings.Tenant)
	c.handle = resp.GetHandle()
	c.in.handles = append(c.in.handles, c.handle)
}

// direct is open without a relay: a connection that is opened again leads to
// the same address then, as it does in use.
func (t *trial) direct(in *instance, number int) *tenancy {
	c := &tenancy{in: in, tenant: t.profile.Tenants[number]}
	c.connect(t)
	return c
}

// relayed puts a relay before the tenant.
func (t *trial) relayed(s connector.Settings) (connector.Settings, *relay) {
	if t.profile.Address == "" {
		return s, nil
	}
	address, err := at(s.Config, t.profile.Address)
	if err != nil {
		t.fatalf("the profile's address does not lead to a string in the settings of %s: %v", s.Tenant, err)
	}
	r, err := newRelay(t.ctx, address)
	if err != nil {
		t.fatalf("the kit could not put a relay before %s: %v", s.Tenant, err)
	}
	t.cleanup(r.close)
	if s.Config, err = with(s.Config, t.profile.Address, r.url); err != nil {
		t.fatalf("the kit could not change the settings of %s: %v", s.Tenant, err)
	}
	return s, r
}

// call is the head of a request on the connection.
func (c *tenancy) call() *connectorv1.CallContext {
	return &connectorv1.CallContext{Handle: c.handle, RequestId: "kit-" + wire.NewID()}
}

// execute runs a sample of mode execute.
func (c *tenancy) execute(ctx context.Context, s sample) (*connectorv1.ExecuteResponse, error) {
	return c.in.Execute(ctx, &connectorv1.ExecuteRequest{Call: c.call(), Action: s.action.ID, Input: s.Input})
}

// outcome is what came of a sample of any mode.
type outcome struct {
	// output is the output of the action, or the content of a download.
	output      []byte
	records     *connectorv1.RecordSummary
	diagnostics []*connectorv1.Diagnostic
}

// run runs a sample by the call that its mode asks for.
func (c *tenancy) run(ctx context.Context, s sample) (outcome, error) {
	switch s.action.Mode {
	case connector.ModeDownload:
		d := c.download(ctx, s)
		return outcome{output: d.content, diagnostics: d.trailer.GetDiagnostics()}, d.err
	case connector.ModeUpload:
		resp, err := c.upload(ctx, s, wholeUpload(s.Content, 4<<10))
		return outcome{resp.GetOutput(), resp.GetRecords(), resp.GetDiagnostics()}, err
	case connector.ModeExecute:
	}
	resp, err := c.execute(ctx, s)
	return outcome{resp.GetOutput(), resp.GetRecords(), resp.GetDiagnostics()}, err
}

// marked reads the tenant and reports whether its mark is in what came.
func (c *tenancy) marked(ctx context.Context, s sample) (bool, []byte, error) {
	resp, err := c.execute(ctx, s)
	return bytes.Contains(resp.GetOutput(), []byte(c.tenant.Mark)), resp.GetOutput(), err
}

// at returns the string at a pointer in a JSON object.
func at(doc []byte, pointer string) (string, error) {
	var value any
	if err := json.Unmarshal(doc, &value); err != nil {
		return "", err
	}
	for _, token := range jsonpointer.Names(pointer) {
		object, ok := value.(map[string]any)
		if !ok {
			return "", fmt.Errorf("there is no object at %q", token)
		}
		value = object[token]
	}
	text, ok := value.(string)
	if !ok {
		return "", errors.New("there is no string")
	}
	return text, nil
}

// with returns a JSON object with a string in the place of a pointer, whose
// objects are made as needed.
func with(doc []byte, pointer, text string) ([]byte, error) {
	root := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		return nil, err
	}
	object, path := root, jsonpointer.Names(pointer)
	for _, token := range path[:len(path)-1] {
		inner, ok := object[token].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[token] = inner
		}
		object = inner
	}
	object[path[len(path)-1]] = text
	return json.Marshal(root)
}

// withSecrets returns settings with other secrets.
func withSecrets(s connector.Settings, value string) connector.Settings {
	s.Secrets = maps.Clone(s.Secrets)
	for pointer := range s.Secrets {
		s.Secrets[pointer] = connector.NewSecret(value)
	}
	return s
}
