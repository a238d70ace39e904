package gainsight

import (
	"net/http"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Meaning is what a code, or a text, of the tenant says about a failure.
type Meaning string

// The meanings.
const (
	// MeaningThrottled: the call budget is spent.
	MeaningThrottled Meaning = "throttled"
	// MeaningEmpty: a query found nothing. It is no failure.
	MeaningEmpty Meaning = "empty_result"
	// MeaningUnauthorized: the credential was refused.
	MeaningUnauthorized Meaning = "unauthorized"
	// MeaningAddress: calls from this machine's IP address are not allowed.
	MeaningAddress Meaning = "address_not_allowed"
	// MeaningNoPath: there is no such path at this tenant.
	MeaningNoPath Meaning = "no_such_path"
	// MeaningNoObject: an object that the request names does not exist.
	MeaningNoObject Meaning = "object_not_found"
	// MeaningConflict: there is such a record already.
	MeaningConflict Meaning = "conflict"
	// MeaningUnavailable: the tenant itself failed, and may not the next time.
	MeaningUnavailable Meaning = "unavailable"
	// MeaningNotPermitted: the credential is good but not for this.
	MeaningNotPermitted Meaning = "not_permitted"
	// MeaningTooLarge: the request is too large.
	MeaningTooLarge Meaning = "too_large"
	// MeaningInvalid: the request is at fault. What an unknown code means.
	MeaningInvalid Meaning = "invalid_input"
)

// reason is why a call fails whose answer means this.
func (m Meaning) reason() connector.Reason {
	switch m {
	case MeaningThrottled:
		return connector.ReasonRateLimited
	case MeaningUnauthorized:
		return connector.ReasonAuthFailed
	case MeaningAddress, MeaningNotPermitted:
		return connector.ReasonPermissionDenied
	case MeaningNoPath, MeaningNoObject:
		return connector.ReasonNotFound
	case MeaningConflict:
		return connector.ReasonConflict
	case MeaningUnavailable:
		return connector.ReasonDownstreamUnavailable
	case MeaningTooLarge:
		return connector.ReasonTooLarge
	default:
		return connector.ReasonInvalidInput
	}
}

// Codes returns what the codes of the vendor mean. Codes that are not here,
// most of those documented among them, say that the request is at fault.
func Codes() map[string]Meaning {
	return map[string]Meaning{
		"GS_APIG_2404": MeaningThrottled, // common.md 3, LIVE or CODE (open question 13)
		"GU_2400":      MeaningThrottled, // common.md 3, DOC2 (open question 13)

		"GS_APIG_2401": MeaningUnauthorized, // common.md 5.1, DOC2 sample
		"GSOBJ_1024":   MeaningUnauthorized, // common.md 5.2, DOC2
		"GS_APIG_2402": MeaningAddress,      // common.md 5.1, LIVE (open question 38)

		"GS_APIG_1000":     MeaningNoPath,   // common.md 5.1, INFERRED
		"GSOBJ_1023":       MeaningNoPath,   // common.md 5.2, DOC2 (open question 48)
		"OBJECT_NOT_FOUND": MeaningNoObject, // common.md 4, form D, DOC2 sample (open question 43)

		"GSOBJ_1011": MeaningEmpty, // common.md 4, form G, DOC2 (open question 30)
		"GSOBJ_1XXX": MeaningEmpty, // a placeholder that the documentation prints

		"GU_2411": MeaningConflict, // common.md 5.5, DOC2 summary

		"GSOBJ_1003":    MeaningUnavailable, // common.md 5.2, DOC
		"GU_1101":       MeaningUnavailable, // common.md 5.5, DOC2 summary
		"GS_TL_10_0500": MeaningUnavailable, // common.md 5.6, INFERRED
	}
}

// Texts returns what texts of the vendor mean, wherever in a text they stand
// and regardless of case, where no code tells it.
func Texts() map[string]Meaning {
	return map[string]Meaning{
		"No data found for given criteria": MeaningEmpty, // common.md 4, form G, DOC2 (open question 30)
	}
}

// meaningOf returns what an HTTP status alone says.
func meaningOf(status int) Meaning {
	switch status {
	case http.StatusTooManyRequests:
		return MeaningThrottled
	case http.StatusUnauthorized:
		return MeaningUnauthorized
	case http.StatusForbidden:
		return MeaningNotPermitted
	case http.StatusNotFound:
		return MeaningNoPath
	case http.StatusConflict:
		return MeaningConflict
	case http.StatusRequestEntityTooLarge:
		return MeaningTooLarge
	}
	if status >= http.StatusInternalServerError {
		return MeaningUnavailable
	}
	return MeaningInvalid
}
