package connector

import (
	"encoding/json"
	"time"
)

// errorJSON is the JSON form of an [Error].
type errorJSON struct {
	Reason         Reason      `json:"reason"`
	Message        string      `json:"message"`
	Hint           string      `json:"hint,omitempty"`
	Origin         Origin      `json:"origin,omitempty"`
	Retry          Retry       `json:"retry,omitempty"`
	RetryAfterMS   int64       `json:"retryAfterMs,omitempty"`
	OutcomeUnknown bool        `json:"outcomeUnknown,omitempty"`
	Downstream     *Downstream `json:"downstream,omitempty"`
	RequestID      string      `json:"requestId,omitempty"`
	Violations     []Violation `json:"violations,omitempty"`
	Omitted        int         `json:"violationsOmitted,omitempty"`
}

// MarshalJSON returns e as one JSON object, the form in which the command line
// prints errors and results hold the errors of single records. Durations are
// whole milliseconds.
func (e *Error) MarshalJSON() ([]byte, error) {
	j := errorJSON{
		Reason: e.reason(), Message: e.Message, Hint: e.Hint, Origin: e.Origin, Retry: e.Retry,
		RetryAfterMS: e.RetryAfter.Milliseconds(), OutcomeUnknown: e.OutcomeUnknown,
		RequestID: e.RequestID, Violations: e.Violations, Omitted: e.Omitted,
	}
	if e.Downstream != (Downstream{}) {
		j.Downstream = &e.Downstream
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what [Error.MarshalJSON] wrote.
func (e *Error) UnmarshalJSON(data []byte) error {
	var j errorJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*e = Error{
		Reason: j.Reason, Message: j.Message, Hint: j.Hint, Origin: j.Origin, Retry: j.Retry,
		RetryAfter: time.Duration(j.RetryAfterMS) * time.Millisecond, OutcomeUnknown: j.OutcomeUnknown,
		RequestID: j.RequestID, Violations: j.Violations, Omitted: j.Omitted,
	}
	if j.Downstream != nil {
		e.Downstream = *j.Downstream
	}
	return nil
}
