package hosttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// badAuthors are connectors that are wrong in their own code, each with the
// cases that it fails and no others.
func badAuthors() map[string]bad {
	return map[string]bad{
		"repeats an action id": authored(warp{manifest: func(m *connector.Manifest) {
			m.Actions = append(m.Actions, m.Actions[0])
		}}, "manifest/actions"),
		"names an action with a blank": authored(warp{alias: "List notes", manifest: func(m *connector.Manifest) {
			m.Actions = append(m.Actions, m.Actions[0])
			m.Actions[4].ID, m.Actions[4].Title = "List notes", "Another"
		}}, "manifest/ids"),
		"repeats a title": authored(warp{manifest: func(m *connector.Manifest) {
			m.Actions[1].Title = m.Actions[0].Title
		}}, "manifest/titles"),
		"does not say what an action does to the tenant": authored(warp{manifest: func(m *connector.Manifest) {
			m.Actions[0].Evidence = ""
		}}, "manifest/stated"),
		"has no version": authored(warp{manifest: func(m *connector.Manifest) {
			m.Version = ""
		}}, "manifest/named"),
		"repeats a selector": authored(warp{manifest: func(m *connector.Manifest) {
			m.Actions[0].Selectors = []string{"a", "a"}
		}}, "manifest/selectors"),
		"allows calls in no time": authored(warp{manifest: func(m *connector.Manifest) {
			m.Actions[0].Limits.Rates = []connector.RateLimit{{Calls: 5}}
		}}, "manifest/rates"),
		"links to a plain address": authored(warp{manifest: func(m *connector.Manifest) {
			m.DocumentationURL = "http://example.com"
		}}, "manifest/links"),
		"shows the key in a form": authored(warp{manifest: func(m *connector.Manifest) {
			m.ConnectionSchema = bytes.Replace(m.ConnectionSchema, []byte(`, "writeOnly": true`), nil, 1)
		}}, "manifest/settings-secrets"),
		"has a setting without a word": authored(warp{manifest: func(m *connector.Manifest) {
			m.ConnectionSchema = bytes.Replace(m.ConnectionSchema, []byte(`"title": "API key", `), nil, 1)
		}}, "manifest/settings-titles"),
		"has a connection schema that is none": authored(warp{manifest: func(m *connector.Manifest) {
			m.ConnectionSchema = json.RawMessage(`{"type":"objct","required":["address"]}`)
		}}, "manifest/settings-schema"),
		"demands a setting that nobody gives": authored(warp{manifest: func(m *connector.Manifest) {
			m.ConnectionSchema = bytes.Replace(m.ConnectionSchema, []byte(`["address", "api_key"]`), []byte(`["address", "region"]`), 1)
		}}, "manifest/settings-fit"),
		"has another manifest every time it is started": authored(warp{manifest: func(m *connector.Manifest) {
			m.Description = time.Now().String()
		}}, "manifest/stable"),
		"has a schema of another draft": authored(warp{describe: func(d *connector.Description) {
			d.Input = bytes.Replace(d.Input, []byte("2020-12/schema"), []byte("2019-09/schema"), 1)
		}}, "schemas/draft"),
		"has an input that is no object": authored(warp{describe: func(d *connector.Description) {
			d.Input = bytes.Replace(d.Input, []byte(`"type":"object"`), []byte(`"type":["object","null"]`), 1)
		}}, "schemas/draft"),
		"has an example that does not fit": authored(warp{describe: func(d *connector.Description) {
			d.Input = bytes.Replace(d.Input, []byte(`"maxLength":1000`), []byte(`"maxLength":3`), 1)
		}}, "schemas/examples-fit"),
		"has no examples": authored(warp{describe: func(d *connector.Description) {
			d.Input = bytes.Replace(d.Input, []byte(`"examples"`), []byte(`"x-examples"`), 1)
		}}, "schemas/examples"),
		"describes otherwise every time": authored(warp{describe: func(d *connector.Description) {
			d.Output = json.RawMessage(fmt.Sprintf(`{"$comment":"%d"}`, time.Now().UnixNano()))
		}}, "schemas/etag-stable", "schemas/refresh"),
		"uses the tenant that was opened last for all": mixing(
			"isolation/address", "isolation/broken-neighbour", "isolation/closed-neighbour", "isolation/concurrent", "isolation/own-data"),
		"sends one tenant's key to the other": leaking("isolation/credentials"),
		"does not hear cancellations": authored(warp{context: context.WithoutCancel},
			"cancel/call-ends", "cancel/check", "cancel/deadline", "cancel/download", "cancel/request-ends"),
		"hears cancellations but no deadlines": authored(warp{context: func(ctx context.Context) context.Context {
			if end, ok := ctx.Deadline(); ok && time.Until(end) < time.Second { // those of the kit itself are far
				return context.WithoutCancel(ctx)
			}
			return ctx
		}}, "cancel/deadline"),
		"leaks a goroutine for each connection": stuck("hygiene/goroutines"),
		"panics on what it does not expect": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			var input map[string]any
			if err := json.Unmarshal(call.Input, &input); err == nil && input["tag"] != nil {
				_ = input["tag"].(string)
			}
			return c.next(ctx, call)
		}}, "errors/pointers", "errors/robust"),
		"logs its settings": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			plugin.Logger(ctx).WarnContext(ctx, "calling", slog.String("key", c.settings.Secrets["/api_key"].Reveal()))
			return c.next(ctx, call)
		}}, "secrets/log"),
		"logs its input": authored(warp{execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			plugin.Logger(ctx).InfoContext(ctx, "calling", slog.String("input", string(call.Input)))
			return c.next(ctx, call)
		}}, "secrets/values-in-log"),
		"tells its key when it is refused": authored(warp{failure: func(err error, c *warpedConn) error {
			e := *connector.AsError(err)
			if e.Reason == connector.ReasonAuthFailed {
				e.Message += ": " + c.settings.Secrets["/api_key"].Reveal()
			}
			return &e
		}}, "secrets/refused-credentials"),
		"quotes settings that it refuses": authored(warp{failure: func(err error, c *warpedConn) error {
			e := *connector.AsError(err)
			if e.Reason == connector.ReasonInvalidConnection {
				e.Message += fmt.Sprintf(": %s", c.settings.Secrets["/api_key"].Reveal())
			}
			return &e
		}}, "secrets/refused-settings"),
		"quotes the values that it refuses": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			if errors.Is(err, connector.ReasonInvalidInput) {
				e := *connector.AsError(err)
				e.Hint = "it was " + string(call.Input)
				err = &e
			}
			return r, err
		}}, "secrets/values-in-errors"),
		"quotes what the tenant answers": authored(warp{failure: func(err error, c *warpedConn) error {
			e := *connector.AsError(err)
			if e.Downstream.Status == http.StatusBadRequest {
				e.Hint = "X-Api-Key: " + c.settings.Secrets["/api_key"].Reveal()
			}
			return &e
		}}, "secrets/echoed"),
		"puts the key into an output": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			r.Diagnostics = []connector.Diagnostic{{Summary: "signed in with " + c.settings.Secrets["/api_key"].Reveal()}}
			return r, err
		}}, "secrets/outputs"),
		"calls the tenant when it opens": authored(warp{opened: func(s connector.Settings) {
			var settings map[string]string
			_ = json.Unmarshal(s.Config, &settings)
			if resp, err := http.Get(settings["address"]); err == nil {
				_ = resp.Body.Close()
			}
		}}, "lifecycle/open-offline", "isolation/address"),
		"answers what its schema does not say": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			if !call.DryRun {
				r.Output = bytes.ReplaceAll(r.Output, []byte(`"id"`), []byte(`"number"`))
			}
			return r, err
		}}, "calls/reads", "calls/writes"),
		"counts records that are not there": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			r.Records = &connector.RecordSummary{Total: 2, Succeeded: 1}
			return r, err
		}}, "calls/counts"),
		"writes in a dry run": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			if wet := call; call.DryRun && call.Action == "note.create" {
				wet.DryRun = false
				_, _ = c.next(ctx, wet)
			}
			return c.next(ctx, call)
		}}, "calls/dry-run-sends"),
		"has no dry run": authored(warp{execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			if call.DryRun {
				return connector.Result{}, connector.Errorf(connector.ReasonUnsupported, "not yet")
			}
			return c.next(ctx, call)
		}}, "calls/dry-run"),
		"takes a lost answer for a failure": authored(warp{failure: func(err error, _ *warpedConn) error {
			e := *connector.AsError(err)
			e.OutcomeUnknown = false
			return &e
		}}, "errors/outcome-unknown"),
		"takes the tenant's failures for its own": authored(warp{failure: func(err error, _ *warpedConn) error {
			if e := connector.AsError(err); strings.HasPrefix(string(e.Reason), "DOWNSTREAM_") {
				return errors.New("something went wrong")
			}
			return err
		}}, "chaos/flapping-tenant", "errors/tenant-breaks", "errors/tenant-down", "errors/tenant-garbage", "errors/tenant-truncates",
			"streams/broken-tenant"),
		"believes half an answer": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			if errors.Is(err, connector.ReasonDownstreamUnavailable) && connector.AsError(err).Downstream.Status == 0 {
				return connector.Result{Output: json.RawMessage(`{"notes":[]}`)}, nil
			}
			return r, err
		}}, "errors/outcome-unknown", "errors/tenant-breaks", "errors/tenant-truncates"),
		"takes any input": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			r, err := c.next(ctx, call)
			if errors.Is(err, connector.ReasonInvalidInput) && !call.DryRun {
				return connector.Result{Output: json.RawMessage(`{}`)}, nil
			}
			return r, err
		}}, "errors/invalid-input", "errors/malformed-input", "errors/pointers"),
		"takes any key": authored(warp{failure: func(err error, _ *warpedConn) error {
			e := *connector.AsError(err)
			if e.Reason == connector.ReasonAuthFailed {
				e.Reason = connector.ReasonDownstreamUnavailable
			}
			return &e
		}}, "errors/credentials"),
		"takes empty settings": authored(warp{settings: func(s connector.Settings) connector.Settings {
			if len(s.Config) < 5 {
				s.Config = json.RawMessage(`{"address":"http://127.0.0.1:1"}`)
				s.Secrets = map[string]connector.Secret{"/api_key": connector.NewSecret("none")}
			}
			return s
		}}, "errors/empty-settings", "errors/malformed-settings"),
		"takes a limit on calls for a mistake": authored(warp{failure: func(err error, _ *warpedConn) error {
			e := *connector.AsError(err)
			if e.Reason == connector.ReasonRateLimited {
				e.Reason = connector.ReasonInvalidInput
			}
			return &e
		}}, "errors/tenant-throttles"),
		"never recovers": unrecovering(bad{
			fails: []string{"errors/pointers", "errors/tenant-recovers"},
			may:   []string{"cancel/expired", "cancel/works-on", "chaos/flapping-tenant", "chaos/many-cancellations"},
		}),
		"does one thing at a time":              serial("isolation/slow-neighbour"),
		"closes the tenant with the connection": closing("isolation/same-tenant"),
		"is busy soon": authored(warp{execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			if n := c.running.Add(1); n > 4 {
				c.running.Add(-1)
				return connector.Result{}, connector.Errorf(connector.ReasonRateLimited, "busy")
			}
			defer c.running.Add(-1)
			return c.next(ctx, call)
		}}, "chaos/many-calls"),
		"puts its key into its schemas": telling("secrets/catalog"),
		"puts its key into addresses": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			if !call.DryRun {
				c.get(ctx, "/tags?key="+c.settings.Secrets["/api_key"].Reveal(), "")
			}
			return c.next(ctx, call)
		}}, "secrets/addresses"),
		"takes a little less than agreed": authored(warp{execute: func(
			ctx context.Context, call connector.Call, c *warpedConn,
		) (connector.Result, error) {
			if len(call.Input) >= 1<<20 {
				return connector.Result{}, connector.Errorf(connector.ReasonTooLarge, "too large")
			}
			return c.next(ctx, call)
		}}, "limits/input-at"),
		"mourns an upload that was cancelled": mourning("cancel/upload"),
		"describes no output": authored(warp{describe: func(d *connector.Description) { d.Output = nil }},
			"schemas/draft", "schemas/static"),
		"lists more values than asked for": authored(warp{describe: func(d *connector.Description) {
			d.Input = bytes.Replace(d.Input, []byte(`"title":"Tag"`), []byte(`"x-connector":{"lookup":{"pointer":"/tag"}}`), 1)
		}, options: func() connector.OptionPage {
			return connector.OptionPage{Options: []connector.Option{{Value: "1", Label: "One"}, {Value: "2"}, {Value: "3", Label: "Three"}}}
		}}, "schemas/options", "schemas/options-paged"),
		"judges in words of its own": authored(warp{thorough: `{"assumptions":[{"id":"a","verdict":"perhaps"}],"settings":{}}`},
			"lifecycle/check-thorough"),
		"goes on with the line before": authored(warp{download: lines(func(token string) (int, error) {
			n, err := lineAfter(token)
			return n - 1, err
		})}, "streams/resume"),
		"takes any checkpoint for the first": authored(warp{download: lines(func(token string) (int, error) {
			if n, err := lineAfter(token); err == nil {
				return n, nil
			}
			return 1, nil
		})}, "streams/resume-strange"),
		"says that waiting helps no call": authored(warp{failure: func(err error, _ *warpedConn) error {
			e := *connector.AsError(err)
			e.Retry = connector.RetryNever
			return &e
		}}, "errors/tenant-down"),
	}
}

