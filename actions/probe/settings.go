package probe

import (
	"encoding/json"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// Set is a value for one place in the settings.
func Set(pointer string, value any) connector.Setting {
	raw, err := json.Marshal(value)
	if err != nil { // unreachable: strings, lists and maps of them
		raw = json.RawMessage("null")
	}
	return connector.Setting{Pointer: pointer, Value: raw}
}

// Endpoint is a value for one part of an endpoint, e.g. "path" or "keys/records".
func Endpoint(name, part string, value any) connector.Setting {
	return Set("/endpoints/"+jsonpointer.Token(name)+"/"+part, value)
}

// Each is one alternative per value for the same part of an endpoint.
func Each[T any](name, part string, values ...T) []Settings {
	all := make([]Settings, len(values))
	for i, v := range values {
		all[i] = Settings{Endpoint(name, part, v)}
	}
	return all
}

// patch returns the settings as a JSON merge patch (RFC 7396).
func (s Settings) patch() json.RawMessage {
	document := map[string]any{}
	for _, setting := range s {
		names := jsonpointer.Names(setting.Pointer)
		at := document
		for i, name := range names {
			if i == len(names)-1 {
				at[name] = setting.Value
				break
			}
			inner, ok := at[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[name] = inner
			}
			at = inner
		}
	}
	raw, err := json.Marshal(document)
	if err != nil { // unreachable: it holds JSON
		return json.RawMessage("{}")
	}
	return raw
}

// ofAnswers returns those that say how answers are read.
func (s Settings) ofAnswers() Settings {
	var of Settings
	for _, setting := range s {
		if strings.HasPrefix(setting.Pointer, "/answers/") {
			of = append(of, setting)
		}
	}
	return of
}
