package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// pipeline executes actions for all tenants of the process; compiled schemas
// are shared between them.
type pipeline struct {
	compiled *schema.Cache
}

// execute runs an action whose input and output fit a message, or dry-runs any
// action.
func (p *pipeline) execute(ctx context.Context, t *Tenant, a *entry, call connector.Call) (connector.Result, error) {
	c, err := p.prepare(ctx, t, a, call)
	if err != nil {
		return connector.Result{}, in(a, err)
	}
	var result connector.Result
	switch {
	case a.Stream != nil:
		_, err = a.Stream(ctx, c, nowhere{})
	case a.Write != nil:
		var results []RecordResult
		if results, err = a.Write.run(ctx, c); err == nil {
			result.Records = summarize(results)
			result.Output, err = marshal(map[string]any{"results": results, "summary": result.Records})
		}
	case a.List != nil:
		var out listOutput
		if out, err = a.List.run(ctx, c); err == nil {
			result.Output, err = marshal(out)
		}
	default:
		var out any
		if out, err = a.Run(ctx, c); err == nil {
			result.Output, err = marshal(out)
		}
	}
	if errors.Is(err, gainsight.ErrPlanned) {
		result.Output, err = marshal(map[string]any{"valid": true, "requests": c.Planned()})
	}
	result.Diagnostics, result.Stats = c.diagnostics, c.Stats()
	return result, in(a, err)
}

// download runs an action with a large output.
func (p *pipeline) download(ctx context.Context, t *Tenant, a *entry, call connector.Call, out Sink) (connector.StreamSummary, error) {
	c, err := p.prepare(ctx, t, a, call)
	if err != nil {
		return connector.StreamSummary{}, in(a, err)
	}
	summary, err := a.Stream(ctx, c, out)
	summary.Diagnostics, summary.Stats = c.diagnostics, c.Stats()
	return summary, in(a, err)
}

// prepare turns an input into a valid call. Nothing has been sent to the
// tenant by then but questions about its metadata.
func (p *pipeline) prepare(ctx context.Context, t *Tenant, a *entry, call connector.Call) (*Call, error) {
	if len(call.Input) == 0 {
		call.Input = json.RawMessage("{}")
	}
	value, err := schema.Decode(call.Input)
	if err != nil {
		return nil, err
	}
	input, ok := value.(map[string]any)
	if !ok {
		return nil, connector.Invalid("the input is not valid", []connector.Violation{{Keyword: "type", Message: "must be an object"}})
	}
	c := &Call{Tenant: t, Session: t.client.Session(call.DryRun), Input: input, effect: a.Info.Effect}
	violations, err := p.check(ctx, a, c)
	if err != nil {
		return nil, err
	}
	if len(violations) > 0 {
		return nil, connector.Invalid("the input is not valid", violations)
	}
	return c, nil
}

// check validates the input against the schema in force and the rules that a
// schema cannot say, and brings records into their wire form.
func (p *pipeline) check(ctx context.Context, a *entry, c *Call) ([]connector.Violation, error) {
	if a.Doctype == nil {
		document, err := a.document()
		if err != nil {
			return nil, err
		}
		return p.validate(document.Input(), a, c)
	}
	var selectors map[string]string
	if a.Doctype.Select != nil {
		selectors = a.Doctype.Select(c.Input)
	}
	s, err := c.Tenant.describe(ctx, a, selectors)
	if err != nil {
		return nil, err
	}
	each(c.Input, s.encoder.Record)
	violations, err := p.validate(s.input, a, c)
	if err != nil {
		return nil, err
	}
	violations = append(violations, s.checked(c)...)
	if violations = append(violations, s.demanded(c)...); len(violations) == 0 {
		if a.Doctype.Labels {
			each(c.Input, s.encoder.Labels)
		}
		each(c.Input, s.encoder.Wire)
	}
	return violations, nil
}

func (p *pipeline) validate(document json.RawMessage, a *entry, c *Call) ([]connector.Violation, error) {
	compiled, err := p.compiled.Compile(document)
	if err != nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the input schema does not compile: %w", err)
	}
	violations := compiled.Validate(c.Input)
	if a.Write != nil {
		read := resolverKeys(c.Input)
		violations = slices.DeleteFunc(violations, func(v connector.Violation) bool {
			return v.Keyword == "additionalProperties" && read[v.Pointer[strings.LastIndexByte(v.Pointer, '/')+1:]]
		})
		violations = append(violations, a.Write.check(c.Input)...)
	}
	return violations, nil
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

// demanded applies the connection's policy to fields that only the metadata
// call required. They contradict the API often enough that the default is to
// send the record and say so.
func (s *tenantSchema) demanded(c *Call) []connector.Violation {
	var violations []connector.Violation
	policy := c.Tenant.client.Config().Validation
	if policy == gainsight.ValidationOff {
		return nil
	}
	for i, r := range recordsOf(c.Input) {
		for _, name := range s.required {
			if r[name] != nil {
				continue
			}
			pointer := fmt.Sprintf("/records/%d/%s", i, name)
			if policy == gainsight.ValidationStrict {
				violations = append(violations, connector.Violation{
					Pointer: pointer, Keyword: "required", Message: "is required by the tenant's metadata",
				})
				continue
			}
			c.Remark(connector.SeverityWarning, pointer, "is required by the tenant's metadata and missing; the record is sent nevertheless")
		}
	}
	return violations
}

// each applies f to every record of an input.
func each(input map[string]any, f func(map[string]any)) {
	for _, r := range recordsOf(input) {
		if r != nil {
			f(r)
		}
	}
}

// in names the action in an error, before what happened in it.
func in(a *entry, err error) error {
	if err == nil {
		return nil
	}
	var e *connector.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", a.Info.Title, err)
	}
	named := *e
	named.Message = a.Info.Title + ": " + e.Message
	return &named
}

// marshal writes an output. Rich text keeps its brackets.
func marshal(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the output cannot be written as JSON: %w", err)
	}
	return json.RawMessage(strings.TrimRight(b.String(), "\n")), nil
}

// nowhere is the sink of a dry run.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error)        { return len(b), nil }
func (nowhere) Start(connector.StreamHeader) error { return nil }
func (nowhere) Progress(connector.Progress) error  { return nil }