// mixing runs every call on the connection that was opened last.
func mixing(fails ...string) bad {
	return bad{fails: fails, build: func() (plugin.Connector, error) {
		var last atomic.Pointer[warpedConn]
		return warp{
			made: last.Store,
			execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
				if other := last.Load(); other != nil {
					c = other
				}
				return c.next(ctx, call)
			},
			close: func(c *warpedConn) { last.CompareAndSwap(c, nil) },
		}.build()
	}}
}

// unrecovering repeats the first error of a connection for ever.
func unrecovering(b bad) bad {
	b.build = warp{execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
		if first := c.first.Load(); first != nil && !call.DryRun {
			return connector.Result{}, *first
		}
		r, err := c.next(ctx, call)
		if err != nil {
			c.first.CompareAndSwap(nil, &err)
		}
		return r, err
	}}.build
	return b
}

// stuck starts a goroutine for each connection, which ends with the test only.
func stuck(fails ...string) bad {
	end := make(chan struct{})
	b := authored(warp{opened: func(connector.Settings) { go func() { <-end }() }}, fails...)
	b.after = func() { close(end) }
	return b
}

// mourning never gets over an upload that was cancelled, until the test ends.
func mourning(fails ...string) bad {
	end := make(chan struct{})
	b := authored(warp{upload: func(ctx context.Context, err error) {
		if ctx.Err() != nil && err != nil {
			<-end
		}
	}}, fails...)
	b.after = func() { close(end) }
	return b
}

