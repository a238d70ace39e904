package actions

import (
	"bytes"
	"encoding/json"
	"maps"
)

// PlacedOutcomes reads an answer whose shape is not documented: by reference
// if it has success and failure parts with the batch's references; else by
// place, from a list or, of a batch of one record, from whatever part there is
// (goals.md: "parse data as object or list, and also the success / failure
// maps"; common.md, section 6). A record that nothing is said of is missing
// from the result.
func PlacedOutcomes(data json.RawMessage, b Batch) map[int]Outcome {
	if outcomes := KeyedOutcomes(data, b); len(outcomes) > 0 {
		return outcomes
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(data, &parts) != nil || parts == nil {
		return believed(listed(elements(data), b), b)
	}
	for _, name := range []string{"failure", "failures", "errors"} {
		if all := elements(parts[name]); len(all) > 0 && len(b.References) == 1 {
			return map[int]Outcome{0: {Failure: FailureText(parts[name])}}
		}
	}
	for _, name := range []string{"success", "successes", "records"} {
		if all := elements(parts[name]); len(all) > 0 {
			return listed(all, b)
		}
	}
	if id := idText(data); id != "" && len(b.References) == 1 {
		return believed(map[int]Outcome{0: {ID: id}}, b)
	}
	return nil
}

// believed returns outcomes that an answer does not call a success or a
// failure. Of a refused request only the failures are: an id in its answer may
// be that of what it is about.
func believed(outcomes map[int]Outcome, b Batch) map[int]Outcome {
	maps.DeleteFunc(outcomes, func(_ int, o Outcome) bool { return b.Refused && o.Failure == "" })
	return outcomes
}

// elements returns the elements of a list; of anything else itself, unless it
// says that there is nothing.
func elements(value json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		return list
	}
	switch string(bytes.TrimSpace(value)) {
	case "", "{}", "false", "0", `""`:
		return nil
	}
	return []json.RawMessage{value}
}

// listed reads one outcome per record, if there are as many.
func listed(all []json.RawMessage, b Batch) map[int]Outcome {
	if len(all) != len(b.References) {
		return nil
	}
	outcomes := make(map[int]Outcome, len(all))
	for i, v := range all {
		outcomes[i] = outcomeOf(v)
	}
	return outcomes
}

// outcomeOf reads the outcome of one record: an id, a record with one, a map
// whose only value is one, or a reason for a failure.
func outcomeOf(value json.RawMessage) Outcome {
	var object map[string]json.RawMessage
	if json.Unmarshal(value, &object) != nil {
		return Outcome{ID: idText(value)}
	}
	for _, name := range []string{"errorCode", "errorMessage", "errors"} {
		if told := object[name]; len(elements(told)) > 0 {
			return Outcome{Failure: FailureText(value)}
		}
	}
	if bytes.Equal(object["success"], []byte("false")) {
		return Outcome{Failure: FailureText(value)}
	}
	if id := idText(value); id != "" {
		return Outcome{ID: id}
	}
	if len(object) == 1 {
		for _, v := range object {
			return Outcome{ID: idText(v)}
		}
	}
	return Outcome{}
}
