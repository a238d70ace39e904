package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/plugin"
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
	case a.Upload != nil:
		_, err = a.Upload(ctx, c, newInlineSource(c.inline))
	case a.Write != nil:
		var results []RecordResult
		results, err = a.Write.run(ctx, c)
		t.heed(ctx, c, results, err)
		if err == nil {
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
	result.Diagnostics, result.Stats = c.told(), c.Stats()
	return result, costing(result.Stats, in(a, err))
}

// download runs an action with a large output.
func (p *pipeline) download(ctx context.Context, t *Tenant, a *entry, call connector.Call, out Sink) (connector.StreamSummary, error) {
	c, err := p.prepare(ctx, t, a, call)
	if err != nil {
		return connector.StreamSummary{}, in(a, err)
	}
	c.Resume = call.Resume
	out = announce(c, out)
	summary, err := a.Stream(ctx, c, out)
	summary.Diagnostics, summary.Stats = c.told(), c.Stats()
	return summary, costing(summary.Stats, in(a, err))
}

// upload runs an action whose records come as a stream.
func (p *pipeline) upload(ctx context.Context, t *Tenant, a *entry, call connector.Call, source Source) (connector.Result, error) {
	c, err := p.prepare(ctx, t, a, call)
	if err == nil && c.inline != nil {
		err = connector.Invalid("the input is not valid", []connector.Violation{
			{Pointer: "/records", Message: "must be the content of the upload, not part of its input; only a dry run takes it here"},
		})
	}
	if err != nil {
		return connector.Result{}, in(a, err)
	}
	var result connector.Result
	out, err := a.Upload(ctx, c, source)
	if err == nil {
		result.Output, err = marshal(out)
	}
	result.Diagnostics, result.Stats = c.told(), c.Stats()
	return result, costing(result.Stats, in(a, err))
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
	c := &Call{
		Tenant: t, Session: t.client.Session(call.DryRun), Input: input, Repeated: call.Repeated, raw: call.Input, effect: a.Info.Effect,
	}
	if plugin.Detailed(ctx) {
		c.Detail()
	}
	if a.Info.Mode != connector.ModeExecute {
		c.Yield()
	}
	if a.Upload != nil {
		c.takeInline()
	}
	if c.rules, err = p.rules(ctx, a, c.Input, t); err != nil {
		return nil, err
	}
	if violations := c.rules.check(c); len(violations) > 0 {
		return nil, connector.Invalid("the input is not valid", violations)
	}
	if a.Write != nil && a.Write.Encoding != nil {
		a.Write.Encoding.apply(ctx, c)
	}
	return c, nil
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

// costing tells in an error what was spent until it came.
func costing(stats connector.Stats, err error) error {
	var e *connector.Error
	if !errors.As(err, &e) {
		return err
	}
	told := *e
	told.Stats = &stats
	return &told
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
func (nowhere) Checkpoint([]byte) error            { return nil }
