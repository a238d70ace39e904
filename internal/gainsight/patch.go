package gainsight

import (
	"bytes"
	"encoding/json"
)

// mergePatch lays a JSON merge patch over a document (RFC 7396). Both are JSON.
func mergePatch(document, patch json.RawMessage) (json.RawMessage, error) {
	changes, ok := membersOf(patch)
	if !ok {
		return patch, nil
	}
	members, ok := membersOf(document)
	if !ok {
		members = map[string]json.RawMessage{}
	}
	for name, change := range changes {
		if bytes.Equal(bytes.TrimSpace(change), []byte("null")) {
			delete(members, name)
			continue
		}
		merged, err := mergePatch(members[name], change)
		if err != nil {
			return nil, err
		}
		members[name] = merged
	}
	return json.Marshal(members)
}

// membersOf returns the members of a JSON object; false for anything else.
func membersOf(value json.RawMessage) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(value, &members)
	return members, err == nil && members != nil
}
