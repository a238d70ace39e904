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
		if f.Dates == DatesMillis {
			return x.UnixMilli()
		}
		return f.isoDate(of, x)
	case string:
		if of.dataType == typeMultiSelect && f.MultiSelectList {
			return strings.Split(x, ";")
		}
	}
	return v
}

func (f Forms) isoDate(of *field, at time.Time) string {
	switch {
	case of.name == "DueDate" && f.DueDateTime:
		return at.Format(secondsLayout)
	case of.dataType == typeDate:
		return at.Format(dateLayout)
	case f.Dates == DatesSpaced:
		return at.Format(spacedLayout)
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
	switch {
	case f.CSVDates == CSVDatesDayFirst:
		layout = "02/01/2006"
	case f.CSVDates == CSVDatesMonthFirst:
	case f.Dates == DatesMillis:
		return strconv.FormatInt(at.UnixMilli(), 10)
	default:
		return f.isoDate(of, at)
	}
	if of.dataType != typeDate {
		layout += " 15:04:05"
	}
	return at.Format(layout)
}
