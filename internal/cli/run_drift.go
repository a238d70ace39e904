package cli

import (
	"encoding/json"
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
	data, err := readNamed("built-with", x.builtWith)
	x.fingerprint = strings.TrimSpace(string(data))
	return err
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
