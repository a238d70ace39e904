package doctype

import (
	"math"
	"strconv"
	"time"
)

// The shape of dates in a flow.
const (
	dateShape   = "2006-01-02"
	momentShape = "2006-01-02T15:04:05.000Z"
)

// appendDate appends the day that text means. A day stays as it is written: a
// time of day beside it, or an offset, moves it nowhere.
func (t Times) appendDate(dst, text []byte) ([]byte, bool) {
	s := scan{text: text}
	s.date()
	if s.ok() {
		return append(dst, text...), true // the usual case
	}
	at, ok := t.parse(text)
	if !ok {
		return dst, false
	}
	return at.AppendFormat(dst, dateShape), true
}

// appendMoment appends the instant that text means. The forms that most tenants
// send need no reading.
func (t Times) appendMoment(dst, text []byte) ([]byte, bool) {
	switch {
	case isUTC(text, len("2006-01-02T15:04:05Z")):
		return append(append(dst, text[:len(text)-1]...), ".000Z"...), true
	case isUTC(text, len(momentShape)) && text[19] == '.' && digitsOf(text[20:]) == 3:
		return append(dst, text...), true
	}
	at, ok := t.parse(text)
	if at = at.UTC(); !ok || at.Year() < 1 || at.Year() > 9999 { // an offset may lead out of the years of four digits
		return dst, false
	}
	return at.AppendFormat(dst, momentShape), true
}

// isUTC reports whether text is so long and an instant in UTC, down to its
// seconds.
func isUTC(text []byte, size int) bool {
	if len(text) != size || text[size-1] != 'Z' || text[10] != 'T' {
		return false
	}
	s := scan{text: text[:19]}
	s.date()
	s.skip("T")
	s.number(2, 23)
	s.sixty()
	s.sixty()
	return s.ok()
}

// parse reads a date in any of the forms that the vendor's APIs give (common.md,
// section 11): milliseconds since 1970, ISO 8601 with or without milliseconds and
// with an offset with or without a colon, a space in place of the T, a day
// alone; and in the form of t.
func (t Times) parse(text []byte) (time.Time, bool) {
	if at, ok := parseNumber(text, t.Form == TimesSeconds); ok {
		return at, true
	}
	if at, ok := t.parseText(text, false); ok || !t.Form.dayAndMonth() {
		return at, ok
	}
	return t.parseText(text, true)
}

// parseText reads a day, and a time if there is one: in ISO 8601 or, if local
// is set, in the form of t.
func (t Times) parseText(text []byte, local bool) (time.Time, bool) {
	s := scan{text: text}
	var year, month, day int
	if local {
		year, month, day = s.localDate(t.Form == TimesDayFirst)
	} else {
		year, month, day = s.date()
	}
	if s.ok() {
		return time.Date(year, time.Month(month), day, 0, 0, 0, 0, t.zone()), true
	}
	if !s.skip("Tt ") {
		return time.Time{}, false
	}
	hour, minute, second, nanos := s.clock(local)
	zone := s.zone(t.zone())
	return time.Date(year, time.Month(month), day, hour, minute, second, nanos, zone), s.ok()
}

// The years that have four digits, in milliseconds.
const (
	firstMillis = -62135596800000
	lastMillis  = 253402300799999
)

// parseNumber reads milliseconds since 1970, or seconds unless they are too
// many. Fewer than nine digits may be a year or a day without hyphens, which no
// API is known to give, and are not taken for any.
func parseNumber(text []byte, seconds bool) (time.Time, bool) {
	const fewest = 9
	if len(text) < fewest || !isNumber(text) {
		return time.Time{}, false
	}
	const second = 1000
	millis, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case err != nil:
		f, err := strconv.ParseFloat(string(text), 64) // 1.587160800E12 is how some write it
		if seconds && math.Abs(f) <= lastMillis/second {
			f = math.Round(f * second)
		}
		if err != nil || f != math.Trunc(f) || math.Abs(f) > lastMillis {
			return time.Time{}, false
		}
		millis = int64(f)
	case seconds && millis >= firstMillis/second && millis <= lastMillis/second:
		millis *= second
	}
	return time.UnixMilli(millis).UTC(), millis >= firstMillis && millis <= lastMillis
}

// scan reads a text from left to right. What does not fit makes it fail for
// good.
type scan struct {
	text   []byte
	failed bool
}

// ok reports whether all of the text fitted.
func (s *scan) ok() bool { return !s.failed && len(s.text) == 0 }

