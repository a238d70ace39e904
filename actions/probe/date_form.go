package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// How many fields and rows are looked at for dates.
const (
	sampledFields = 5
	sampled       = 5
)

// dates assumes that dates come in one of the forms that are read (open
// question 28).
func dates() Assumption {
	return Assumption{
		ID: "answers.dates", Title: "Dates are milliseconds, ISO 8601 or 2024-02-05 10:00:00", Group: GroupAnswers,
		Evidence: connector.EvidenceObserved, Try: tryDates,
	}
}

func tryDates(ctx context.Context, b *Bench) Outcome {
	names, o := dateFields(ctx, b)
	if len(names) == 0 {
		return o
	}
	answer, err := b.Do(ctx, gainsight.Request{
		Endpoint: gainsight.APIRequest, Method: "POST", Effect: connector.EffectRead,
		Path: map[string]string{"url": "/v1/data/objects/query/" + b.Object()},
		Body: map[string]any{"select": names, "limit": sampled, "offset": 0},
	})
	if err != nil {
		return Failure(err)
	}
	return judgeDates(dateValues(answer.Body, names), doctype.TimeForm(b.Config().Answers().Dates))
}

// dateFields returns fields of the bench's object that hold dates.
func dateFields(ctx context.Context, b *Bench) ([]string, Outcome) {
	object, o := Described(ctx, b)
	var names []string
	for _, f := range object.Fields {
		if t := b.Config().FieldType(f.DataType); (t == "DATE" || t == "DATETIME") && len(names) < sampledFields {
			names = append(names, f.Name)
		}
	}
	if o.Result == Works && len(names) == 0 {
		o = Outcome{Result: Unclear, Observed: object.Name + " has no date"}
	}
	return names, o
}

// Described returns the metadata of the bench's object; if they cannot be had,
// the outcome says why.
func Described(ctx context.Context, b *Bench) (doctype.Object, Outcome) {
	answer, err := b.Do(ctx, describe(b.Object()))
	switch o := Accepted(b, answer, err); {
	case gainsight.IsObjectNotFound(err):
		return doctype.Object{}, Outcome{Result: Unclear, Observed: "the tenant has no object " + b.Object()}
	case err != nil:
		return doctype.Object{}, o
	}
	objects, _, err := doctype.ParseDescribe(answer.Data)
	switch {
	case err != nil:
		return doctype.Object{}, Failure(err)
	case len(objects) == 0 || len(objects[0].Fields) == 0:
		return doctype.Object{}, Outcome{Result: Refused, Observed: "the answer holds no fields"}
	}
	return objects[0], Outcome{Result: Works, Observed: "the answer holds the fields"}
}

// dateValues returns the values of fields in the rows of an answer. Nulls and
// empty texts are left out.
func dateValues(body json.RawMessage, names []string) []json.RawMessage {
	var values []json.RawMessage
	for _, path := range Lists(body) {
		var rows []map[string]json.RawMessage
		_ = json.Unmarshal((&gainsight.Answer{Body: body}).Find([]string{path}), &rows) // another list has no such rows
		for _, row := range rows {
			for name, raw := range row {
				asked := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
				if asked && string(raw) != "null" && string(raw) != `""` {
					values = append(values, raw)
				}
			}
		}
	}
	return values
}

// judgeDates wants values to be understood in a form beside those that are
// known.
func judgeDates(values []json.RawMessage, form doctype.TimeForm) Outcome {
	if len(values) == 0 {
		return Outcome{Result: Unclear, Observed: "no row has a date"}
	}
	looks := map[string]bool{}
	for _, v := range values {
		looks[lookOf(v)] = true
	}
	observed := "dates are " + strings.Join(slices.Sorted(maps.Keys(looks)), ", ")
	if understood(values, form) {
		return Outcome{Result: Works, Observed: observed}
	}
	var others []doctype.TimeForm
	for _, other := range []doctype.TimeForm{doctype.TimesSeconds, doctype.TimesDayFirst, doctype.TimesMonthFirst} {
		if understood(values, other) {
			others = append(others, other)
		}
	}
	switch len(others) {
	case 0:
		return Outcome{Result: Fails, Observed: observed + ", which is not understood"}
	case 1:
		return Outcome{Result: Fails, Observed: observed, Mends: Settings{Set("/answers/dates", others[0])}}
	default: // 05/06/2026 is two days
		return Outcome{Result: Unclear, Observed: fmt.Sprintf("%s; which is which is not told by these rows: set answers.dates to %s or %s",
			observed, others[0], others[1])}
	}
}

// understood reports whether all values are dates in a form, or in one of those
// that are known. Milliseconds of so few digits would be from about 1970, when
// there was no Gainsight.
func understood(values []json.RawMessage, form doctype.TimeForm) bool {
	column := doctype.NewColumn(doctype.Field{DataType: "DATETIME", Times: &doctype.Times{Form: form}})
	return !slices.ContainsFunc(values, func(v json.RawMessage) bool {
		_, fits := column.Append(nil, v)
		return !fits || form != doctype.TimesSeconds && seconds.Match(v)
	})
}

// The looks of dates (common.md, section 11).
var (
	number    = regexp.MustCompile(`^"?-?\d+(\.\d+[eE]\+?\d+)?"?$`)
	seconds   = regexp.MustCompile(`^"?-?\d{1,11}"?$`)
	isoDate   = regexp.MustCompile(`^"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?"$`)
	spaceDate = regexp.MustCompile(`^"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?"$`)
	lastYear  = regexp.MustCompile(`^"\d\d?[./-]\d\d?[./-]\d{4}( .*)?"$`)
)

// lookOf says what a date looks like, without its value.
func lookOf(value json.RawMessage) string {
	switch {
	case seconds.Match(value):
		return "numbers too small for milliseconds"
	case number.Match(value):
		return "milliseconds"
	case isoDate.Match(value):
		return "ISO 8601"
	case spaceDate.Match(value):
		return "a date and a time with a space"
	case lastYear.Match(value):
		return "a day and a month before the year"
	default:
		return "in a form that is not known"
	}
}

func describe(object string) gainsight.Request {
	return gainsight.Request{
		Endpoint: gainsight.ObjectDescribe, Effect: connector.EffectRead, Path: map[string]string{"objectName": object},
	}
}
