package delimited

import "time"

// DateOrder says how the parts of a date are ordered that is written with
// slashes, dots or dashes and has its year at the end. What [doctype.Column]
// understands is taken in any case.
type DateOrder byte

const (
	// YearFirst takes no other dates than those.
	YearFirst DateOrder = iota
	// MonthFirst takes 12/31/2006 too.
	MonthFirst
	// DayFirst takes 31/12/2006 too.
	DayFirst
)

// appendISO appends a date that ends with its year, and the time of day behind
// it if there is one, in ISO 8601. It reports false for anything else.
func (order DateOrder) appendISO(dst, text []byte) ([]byte, bool) {
	if order == YearFirst {
		return dst, false
	}
	day, rest, ok := order.parse(text)
	if !ok {
		return dst, false
	}
	if len(rest) == 0 {
		return day.AppendFormat(dst, time.DateOnly), true
	}
	for _, layout := range []string{" 15:04:05", " 15:04", " 3:04:05 PM", " 3:04 PM"} {
		if clock, err := time.Parse(layout, string(rest)); err == nil {
			return clock.AppendFormat(day.AppendFormat(dst, time.DateOnly), "T15:04:05.999999999"), true
		}
	}
	return dst, false
}

// parse takes a date that ends with its year, and returns what follows.
func (order DateOrder) parse(text []byte) (day time.Time, rest []byte, ok bool) {
	first, rest, ok := leadingNumber(text, 1, 2)
	if !ok || len(rest) == 0 || rest[0] != '/' && rest[0] != '.' && rest[0] != '-' {
		return time.Time{}, nil, false
	}
	separator := rest[0]
	second, rest, ok := leadingNumber(rest[1:], 1, 2)
	if !ok || len(rest) == 0 || rest[0] != separator {
		return time.Time{}, nil, false
	}
	year, rest, ok := leadingNumber(rest[1:], 4, 4)
	if order == DayFirst {
		first, second = second, first
	}
	day = time.Date(year, time.Month(first), second, 0, 0, 0, 0, time.UTC)
	return day, rest, ok && year > 0 && day.Month() == time.Month(first) && day.Day() == second
}

// leadingNumber takes a number of least to most digits off text.
func leadingNumber(text []byte, least, most int) (n int, rest []byte, ok bool) {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		n = n*10 + int(text[digits]-'0')
		digits++
		if digits > most {
			return 0, nil, false
		}
	}
	return n, text[digits:], digits >= least
}
