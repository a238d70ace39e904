package actionstest

import (
	"encoding/json"
	"regexp"
	"strconv"
	"testing"
)

// Made stands in an [Outcome] for a reference that was made up.
const Made = "made"

// madeUp matches a made-up reference and holds the record's place from 1.
var madeUp = regexp.MustCompile(`^[A-Z2-7]{10}-(\d+)$`)

// Outcome is what a test compares of a record's result.
type Outcome struct {
	// Ref is the reference; [Made] if the record came without one.
	Ref string
	// Status is how the record fared.
	Status string
	// Code is the vendor's error code. Empty: none.
	Code string
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

// Outcomes returns the results of a write, which must be in the order of its
// records.
func Outcomes(tb testing.TB, output map[string]any) []Outcome {
	tb.Helper()
	list, _ := output["results"].([]any)
	var got []Outcome
	for i, r := range list {
		m, _ := r.(map[string]any)
		if m["index"] != float64(i) {
			tb.Errorf("result %d has index %v", i, m["index"])
		}
		var o Outcome
		o.Ref, _ = m["referenceId"].(string)
		o.Status, _ = m["status"].(string)
		if place := madeUp.FindStringSubmatch(o.Ref); len(place) == 2 && place[1] == strconv.Itoa(i+1) {
			o.Ref = Made
		}
		e, _ := m["error"].(map[string]any)
		downstream, _ := e["downstream"].(map[string]any)
		o.Code, _ = downstream["code"].(string)
		got = append(got, o)
	}
	return got
}
