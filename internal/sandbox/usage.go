package sandbox

import (
	"encoding/json"
	"strconv"
	"time"
)

// objectUsage is the object whose rows are generated: row i from i alone.
const objectUsage = "usage__gc"

// defaultExportRows is what one export job holds by default (bulk.md, DOC2
// summary).
const defaultExportRows = 1_000_000

// usageDays is after how many rows the dates repeat.
const usageDays = 730

// usageNotes are the free text of the generated object: everything a CSV
// reader must get right.
var usageNotes = [...]string{
	"", "Steady use", "Logins fell, then rose again", `They call it "the cockpit"`,
	"First line\nsecond line", "Grüße aus Köln, schöne Tage", `"Quoted", with comma` + "\r\nand a break",
	"naïve café 東京", "ends with quote\"", "",
}

var usageFeatures = [...]string{"Dashboard", "Export", "Übersicht", "Alerts, e-mail", "Search", "API"}

// usageBase holds what all generated rows of one tenant share.
type usageBase struct {
	prefix           string // of the rows' GSIDs
	companies, users []string
	days             [usageDays]string
	notes            [len(usageNotes)]string
	features         [len(usageFeatures)]string
}

// usageEpoch is the day of row 0.
var usageEpoch = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

func (t *Tenant) newUsageBase() *usageBase {
	b := &usageBase{prefix: gsidPrefix(prefixCustom, t.name)}
	for _, r := range t.table(objectCompany).records {
		b.companies = append(b.companies, r.gsid())
	}
	for _, r := range t.table(objectUser).records {
		b.users = append(b.users, r.gsid())
	}
	for i := range b.days {
		b.days[i] = usageEpoch.AddDate(0, 0, i).Format(dateLayout)
	}
	for i, s := range usageNotes {
		b.notes[i] = string(appendQuoted(nil, s))
	}
	for i, s := range usageFeatures {
		b.features[i] = string(appendQuoted(nil, s))
	}
	return b
}

// A usageRow is one generated row.
type usageRow struct {
	base *usageBase
	i    int    // from 0; the row number is one more
	mix  uint64 // pseudo-random bits of i
}

func (u *usageRow) set(i int) {
	// The finalizer of splitmix64.
	z := uint64(i)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15 //nolint:gosec // a row number is not negative
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	u.i, u.mix = i, z^z>>31
}

func (u *usageRow) gsid() string    { return string(appendSerial([]byte(u.base.prefix), u.i+1)) }
func (u *usageRow) company() string { return u.base.companies[u.i%len(u.base.companies)] }
func (u *usageRow) user() string    { return u.base.users[u.i%len(u.base.users)] }
func (u *usageRow) day() int        { return u.i % usageDays }
func (u *usageRow) second() int     { return int(u.mix >> 8 % 86_400) }
func (u *usageRow) logins() int     { return int(u.mix % 500) }
func (u *usageRow) cents() int      { return int(u.mix>>12%2_000_000) - 50_000 }
func (u *usageRow) minutes() int    { return int(u.mix >> 20 % 100_000) }
func (u *usageRow) active() bool    { return u.mix>>3&1 == 1 }
func (u *usageRow) note() int       { return int(u.mix >> 32 % uint64(len(usageNotes))) }
func (u *usageRow) feature() int    { return int(u.mix >> 40 % uint64(len(usageFeatures))) }
func (u *usageRow) score() int      { return int(u.mix >> 24 % 1001) }
func (u *usageRow) hasScore() bool  { return u.i%7 != 0 }
func (u *usageRow) at() time.Time {
	return usageEpoch.Add(time.Duration(u.day())*24*time.Hour + time.Duration(u.second())*time.Second)
}

