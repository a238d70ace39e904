package plugin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// greeter is a connector with one action.
type greeter struct{}

func (greeter) Manifest() connector.Manifest {
	return connector.Manifest{
		Name: "greeter", Version: "1.0", Title: "Greeter", Description: "Greets.",
		ConnectionSchema: json.RawMessage(`{"type": "object", "properties": {"greeting": {"type": "string"}}}`),
		Actions: []connector.Action{{
			ID: "greeting.make", Title: "Make Greeting", Group: "Greetings", Summary: "Makes a greeting for a name.",
			Mode: connector.ModeExecute, Effect: connector.EffectRead, SchemaScope: connector.ScopeStatic,
		}},
	}
}

func (greeter) Describe(context.Context, connector.DescribeRequest) (connector.Description, error) {
	return connector.Description{
		Input:  json.RawMessage(`{"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}`),
		Output: json.RawMessage(`{"type": "object", "properties": {"text": {"type": "string"}}}`),
	}, nil
}

func (greeter) Open(_ context.Context, s connector.Settings, _ func(connector.Event)) (plugin.Connection, error) {
	var settings struct{ Greeting string }
	if err := json.Unmarshal(s.Config, &settings); err != nil {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "the settings are no JSON object: %w", err)
	}
	return tenant{settings.Greeting}, nil
}

// tenant is one connection of the greeter.
type tenant struct{ greeting string }

func (t tenant) Execute(_ context.Context, call connector.Call) (connector.Result, error) {
	var input struct{ Name string }
	if err := json.Unmarshal(call.Input, &input); err != nil || input.Name == "" {
		return connector.Result{}, connector.Invalid("the input does not fit", []connector.Violation{
			{Pointer: "/name", Keyword: "required", Message: "a name is needed"},
		})
	}
	output, err := json.Marshal(map[string]string{"text": t.greeting + ", " + input.Name})
	return connector.Result{Output: output}, err
}

func (tenant) Close() error { return nil }

// The main function of a connector is one call. Started by hand, as here, it
// says what the program is for.
func Example() {
	err := plugin.Serve(greeter{}, nil)
	if errors.Is(err, plugin.ErrNotLaunched) {
		fmt.Println("start me through a host")
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// Output: start me through a host
}
