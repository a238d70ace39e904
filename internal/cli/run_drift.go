package cli

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// call is the call of the action with an input.
func (x *execution) call(input json.RawMessage) connector.Call {
	return connector.Call{Action: x.action, Input: input, BuiltWith: x.fingerprint, Drift: connector.DriftPolicy(x.drift)}
}

// readBuiltWith reads the fingerprint of --built-with.
func (x *execution) readBuiltWith() error {
	switch {
	case x.drift != "" && !slices.Contains(connector.DriftPolicies(), connector.DriftPolicy(x.drift)):
		return wrongUsage("--drift is one of %s, not %q", policies(), x.drift)
	case x.builtWith == "" && x.drift != "":
		return wrongUsage("--drift goes with --built-with FILE")
	case x.builtWith == "":
		return nil
	}
	if err := readable("built-with", x.builtWith); err != nil {
		return err
	}
	data, err := os.ReadFile(x.builtWith)
	if err != nil {
		return wrongUsage("--built-with: %v", err)
	}
	if x.fingerprint = strings.TrimSpace(string(data)); x.fingerprint == "" {
		return wrongUsage("--built-with %s is empty; %s describe ACTION --fingerprint writes one", x.builtWith, programName)
	}
	return nil
}

// policies lists the drift policies.
func policies() string {
	var names []string
	for _, p := range connector.DriftPolicies() {
		names = append(names, string(p))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