// peek returns the next byte. 0: there is none.
func (s *scan) peek() byte {
	if len(s.text) == 0 {
		return 0
	}
	return s.text[0]
}

// skip passes one byte, which must be one of some.
func (s *scan) skip(some string) bool {
	b := s.peek()
	for i := range len(some) {
		if b == some[i] && b != 0 {
			s.text = s.text[1:]
			return !s.failed
		}
	}
	s.failed = true
	return false
}

// number reads so many digits, of a number that is not larger than most.
func (s *scan) number(digits, most int) int {
	if len(s.text) < digits {
		s.failed = true
		return 0
	}
	n := 0
	for _, b := range s.text[:digits] {
		if b < '0' || b > '9' {
			s.failed = true
			return 0
		}
		n = 10*n + int(b-'0')
	}
	s.text = s.text[digits:]
	s.failed = s.failed || n > most
	return n
}

// sixty reads a colon and minutes or seconds.
func (s *scan) sixty() int {
	s.skip(":")
	return s.number(2, 59)
}

// date reads a day of the calendar.
func (s *scan) date() (year, month, day int) {
	year = s.number(4, 9999)
	s.skip("-")
	month = s.number(2, 12)
	s.skip("-")
	day = s.number(2, 31)
	s.calendar(year, month, day)
	return year, month, day
}

// localDate reads a day of the calendar whose year comes last.
func (s *scan) localDate(dayFirst bool) (year, month, day int) {
	day = s.short(31)
	between := string(s.peek())
	s.skip("./-")
	month = s.short(31)
	s.skip(between)
	year = s.number(4, 9999)
	if !dayFirst {
		day, month = month, day
	}
	s.calendar(year, month, day)
	return year, month, day
}

// calendar fails for a day that there is not.
func (s *scan) calendar(year, month, day int) {
	s.failed = s.failed || year == 0 || month == 0 || day == 0 || month > 12 || day > 28 && day > lastDay(year, month)
}

// short reads one or two digits.
func (s *scan) short(most int) int {
	digits := 1
	if len(s.text) > 1 && s.text[1] >= '0' && s.text[1] <= '9' {
		digits = 2
	}
	return s.number(digits, most)
}

// clock reads a time of day. A loose one may have an hour of one digit, and AM
// or PM at its end.
func (s *scan) clock(loose bool) (hour, minute, second, nanos int) {
	if loose {
		hour = s.short(23)
	} else {
		hour = s.number(2, 23)
	}
	minute = s.sixty()
	if s.peek() == ':' {
		second = s.sixty()
		nanos = s.fraction()
	}
	if loose && s.peek() == ' ' {
		s.skip(" ")
		hour = s.half(hour)
	}
	return hour, minute, second, nanos
}

// half reads AM or PM and returns the hour from midnight.
func (s *scan) half(hour int) int {
	afternoon := s.peek() == 'P' || s.peek() == 'p'
	s.skip("APap")
	s.skip("Mm")
	s.failed = s.failed || hour < 1 || hour > 12
	hour %= 12
	if afternoon {
		hour += 12
	}
	return hour
}

// lastDay is the last day of a month.
func lastDay(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// fraction reads a fraction of a second, if there is one, in nanoseconds.
func (s *scan) fraction() int {
	if s.peek() != '.' && s.peek() != ',' {
		return 0
	}
	s.skip(".,")
	nanos, digits := 0, 0
	for b := s.peek(); b >= '0' && b <= '9'; b = s.peek() {
		s.skip("0123456789")
		digits++
		if digits <= 9 {
			nanos = 10*nanos + int(b-'0')
		}
	}
	s.failed = s.failed || digits == 0
	for ; digits < 9; digits++ {
		nanos *= 10
	}
	return nanos
}

// zone reads an offset. Without one it is the usual zone.
func (s *scan) zone(usual *time.Location) *time.Location {
	switch sign := s.peek(); sign {
	case 0:
		return usual
	case 'Z', 'z':
		s.skip("Zz")
	default:
		s.skip("+-")
		seconds := s.number(2, 23) * 3600
		if s.peek() == ':' {
			s.skip(":")
		}
		if len(s.text) > 0 {
			seconds += s.number(2, 59) * 60
		}
		if sign == '-' {
			seconds = -seconds
		}
		if seconds != 0 {
			return time.FixedZone("", seconds)
		}
	}
	return time.UTC
}
