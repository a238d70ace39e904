package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A matcher tests a value of one field. Null passes IS_NULL alone (INFERRED).
type matcher func(v any) bool

// Operators by kind of field: the dialect-1 table and the Success Plan table of
// common.md 7.2 (DOC2 summary) taken together, because no table of the CTA list
// is known (INFERRED). IS_NULL on a date is used live with dialect 2 (CODE).
var (
	equality  = []string{"EQ", "NE"}
	ordering  = []string{"LT", "GT", "LTE", "GTE"}
	nullTests = []string{"IS_NULL", "IS_NOT_NULL"}
	texts     = []string{"STARTS_WITH", "CONTAINS", "DOES_NOT_CONTAINS", "ENDS_WITH"}
	members   = []string{"INCLUDES", "EXCLUDES"}
)

func operators(f *field) []string {
	switch f.dataType {
	case typeBoolean:
		return equality
	case typeDate, typeDateTime:
		return slices.Concat(equality, ordering, []string{"BTW"}, nullTests)
	case typeNumber:
		return slices.Concat(equality, ordering, []string{"IN"}, nullTests)
	case typeCurrency, typePercentage:
		return slices.Concat(equality, ordering, nullTests)
	case typePicklist:
		return slices.Concat(equality, members, texts, nullTests)
	case typeMultiSelect:
		return slices.Concat(members, nullTests)
	default:
		return slices.Concat(equality, ordering, texts, nullTests)
	}
}

// newMatcher compiles the operator and values of a condition on a field.
func newMatcher(f *field, c *condition, d dialect, forms Forms) (matcher, error) {
	if !slices.Contains(operators(f), c.Operator) {
		return nil, fmt.Errorf("operator %q is not allowed on field %s of type %s", c.Operator, f.name, f.dataType)
	}
	if want := valueCount(c.Operator); want >= 0 && len(c.Value) != want || want < 0 && len(c.Value) == 0 {
		return nil, fmt.Errorf("operator %s on field %s: wrong number of values", c.Operator, f.name)
	}
	switch c.Operator {
	case "IS_NULL":
		return func(v any) bool { return v == nil }, nil
	case "IS_NOT_NULL":
		return func(v any) bool { return v != nil }, nil
	}
	var m matcher
	var err error
	switch f.dataType {
	case typeDate, typeDateTime:
		m, err = dateMatcher(f, c, d, forms)
	case typeNumber, typeCurrency, typePercentage:
		m, err = numberMatcher(f, c)
	case typeBoolean:
		m, err = booleanMatcher(f, c)
	default:
		m, err = textMatcher(f, c)
	}
	if err != nil {
		return nil, err
	}
	return func(v any) bool { return v != nil && m(v) }, nil
}

// valueCount is how many values an operator takes; -1 means one or more.
func valueCount(operator string) int {
	switch operator {
	case "IS_NULL", "IS_NOT_NULL":
		return 0
	case "BTW":
		return 2
	case "IN", "INCLUDES", "EXCLUDES":
		return -1
	default:
		return 1
	}
}

func invalidFilter(f *field, kind string) error {
	return fmt.Errorf("field %s: the filter value is not a %s", f.name, kind)
}

// holds interprets an order operator.
func holds(operator string, compared int) bool {
	switch operator {
	case "EQ":
		return compared == 0
	case "NE":
		return compared != 0
	case "LT":
		return compared < 0
	case "GT":
		return compared > 0
	case "LTE":
		return compared <= 0
	default: // GTE
		return compared >= 0
	}
}

// dateMatcher compares days in dialect 2, as documented, and instants in
// dialect 1 (common.md 11).
func dateMatcher(f *field, c *condition, d dialect, forms Forms) (matcher, error) {
	bounds := make([]time.Time, len(c.Value))
	for i, v := range c.Value {
		s, _ := v.(string)
		at, ok := parseFilterDate(f, s, d, forms)
		if !ok {
			return nil, invalidFilter(f, "date")
		}
		bounds[i] = at
	}
	grain := time.Nanosecond
	if d == dialectCockpit || f.dataType == typeDate {
		grain = 24 * time.Hour
	}
	return func(v any) bool {
		at, ok := v.(time.Time)
		if !ok {
			return false
		}
		at = at.Truncate(grain)
		if c.Operator != "BTW" {
			return holds(c.Operator, at.Compare(bounds[0]))
		}
		end := at.Compare(bounds[1])
		return at.Compare(bounds[0]) >= 0 && (end < 0 || end == 0 && !forms.BetweenExcludesEnd)
	}, nil
}

