package metadata

import (
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// flags are the members of an endpoint's body in the endpoint's form. In the
// samples booleans and numbers are strings (data_management.md, DOC2 sample,
// LIVE; open question 40).
func flags(e gainsight.Endpoint) map[string]any {
	all := map[string]any{}
	for name, raw := range e.Extra() {
		all[name] = raw
		var text string
		if json.Unmarshal(raw, &text) == nil {
			all[name] = flag(e, text)
		}
	}
	return all
}

// flag is the text of a flag in the endpoint's form.
func flag(e gainsight.Endpoint, text string) any {
	var typed any
	if e.Form != gainsight.FlagFormTyped || json.Unmarshal([]byte(text), &typed) != nil {
		return text
	}
	return typed
}
