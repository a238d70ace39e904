package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Forms of date results (common.md 11, DOC2 samples).
const (
	dateLayout     = "2006-01-02"
	secondsLayout  = "2006-01-02T15:04:05Z"
	millisLayout   = "2006-01-02T15:04:05.000Z"
	spacedLayout   = "2006-01-02 15:04:05.0"
	dueAtNoonHours = 11*time.Hour + 30*time.Minute
)

// json gives a value as a list shows it; of nil, see null.
func (f Forms) json(of *field, v any) any {
	switch x := v.(type) {
	case time.Time:
		if of.name == "DueDate" && f.DueDateTime {
			x = x.Add(dueAtNoonHours)
		}
		if n, ok := f.Dates.number(x); ok {
			return n
		}
		return f.date(of, x)
	case string:
		if of.dataType == typeMultiSelect && f.MultiSelectList {
			return strings.Split(x, ";")
		}
	}
	return v
}

// number gives a date as a number, if that is the form.
func (d DateForm) number(at time.Time) (int64, bool) {
	switch d {
	case DatesMillis:
		return at.UnixMilli(), true
	case DatesSeconds:
		return at.Unix(), true
	default:
		return 0, false
	}
}

// layouts are those of a day and of a date with time that are not ISO 8601.
func (d DateForm) layouts() (day, moment string) {
	switch d {
	case DatesSpaced:
		return dateLayout, spacedLayout
	case DatesDayFirst:
		return "02.01.2006", "02.01.2006 15:04:05"
	case DatesMonthFirst:
		return "01/02/2006", "01/02/2006 03:04:05 PM"
	default:
		return dateLayout, ""
	}
}

// date gives a date in text.
func (f Forms) date(of *field, at time.Time) string {
	day, moment := f.Dates.layouts()
	switch {
	case of.name == "DueDate" && f.DueDateTime:
		return at.Format(secondsLayout)
	case of.dataType == typeDate:
		return at.Format(day)
	case moment != "":
		return at.In(f.zone()).Format(moment)
	case at.Nanosecond() == 0:
		return at.Format(secondsLayout)
	default:
		return at.Format(millisLayout)
	}
}

// null gives what stands for no value.
func (f Forms) null(of *field) any {
	if f.BlankDates && (of.dataType == typeDate || of.dataType == typeDateTime) {
		return ""
	}
	return nil
}

// text gives a value as an export cell shows it (bulk.md: the rendering of
// nulls and dates is UNKNOWN; empty and ISO are INFERRED).
func (f Forms) text(of *field, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case json.Number:
		return x.String()
	case time.Time:
		return f.csvDate(of, x)
	default:
		return string(encode(x))
	}
}

func (f Forms) csvDate(of *field, at time.Time) string {
	layout := "01/02/2006"
	switch f.CSVDates {
	case CSVDatesDayFirst:
		layout = "02/01/2006"
	case CSVDatesMonthFirst:
	case CSVDatesAsLists:
		if n, ok := f.Dates.number(at); ok {
			return strconv.FormatInt(n, 10)
		}
		return f.date(of, at)
	}
	if of.dataType != typeDate {
		layout += " 15:04:05"
	}
	return at.Format(layout)
}