// value gives a field for filters, sorting and lookups. usageAppender must
// agree with it.
func (u *usageRow) value(f *field) any {
	switch f.name {
	case "Gsid":
		return u.gsid()
	case "Row_Number__gc":
		return u.i + 1
	case "Company__gc":
		return u.company()
	case "Day__gc":
		return usageEpoch.AddDate(0, 0, u.day())
	case "Recorded_At__gc", "CreatedDate", "ModifiedDate":
		return u.at()
	case "CreatedBy", "ModifiedBy":
		return u.user()
	case "Logins__gc":
		return u.logins()
	case "Minutes__gc":
		return json.Number(appendDecimal(nil, u.minutes(), 1))
	case "Revenue__gc":
		return json.Number(appendDecimal(nil, u.cents(), 2))
	case "Score__gc":
		if u.hasScore() {
			return json.Number(appendDecimal(nil, u.score(), 1))
		}
	case "Active__gc":
		return u.active()
	case "Feature__gc":
		return usageFeatures[u.feature()]
	case "Note__gc":
		if s := usageNotes[u.note()]; s != "" {
			return s
		}
	}
	return nil
}

// usageAppender returns the fast way to write a field of the generated object;
// nil when there is none.
func usageAppender(f *field) func(dst []byte, u *usageRow) []byte {
	switch f.name {
	case "Gsid":
		return func(dst []byte, u *usageRow) []byte { return appendSerial(append(dst, u.base.prefix...), u.i+1) }
	case "Row_Number__gc":
		return func(dst []byte, u *usageRow) []byte { return strconv.AppendInt(dst, int64(u.i+1), 10) }
	case "Company__gc":
		return func(dst []byte, u *usageRow) []byte { return append(dst, u.company()...) }
	case "Day__gc":
		return func(dst []byte, u *usageRow) []byte { return append(dst, u.base.days[u.day()]...) }
	case "Recorded_At__gc", "CreatedDate", "ModifiedDate":
		return appendUsageTime
	case "CreatedBy", "ModifiedBy":
		return func(dst []byte, u *usageRow) []byte { return append(dst, u.user()...) }
	case "Logins__gc":
		return func(dst []byte, u *usageRow) []byte { return strconv.AppendInt(dst, int64(u.logins()), 10) }
	case "Minutes__gc":
		return func(dst []byte, u *usageRow) []byte { return appendDecimal(dst, u.minutes(), 1) }
	case "Revenue__gc":
		return func(dst []byte, u *usageRow) []byte { return appendDecimal(dst, u.cents(), 2) }
	case "Score__gc":
		return func(dst []byte, u *usageRow) []byte {
			if !u.hasScore() {
				return dst
			}
			return appendDecimal(dst, u.score(), 1)
		}
	case "Active__gc":
		return func(dst []byte, u *usageRow) []byte { return strconv.AppendBool(dst, u.active()) }
	case "Feature__gc":
		return func(dst []byte, u *usageRow) []byte { return append(dst, u.base.features[u.feature()]...) }
	case "Note__gc":
		return func(dst []byte, u *usageRow) []byte { return append(dst, u.base.notes[u.note()]...) }
	default:
		return nil
	}
}

func appendUsageTime(dst []byte, u *usageRow) []byte {
	s := u.second()
	dst = append(append(dst, u.base.days[u.day()]...), 'T')
	dst = append(appendTwo(dst, s/3600), ':')
	dst = append(appendTwo(dst, s/60%60), ':')
	return append(appendTwo(dst, s%60), 'Z')
}

const digits = "0123456789"

func appendTwo(dst []byte, n int) []byte {
	return append(dst, digits[n/10], digits[n%10])
}

// appendDecimal appends n divided by ten to the power of places.
func appendDecimal(dst []byte, n, places int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	unit := 1
	for range places {
		unit *= 10
	}
	dst = append(strconv.AppendInt(dst, int64(n/unit), 10), '.')
	for rest := n % unit; unit > 1; rest %= unit {
		unit /= 10
		dst = append(dst, digits[rest/unit])
	}
	return dst
}