// serial holds a lock while a call runs.
func serial(fails ...string) bad {
	return bad{fails: fails, build: func() (plugin.Connector, error) {
		var mu sync.Mutex
		return warp{execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			return c.next(ctx, call)
		}}.build()
	}}
}

// closing refuses calls to a tenant once any connection to it was closed.
func closing(fails ...string) bad {
	return bad{fails: fails, build: func() (plugin.Connector, error) {
		var closed sync.Map
		return warp{
			close: func(c *warpedConn) { closed.Store(c.settings.Tenant, true) },
			execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
				if _, gone := closed.Load(c.settings.Tenant); gone {
					return connector.Result{}, errors.New("the pool is closed")
				}
				return c.next(ctx, call)
			},
		}.build()
	}}
}

// telling shows the key of the last connection to whoever asks for a schema.
func telling(fails ...string) bad {
	return bad{fails: fails, build: func() (plugin.Connector, error) {
		var key atomic.Pointer[string]
		return warp{
			opened: func(s connector.Settings) {
				text := s.Secrets["/api_key"].Reveal()
				key.Store(&text)
			},
			describe: func(d *connector.Description) {
				if text := key.Load(); text != nil {
					d.Output = bytes.Replace(d.Output, []byte("{"), []byte(`{"$comment":"`+*text+`",`), 1)
				}
			},
		}.build()
	}}
}

// leaking sends the key of the first tenant along with everything.
func leaking(fails ...string) bad {
	return bad{fails: fails, build: func() (plugin.Connector, error) {
		var first atomic.Pointer[string]
		return warp{settings: func(s connector.Settings) connector.Settings {
			key := s.Secrets["/api_key"].Reveal()
			first.CompareAndSwap(nil, &key)
			return s
		}, execute: func(ctx context.Context, call connector.Call, c *warpedConn) (connector.Result, error) {
			if !call.DryRun {
				c.get(ctx, "/tags", *first.Load())
			}
			return c.next(ctx, call)
		}}.build()
	}}
}
