package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// rules are what the input of one call is held to.
type rules struct {
	action   *entry
	compiled *schema.Schema
	// selectors are what the input says that its schema depends on.
	selectors map[string]string
	// tenant is the tenant's part of the schema. Nil: the schema is static.
	tenant *tenantSchema
}

// rules returns the schema in force for an input, and the rules that a schema
// cannot say.
func (p *pipeline) rules(ctx context.Context, a *entry, input map[string]any, t *Tenant) (rules, error) {
	r := rules{action: a}
	document, err := a.document()
	if err != nil {
		return r, err
	}
	text := document.Input()
	if a.Doctype != nil {
		if a.Doctype.Select != nil {
			if r.selectors, err = a.Doctype.Select(input); err != nil {
				return r, err
			}
		}
		if r.tenant, err = t.describe(ctx, a, r.selectors); err != nil {
			return r, err
		}
		text = r.tenant.input
	}
	if r.compiled, err = p.compiled.Compile(text); err != nil {
		return r, connector.Errorf(connector.ReasonInternal, "the input schema does not compile: %w", err)
	}
	return r, nil
}

// usual reports whether a record is one of those that what is learnt holds for:
// those of companies. What is demanded of others is another matter.
func (r rules) usual(record map[string]any) bool {
	own, _ := record[fieldEntityType].(string)
	return cmp.Or(own, r.selectors[selectEntityType], EntityCompany) == EntityCompany
}

// resolvers are the short forms that the tenant's own fields have.
func (r rules) resolvers() []Resolver {
	if r.tenant == nil {
		return nil
	}
	return r.tenant.resolvers
}

// check returns what is wrong with the input of a call. If nothing is, its
// records are in their wire form then.
func (r rules) check(c *Call) []connector.Violation {
	if r.tenant == nil {
		return r.validate(c.Input)
	}
	each(c.Input, r.tenant.encoder.Record)
	violations := r.tenant.demanded(c, append(r.validate(c.Input), r.tenant.checked(c)...))
	if len(violations) > 0 {
		return violations
	}
	if byLabel := r.action.Doctype.ByLabel; byLabel != nil && byLabel(c.Tenant) {
		each(c.Input, r.tenant.encoder.Labels)
	}
	each(c.Input, r.tenant.encoder.Wire)
	return nil
}

func (r rules) validate(input map[string]any) []connector.Violation {
	violations := r.compiled.Validate(input)
	if r.action.Write != nil {
		read := resolverKeys(input)
		violations = slices.DeleteFunc(violations, func(v connector.Violation) bool {
			return v.Keyword == "additionalProperties" && read[v.Pointer[strings.LastIndexByte(v.Pointer, '/')+1:]]
		})
		violations = append(violations, r.action.Write.check(input)...)
	}
	return violations
}

// checked holds every record to what the tenant's configuration demands beyond
// the schema.
func (s *tenantSchema) checked(c *Call) []connector.Violation {
	if s.check == nil {
		return nil
	}
	var violations []connector.Violation
	for i, r := range recordsOf(c.Input) {
		for _, v := range s.check(r) {
			v.Pointer = fmt.Sprintf("/records/%d%s", i, v.Pointer)
			violations = append(violations, v)
		}
	}
	return violations
}
