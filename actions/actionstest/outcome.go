package actionstest

import (
	"encoding/json"
	"maps"
	"regexp"
	"strconv"
	"testing"
)

// Made stands in an [Outcome] for a reference that was made up.
const Made = "made"

// madeUp matches a made-up reference and holds the record's place from 1.
var madeUp = regexp.MustCompile(`^[A-Z2-7]{10}-(\d+)$`)

// Outcome is what most tests compare of a record's result.
type Outcome struct {
	// Ref is the reference; [Made] if the record came without one.
	Ref string
	// Status is how the record fared.
	Status string
	// Code is the vendor's error code. Empty: none.
	Code string
}

// Result is all that a test may compare of a record's result.
type Result struct {
	Outcome
	// ID is the record's id. Empty: none is known.
	ID string
	// Reason is that of the error. Empty: there is none.
	Reason string
}

// Input returns the input of a write.
func Input(tb testing.TB, records ...map[string]any) string {
	tb.Helper()
	b, err := json.Marshal(map[string]any{"records": records})
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// With returns a record with changes laid over it; a nil takes a field away.
func With(record, changes map[string]any) map[string]any {
	changed := maps.Clone(record)
	maps.Copy(changed, changes)
	maps.DeleteFunc(changed, func(_ string, v any) bool { return v == nil })
	return changed
}

// Outcomes returns the outcomes of a write, which must be in the order of its
// records.
func Outcomes(tb testing.TB, output map[string]any) []Outcome {
	tb.Helper()
	var got []Outcome
	for _, r := range Results(tb, output) {
		got = append(got, r.Outcome)
	}
	return got
}

// Results returns the results of a write, which must be in the order of its
// records.
func Results(tb testing.TB, output map[string]any) []Result {
	tb.Helper()
	list, _ := output["results"].([]any)
	var got []Result
	for i, r := range list {
		m, _ := r.(map[string]any)
		if m["index"] != float64(i) {
			tb.Errorf("result %d has index %v", i, m["index"])
		}
		var o Result
		o.Ref, _ = m["referenceId"].(string)
		o.Status, _ = m["status"].(string)
		o.ID, _ = m["id"].(string)
		if place := madeUp.FindStringSubmatch(o.Ref); len(place) == 2 && place[1] == strconv.Itoa(i+1) {
			o.Ref = Made
		}
		e, _ := m["error"].(map[string]any)
		o.Reason, _ = e["reason"].(string)
		downstream, _ := e["downstream"].(map[string]any)
		o.Code, _ = downstream["code"].(string)
		got = append(got, o)
	}
	return got
}
