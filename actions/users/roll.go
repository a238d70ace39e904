package users

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// roll finds the record that an answer speaks of.
type roll struct {
	byKey   map[string]int // by user name and ids, in lower case
	byEmail map[string]int // -1 if several records share it
	ids     []string       // the records' own Gsid
}

func newRoll(records []map[string]any) roll {
	l := roll{byKey: map[string]int{}, byEmail: map[string]int{}, ids: make([]string, len(records))}
	for i, r := range records {
		l.ids[i], _ = r[fieldID].(string)
		for _, field := range []string{fieldName, fieldID, fieldSalesforceID} {
			if name, ok := r[field].(string); ok && name != "" {
				l.byKey[fold(name)] = i
			}
		}
		if email, ok := r["Email"].(string); ok && email != "" {
			if _, shared := l.byEmail[fold(email)]; shared {
				i = -1
			}
			l.byEmail[fold(email)] = i
		}
	}
	return l
}

// index returns the record with a name: a user name, an id or an e-mail
// address that no other has.
func (l roll) index(name string) (int, bool) {
	if i, ok := l.byKey[fold(name)]; ok {
		return i, true
	}
	i, ok := l.byEmail[fold(name)]
	return i, ok && i >= 0
}

// find returns the record that an object of the answer names, in a member of
// its own or of the record that it repeats.
func (l roll) find(object json.RawMessage) (int, bool) {
	members := lowered(object)
	for _, name := range []string{"sfdcusername", "username", "gsid", "sfdcuserid", "userid", "id", "key", "identifier", "email"} {
		if i, ok := l.index(textOf(members[name])); ok {
			return i, true
		}
	}
	for _, name := range []string{"record", "user", "parsedvalue"} {
		if kindOf(members[name]) != '{' {
			continue
		}
		if i, ok := l.find(members[name]); ok {
			return i, true
		}
	}
	return 0, false
}

// idOf returns the Gsid in an object. Empty: there is none.
func idOf(object json.RawMessage) string {
	members := lowered(object)
	for _, name := range []string{"gsid", "userid", "id"} {
		if id := textOf(members[name]); id != "" {
			return id
		}
	}
	return ""
}

// isFailure reports whether an object says what went wrong, as opposed to a
// map of such objects. The object APIs have the reasons within, beside the
// record (common.md, section 6).
func isFailure(object json.RawMessage) bool {
	members := membersOf(object)
	for _, name := range []string{"errorMessage", "errorDesc", "errorCode"} {
		if textOf(members[name]) != "" {
			return true
		}
	}
	within := kindOf(members["errors"])
	return len(members) > 1 && (within == '[' || within == '{')
}

// kindOf returns the first byte of a JSON value. 0: there is none.
func kindOf(value json.RawMessage) byte {
	if value = bytes.TrimSpace(value); len(value) > 0 {
		return value[0]
	}
	return 0
}

// textOf returns a JSON string; of anything else nothing.
func textOf(value json.RawMessage) string {
	var s string
	_ = json.Unmarshal(value, &s) // anything else is no name
	return s
}

// itemsOf returns the items of a JSON array; of anything else nothing.
func itemsOf(value json.RawMessage) []json.RawMessage {
	var items []json.RawMessage
	_ = json.Unmarshal(value, &items) // anything else has no items
	return items
}

// membersOf returns the members of a JSON object; of anything else nothing.
func membersOf(value json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(value, &members) // anything else has no members
	return members
}

// lowered returns the members of an object by their names in lower case: the
// case of response keys is not known (common.md, section 7.4).
func lowered(object json.RawMessage) map[string]json.RawMessage {
	members := membersOf(object)
	low := make(map[string]json.RawMessage, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		low[strings.ToLower(name)] = members[name]
	}
	return low
}
