package probe

import (
	"context"
	"encoding/json"
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

// formOther is a form of dates that is none of those known.
const formOther = "in a form that is not known"

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
	answer, err := b.Do(ctx, gainsight.Request{
		Endpoint: gainsight.ObjectDescribe, Effect: connector.EffectRead, Path: map[string]string{"objectName": b.Object()},
	})
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

// The forms of dates (common.md, section 11).
var (
	isoDate   = regexp.MustCompile(`^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$`)
	spaceDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$`)
	number    = regexp.MustCompile(`^-?\d+$`)
)

// dateForms returns the forms that fields have in the rows of an answer, sorted,
// each once. Nulls have none.
func dateForms(body json.RawMessage, names []string) []string {
	forms := map[string]bool{}
	for _, path := range Lists(body) {
		var rows []map[string]json.RawMessage
		_ = json.Unmarshal((&gainsight.Answer{Body: body}).Find([]string{path}), &rows) // another list has no such rows
		for _, row := range rows {
			for name, raw := range row {
				if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
					continue
				}
				if form := dateForm(raw); form != "" {
					forms[form] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(forms))
}

func dateForm(raw json.RawMessage) string {
	var text string
	switch err := json.Unmarshal(raw, &text); {
	case string(raw) == "null":
		return ""
	case err != nil && number.Match(raw):
		return "milliseconds"
	case err != nil:
		return formOther
	case text == "":
		return "empty text"
	case isoDate.MatchString(text):
		return "ISO 8601"
	case spaceDate.MatchString(text):
		return "a date and a time with a space"
	default:
		return formOther
	}
}
