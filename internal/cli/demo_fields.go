package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// field is what the tour reads of a field's schema.
type field struct {
	Title     string `json:"title"`
	Type      string `json:"type"`
	Format    string `json:"format"`
	MaxLength int    `json:"maxLength"`
	Choices   []struct {
		Const string `json:"const"`
		Title string `json:"title"`
	} `json:"oneOf"`
	Connector struct {
		Control string `json:"control"`
		Custom  bool   `json:"custom"`
	} `json:"x-connector"`
}

// text says in a few words what a field takes.
func (f *field) text() string {
	if len(f.Choices) > 0 {
		labels := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			if labels[i] = c.Title; c.Title == "" {
				labels[i] = c.Const
			}
		}
		return "one of " + strings.Join(labels, ", ")
	}
	text := f.Connector.Control
	if text == "" {
		text = f.Type
	}
	if f.MaxLength > 0 {
		text += fmt.Sprintf(", at most %d characters", f.MaxLength)
	}
	return text
}

// fields returns the fields of a record of cta.create in a tenant.
func fields(ctx context.Context, c *host.Connection) (map[string]*field, error) {
	description, err := c.Describe(ctx, connector.DescribeRequest{Action: "cta.create"})
	if err != nil {
		return nil, err
	}
	var document struct {
		Defs struct {
			Record struct {
				Properties map[string]*field `json:"properties"`
			} `json:"record"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(description.Input, &document); err != nil {
		return nil, fmt.Errorf("read the schema of cta.create: %w", err)
	}
	return document.Defs.Record.Properties, nil
}

func (d *demo) showFields(ctx context.Context) error {
	if err := d.showTenant(ctx, d.acme, "Severity__gc", "Short_Text__gc"); err != nil {
		return err
	}
	return d.showTenant(ctx, d.globex, "Business_Impact__gc", "Penalty__gc")
}

// showTenant shows some of a tenant's own fields, and its priorities.
func (d *demo) showTenant(ctx context.Context, c *host.Connection, own ...string) error {
	all, err := fields(ctx, c)
	if err != nil {
		return err
	}
	custom := 0
	for _, f := range all {
		if f.Connector.Custom {
			custom++
		}
	}
	d.sayf("%s: %s of %d are its own", c.Tenant(), plural(custom, "field"), len(all))
	for _, name := range append(slices.Clone(own), "priority") {
		f := all[name]
		if f == nil {
			return fmt.Errorf("tenant %s has no field %s in the schema", c.Tenant(), name)
		}
		d.sayf("  %-20s %s", name, f.text())
	}
	if f := all["Severity__gc"]; f != nil && len(f.Choices) > 0 {
		d.severity = f.Choices[len(f.Choices)-1].Const
	}
	return nil
}