// parseFilterDate reads a filter value. Dialect 2 takes yyyy-MM-dd (DOC2).
// Dialect 1 takes "yyyy-MM-dd HH:mm:ss" (DOC2) and ISO 8601 with an offset
// (LIVE), as far as the forms let it; the bare day is taken for Date fields only. UTC is INFERRED.
func parseFilterDate(f *field, s string, d dialect, forms Forms) (time.Time, bool) {
	layouts := []string{dateLayout}
	if d == dialectObject {
		layouts = forms.FilterDates.layouts()
		if f.dataType == typeDate {
			layouts = append(layouts, dateLayout)
		}
	}
	for _, l := range layouts {
		zone := time.UTC
		if l != dateLayout { // a day is compared with days
			zone = forms.zone()
		}
		if at, err := time.ParseInLocation(l, s, zone); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// layouts are the forms of a date and time in a filter of dialect 1.
func (f FilterDateForm) layouts() []string {
	const space = "2006-01-02 15:04:05"
	switch f {
	case FilterDatesSpace:
		return []string{space}
	case FilterDatesUTC:
		return []string{millisLayout}
	default:
		return []string{space, time.RFC3339, "2006-01-02T15:04:05.999Z0700"}
	}
}

// numberMatcher takes numbers and, because every sample value is a string,
// numeric strings (INFERRED).
func numberMatcher(f *field, c *condition) (matcher, error) {
	bounds := make([]float64, len(c.Value))
	for i, v := range c.Value {
		n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		if err != nil {
			return nil, invalidFilter(f, "number")
		}
		bounds[i] = n
	}
	return func(v any) bool {
		n, ok := toFloat(v)
		if !ok {
			return false
		}
		if c.Operator == "IN" {
			return slices.Contains(bounds, n)
		}
		return holds(c.Operator, cmp.Compare(n, bounds[0]))
	}, nil
}

func toFloat(v any) (float64, bool) {
	switch x := v.(type) {
	case json.Number:
		n, err := x.Float64()
		return n, err == nil
	case int:
		return float64(x), true
	default:
		return 0, false
	}
}

func booleanMatcher(f *field, c *condition) (matcher, error) {
	want, err := strconv.ParseBool(fmt.Sprint(c.Value[0]))
	if err != nil {
		return nil, invalidFilter(f, "boolean")
	}
	return func(v any) bool { return (v == want) == (c.Operator == "EQ") }, nil
}

// textMatcher compares strings, case-sensitively (INFERRED). Picklists match by
// item GSID or by label: both stand for the value (INFERRED).
func textMatcher(f *field, c *condition) (matcher, error) {
	wanted := make([]string, len(c.Value))
	for i, v := range c.Value {
		s, ok := v.(string)
		if !ok {
			return nil, invalidFilter(f, "string")
		}
		wanted[i] = s
	}
	return func(v any) bool {
		s, ok := v.(string)
		if !ok {
			return false
		}
		switch c.Operator {
		case "INCLUDES":
			return includesAny(f, s, wanted)
		case "EXCLUDES":
			return !includesAny(f, s, wanted)
		case "NE", "DOES_NOT_CONTAINS":
			return !eitherForm(f, s, func(s string) bool { return textHolds(positive(c.Operator), s, wanted[0]) })
		default:
			return eitherForm(f, s, func(s string) bool { return textHolds(c.Operator, s, wanted[0]) })
		}
	}, nil
}

func positive(operator string) string {
	if operator == "NE" {
		return "EQ"
	}
	return "CONTAINS"
}

func eitherForm(f *field, s string, test func(string) bool) bool {
	return test(s) || f.category != nil && test(f.category.label(s))
}

func includesAny(f *field, joined string, wanted []string) bool {
	for part := range strings.SplitSeq(joined, ";") {
		if eitherForm(f, part, func(s string) bool { return slices.Contains(wanted, s) }) {
			return true
		}
	}
	return false
}

func textHolds(operator, s, want string) bool {
	switch operator {
	case "STARTS_WITH":
		return strings.HasPrefix(s, want)
	case "ENDS_WITH":
		return strings.HasSuffix(s, want)
	case "CONTAINS":
		return strings.Contains(s, want)
	default:
		return holds(operator, strings.Compare(s, want))
	}
}
