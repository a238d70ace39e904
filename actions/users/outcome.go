package users

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

// outcomes reads the answer to a write of users. Known is that data has
// success and errors, and that an error has an errorMessage (users.md, CODE);
// the rest is open (open question 27). So both parts may be lists, at any
// depth, or maps, and a user may be told by user name, id or e-mail, in an
// entry or as its key. Of what names no user this is concluded:
//
//   - without any failure in an answer that is a success, all were written
//     (open question 12);
//   - if all failures name their user, and as many others were written as
//     there are, it is they;
//   - if there are as many failures as users that were not written, they are
//     theirs, in order;
//   - a refused request that counts its successes has written nobody else.
//
// Anything else leaves the outcome of the others unknown.
func outcomes(data json.RawMessage, b actions.Batch) map[int]actions.Outcome {
	r := &reading{roll: newRoll(b.Records), found: map[int]actions.Outcome{}}
	var parts map[string]json.RawMessage
	if json.Unmarshal(data, &parts) != nil && b.Refused {
		r.failures(data) // a bare list
	} else if parts == nil {
		r.success(data)
	}
	for _, name := range []string{"success", "successes", "records"} {
		r.counted = r.counted || slices.Contains([]byte("[{0"), kindOf(parts[name]))
		r.success(parts[name])
	}
	for _, name := range []string{"errors", "failure", "failures"} {
		r.failures(parts[name])
	}
	r.conclude(b)
	return r.found
}

// reading is an answer, as far as it is read.
type reading struct {
	roll  roll
	found map[int]actions.Outcome
	// counted is set if the answer says who was written, or that nobody was.
	counted bool
	// strangers are the ids of written users that are none of the request, as
	// those of new users are; an empty one is not known.
	strangers []string
	// groups are the failures that name nobody, as the answer groups them.
	groups [][]string
}

// success reads a part that lists written users.
func (r *reading) success(part json.RawMessage) {
	switch kindOf(part) {
	case '[':
		for _, item := range itemsOf(part) {
			r.success(item)
		}
	case '{':
		if isFailure(part) {
			r.failures(slices.Concat(json.RawMessage("["), part, json.RawMessage("]")))
			return
		}
		if i, ok := r.roll.find(part); ok {
			r.written(i, idOf(part))
			return
		}
		if id := idOf(part); id != "" {
			r.strangers = append(r.strangers, id)
			return
		}
		r.successes(part)
	case '"':
		name := textOf(part)
		if i, ok := r.roll.index(name); ok {
			r.written(i, "")
		} else {
			r.strangers = append(r.strangers, name)
		}
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		n, _ := strconv.Atoi(string(part))
		r.strangers = append(r.strangers, make([]string, min(n, len(r.roll.ids)))...)
	}
}

// successes reads written users by name.
func (r *reading) successes(part json.RawMessage) {
	members := membersOf(part)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		id := cmp.Or(textOf(value), idOf(value))
		if i, ok := r.roll.index(name); ok {
			r.written(i, id)
		} else if i, ok := r.roll.index(id); ok {
			r.written(i, name)
		} else {
			r.strangers = append(r.strangers, id)
		}
	}
}

// written notes a user as written. An id that the record has is the best one.
func (r *reading) written(i int, id string) {
	if own := r.roll.ids[i]; own != "" {
		id = own
	}
	r.found[i] = actions.Outcome{ID: id}
}

// failures reads a part that lists refused users.
func (r *reading) failures(part json.RawMessage) {
	for _, item := range itemsOf(part) {
		if group := r.refused(item, nil); len(group) > 0 {
			r.groups = append(r.groups, group)
		}
	}
	switch kindOf(part) {
	case '{', '"':
		for _, text := range r.refused(part, nil) {
			r.groups = append(r.groups, []string{text})
		}
	}
}

// refused reads one failure, or a list or map of them, and returns to with the
// texts of those that name nobody.
func (r *reading) refused(value json.RawMessage, to []string) []string {
	switch kindOf(value) {
	case '[':
		for _, item := range itemsOf(value) {
			to = r.refused(item, to)
		}
		return to
	case '{':
		if i, ok := r.roll.find(value); ok {
			r.failed(i, actions.FailureText(value))
			return to
		}
		if isFailure(value) {
			break
		}
		members := membersOf(value)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if i, ok := r.roll.index(name); ok {
				r.failed(i, actions.FailureText(members[name]))
			} else {
				to = r.refused(members[name], to)
			}
		}
		return to
	case '"':
	default:
		return to // a null, a number
	}
	return append(to, actions.FailureText(value))
}

// failed notes a user as refused; several reasons add up.
func (r *reading) failed(i int, text string) {
	if before := r.found[i].Failure; before != "" {
		text = before + "; " + text
	}
	r.found[i] = actions.Outcome{Failure: text}
}

// conclude decides about the users that the answer does not name.
func (r *reading) conclude(b actions.Batch) {
	var open []int
	failures, anybody := len(r.groups) > 0, false
	for i := range b.Records {
		o, told := r.found[i]
		failures = failures || o.Failure != ""
		anybody = anybody || told && o.Failure == ""
		if !told {
			open = append(open, i)
		}
	}
	texts := slices.Concat(r.groups...)
	switch {
	case len(open) == 0:
	case !failures && !b.Refused, len(r.groups) == 0 && len(r.strangers) == len(open):
		r.allWritten(open)
	case len(r.strangers) > 0:
		r.unknown(open)
	case len(r.groups) == len(open):
		for n, i := range open {
			r.failed(i, strings.Join(r.groups[n], "; "))
		}
	case len(texts) == len(open):
		for n, i := range open {
			r.failed(i, texts[n])
		}
	case failures && (!b.Refused || !r.counted):
		r.unknown(open)
	case len(texts) > 0 && !anybody:
		for _, i := range open {
			r.failed(i, "the tenant wrote no user of the request: "+strings.Join(texts, "; "))
		}
	}
}

// unknown notes that nobody can tell whether users were written.
func (r *reading) unknown(open []int) {
	for _, i := range open {
		r.found[i] = actions.Outcome{Unknown: true}
	}
}

// allWritten notes users as written. Of several new ids nobody knows whose
// they are.
func (r *reading) allWritten(open []int) {
	id := ""
	if len(open) == 1 && len(r.strangers) == 1 {
		id = r.strangers[0]
	}
	for _, i := range open {
		r.written(i, id)
	}
}
