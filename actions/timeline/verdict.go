package timeline

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

// verdict is what an answer says of one record, in whatever shape: none is
// documented (open question 18).
type verdict struct {
	// names are the ids under which the answer speaks of the record.
	names []string
	// place is the position in the list that the verdict was in, of size.
	place, size int
	id          string
	failed      bool
	// written is set if the answer says so, and does not just name the record.
	written bool
	code    string
	texts   []string
}

// text is the reason of a failure in the vendor's words.
func (v *verdict) text() string {
	if len(v.texts) == 0 {
		return "the tenant gives no reason"
	}
	return strings.Join(v.texts, "; ")
}

// side says what the part of the answer that a verdict is in tells of it.
type side int

const (
	// either: the verdict speaks for itself.
	either side = iota
	written
	refused
)

// outcomes reads the answer to a save, an update or a deletion.
func outcomes(data json.RawMessage, b actions.Batch) map[int]actions.Outcome {
	places := map[string]int{}
	for i, r := range b.Records {
		for _, name := range identifiers() {
			if s, ok := r[name].(string); ok {
				places[s] = i
			}
		}
		places[b.References[i]] = i
	}
	verdicts := verdictsOf(data, either)
	found := map[int]actions.Outcome{}
	for _, v := range verdicts {
		i, ok := v.among(places, len(b.Records), len(verdicts))
		if !ok || b.Refused && !v.failed && !v.written {
			continue
		}
		if _, told := found[i]; told && !v.failed {
			continue // a failure is never taken back by another part of the answer
		}
		o := actions.Outcome{ID: v.id}
		if v.failed {
			o = actions.Outcome{Failure: strings.TrimPrefix(v.code+": "+v.text(), ": ")}
		}
		found[i] = o
	}
	return found
}

// tersely reads the answer to an update or a deletion. A success may say
// nothing of its one activity, which is changed then; of several, who knows.
func tersely(data json.RawMessage, b actions.Batch) map[int]actions.Outcome {
	told := outcomes(data, b)
	if len(told) == 0 && len(b.Records) == 1 && !b.Refused {
		return map[int]actions.Outcome{0: {}}
	}
	return told
}

// among returns the place of a verdict's record in its batch: by name; by
// position if the answer names nothing and has one verdict a record; and if
// one record was asked about and one verdict came, that is it.
func (v *verdict) among(places map[string]int, records, verdicts int) (int, bool) {
	for _, name := range v.names {
		if i, ok := places[name]; ok {
			return i, true
		}
	}
	switch {
	case records == 1 && verdicts == 1:
		return 0, true
	case len(v.names) == 0 && v.size == records && verdicts == records:
		return v.place, true
	}
	return 0, false
}

// parts are the names of the parts of an answer, by what they tell.
func parts() map[string]side {
	return map[string]side{
		"success": written, "successes": written, "succeeded": written,
		"failure": refused, "failures": refused, "failed": refused, "errors": refused, "failedrecords": refused,
		"records": either, "activities": either, "results": either,
	}
}

// verdictsOf reads the data of an answer.
func verdictsOf(data json.RawMessage, s side) []verdict {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	whole, ok := v.(map[string]any)
	if !ok || s != either || isEntry(whole) {
		return within(v, s)
	}
	var all []verdict
	known := false
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		part, ok := parts()[strings.ToLower(name)]
		known = known || ok
		if !ok {
			continue
		}
		switch whole[name].(type) {
		case []any, map[string]any:
			all = append(all, within(whole[name], part)...)
		}
	}
	if !known {
		return within(v, either)
	}
	return all
}

// within reads one part: a list of verdicts, nested or not; a map of them by
// name; or a single one.
func within(v any, s side) []verdict {
	switch v := v.(type) {
	case []any:
		list := flatten(v)
		var all []verdict
		for i, item := range list {
			for _, one := range within(item, s) {
				one.place, one.size = i, len(list)
				all = append(all, one)
			}
		}
		return all
	case map[string]any:
		if isEntry(v) {
			one := verdict{failed: s == refused, written: s == written}
			one.read(v)
			return []verdict{one}
		}
		var all []verdict
		for _, name := range slices.Sorted(maps.Keys(v)) {
			one := verdict{names: []string{name}, failed: s == refused, written: s == written}
			one.read(v[name])
			all = append(all, one)
		}
		return all
	case string:
		if s == refused {
			return []verdict{{failed: true, texts: []string{v}}}
		}
		return []verdict{{names: []string{v}, written: s == written}}
	}
	return nil
}

// flatten takes lists out of a list (common.md, section 6: data.errors is
// nested twice).
func flatten(list []any) []any {
	var flat []any
	for _, item := range list {
		if inner, ok := item.([]any); ok {
			flat = append(flat, flatten(inner)...)
		} else {
			flat = append(flat, item)
		}
	}
	return flat
}

// isEntry reports whether an object speaks of one record, and is no map of
// records by name.
func isEntry(m map[string]any) bool {
	for key := range m {
		switch strings.ToLower(key) {
		case "externalid", "activityid", "gsid", "errorcode", "errordesc", "errormessage", "message", "fieldname":
			return true
		}
	}
	ok := false
	if v, has := m["success"]; has {
		_, ok = v.(bool)
	}
	return ok
}

// read adds what a value tells: an id or a reason, an object with either, or a
// list of these.
func (v *verdict) read(value any) {
	switch value := value.(type) {
	case string:
		switch code, text, _ := strings.Cut(value, ":"); {
		case !v.failed:
			v.id = value
		case strings.Contains(code, "_") && !strings.Contains(code, " "):
			v.fail(code, strings.TrimSpace(text))
		default:
			v.fail("", value)
		}
	case []any:
		for _, item := range value {
			v.read(item)
		}
	case map[string]any:
		v.object(value)
	}
}

func (v *verdict) object(m map[string]any) {
	var code, text string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		s, _ := m[key].(string)
		switch strings.ToLower(key) {
		case "externalid", "gsid":
			v.named(s)
			if v.id == "" && !strings.EqualFold(key, fieldExternalID) {
				v.id = s
			}
		case "activityid":
			v.named(s)
			v.id = s
		case "errorcode":
			code = s
		case "errordesc", "errormessage", "message":
			if text == "" {
				text = s
			}
		case "success":
			if done, ok := m[key].(bool); ok && len(v.texts) == 0 {
				v.failed, v.written = !done, done
			}
		case "errors":
			if list, ok := m[key].([]any); ok && len(list) > 0 {
				v.failed = true
				v.read(list)
			}
		}
	}
	if code != "" || v.failed && text != "" {
		v.fail(code, text)
	}
}

func (v *verdict) named(s string) {
	if s != "" {
		v.names = append(v.names, s)
	}
}

func (v *verdict) fail(code, text string) {
	v.failed = true
	if v.code == "" {
		v.code = code
	}
	if text != "" {
		v.texts = append(v.texts, text)
	}
}
