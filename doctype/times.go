package doctype

import (
	"encoding/json"
	"strings"
	"time"
)

// Times says what the metadata leave open about dates and times that a tenant
// gives (open questions 28 and 31).
type Times struct {
	// Zone is that of a time without an offset. Nil: UTC.
	Zone *time.Location
	// Form is a form beside those that are known. Empty: none.
	Form TimeForm
}

// TimeForm is a form of dates and times that no source documents, and that
// cannot be told from others by itself.
type TimeForm string

// The forms.
const (
	// TimesSeconds are seconds since 1970, where a number is not too large for
	// that.
	TimesSeconds TimeForm = "seconds"
	// TimesDayFirst is 31.12.2026 17:30:00, also with slashes or hyphens, with
	// less or no time, and with AM or PM.
	TimesDayFirst TimeForm = "day-first"
	// TimesMonthFirst is 12/31/2026 5:30 PM, otherwise as [TimesDayFirst].
	TimesMonthFirst TimeForm = "month-first"
)

// dayAndMonth reports whether the form begins with one of them.
func (f TimeForm) dayAndMonth() bool { return f == TimesDayFirst || f == TimesMonthFirst }

// zone is that of a time without an offset.
func (t Times) zone() *time.Location {
	if t.Zone == nil {
		return time.UTC
	}
	return t.Zone
}

// String names the zone and the form.
func (t Times) String() string { return strings.TrimSpace(t.zone().String() + " " + string(t.Form)) }

// MarshalJSON writes the same: metadata that are read otherwise have another
// digest.
func (t Times) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }
