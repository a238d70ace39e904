package gainsight

import (
	"bytes"
	"encoding/json"
)

// mergePatch lays a JSON merge patch over a document (RFC 7396).
func mergePatch(document, patch json.RawMessage) (json.RawMessage, error) {
	var changes map[string]json.RawMessage
	if json.Unmarshal(patch, &changes) != nil || changes == nil {
		return patch, nil
	}
	members := map[string]json.RawMessage{}
	if json.Unmarshal(document, &members) != nil || members == nil {
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
