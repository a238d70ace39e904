package actions

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Status says how one record fared.
type Status string

// The statuses.
const (
	// StatusSucceeded: written.
	StatusSucceeded Status = "succeeded"
	// StatusFailed: certainly not written.
	StatusFailed Status = "failed"
	// StatusUnknown: the answer was lost; it may or may not be written.
	StatusUnknown Status = "unknown"
)

// RecordResult is the outcome of one record of a write, in the order of the
// input.
type RecordResult struct {
	// Index is the place of the record in the input, from 0.
	Index int `json:"index"`
	// ReferenceID is the caller's id for the record, or the one made for it.
	ReferenceID string `json:"referenceId"`
	// Status says how it fared.
	Status Status `json:"status"`
	// ID is the record's id in the tenant. Nil: none is known.
	ID *string `json:"id"`
	// Error says why it was not written. Nil: it was.
	Error *connector.Error `json:"error"`
}

// summarize counts results.
func summarize(results []RecordResult) *connector.RecordSummary {
	s := &connector.RecordSummary{Total: len(results)}
	for _, r := range results {
		switch r.Status {
		case StatusSucceeded:
			s.Succeeded++
		case StatusUnknown:
			s.Unknown++
		default:
			s.Failed++
		}
	}
	return s
}

// Outcome is what the tenant said of one record.
type Outcome struct {
	// ID is the record's id. Empty: none was given.
	ID string
	// Failure is the vendor's text. Empty: the record was written.
	Failure string
	// Unknown is set if the answer does not tell this record from others.
	Unknown bool
}

// resultsOf returns the part of an answer that tells of the records: its data,
// or what the connection says to look for, under the names that every reader
// knows.
func resultsOf(endpoint gainsight.Endpoint, answer *gainsight.Answer) json.RawMessage {
	written, refused := endpoint.Keys[gainsight.KeyWritten], endpoint.Keys[gainsight.KeyRefused]
	if len(written)+len(refused) == 0 {
		return answer.Data
	}
	parts := map[string]json.RawMessage{}
	_ = json.Unmarshal(answer.Data, &parts) // data of another kind has no parts of its own
	own := map[string]json.RawMessage{"success": answer.Find(written), "failures": answer.Find(refused)}
	maps.DeleteFunc(own, func(_ string, found json.RawMessage) bool { return found == nil })
	if len(own) == 0 {
		return answer.Data
	}
	maps.Copy(parts, own)
	data, err := json.Marshal(parts)
	if err != nil { // unreachable: the parts are JSON
		return answer.Data
	}
	return data
}

// KeyedOutcomes reads an answer whose success and failure parts are keyed by
// reference, in any of the forms that the vendor's APIs use: a list of
// single-key maps (cta.md, INFERRED from two simulators), a list of maps with
// several keys, or one map. A record that is in neither part is missing from
// the result; but if there was one record and there is one outcome, it is that
// record's, whatever its key.
func KeyedOutcomes(data json.RawMessage, b Batch) map[int]Outcome {
	byReference := outcomesByKey(data)
	outcomes := map[int]Outcome{}
	for i, ref := range b.References {
		if o, told := byReference[ref]; told {
			outcomes[i] = o
		}
	}
	if len(outcomes) == 0 && len(b.References) == 1 && len(byReference) == 1 {
		for _, o := range byReference {
			outcomes[0] = o
		}
	}
	return outcomes
}

func outcomesByKey(data json.RawMessage) map[string]Outcome {
	var parts map[string]json.RawMessage
	if json.Unmarshal(data, &parts) != nil {
		return nil
	}
	outcomes := map[string]Outcome{}
	for _, name := range []string{"success", "successes"} {
		for ref, value := range keyed(parts[name]) {
			outcomes[ref] = Outcome{ID: idText(value)}
		}
	}
	for _, name := range []string{"failure", "failures", "errors"} {
		for ref, value := range keyed(parts[name]) {
			outcomes[ref] = Outcome{Failure: FailureText(value)}
		}
	}
	return outcomes
}

// keyed flattens a map or a list of maps.
func keyed(part json.RawMessage) map[string]json.RawMessage {
	var one map[string]json.RawMessage
	if json.Unmarshal(part, &one) == nil {
		return one
	}
	var many []map[string]json.RawMessage
	if json.Unmarshal(part, &many) != nil {
		return nil
	}
	all := map[string]json.RawMessage{}
	for _, m := range many {
		maps.Copy(all, m)
	}
	return all
}

// idText reads an id given as a string or as an object that holds it.
func idText(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(value, &object) == nil {
		for _, wanted := range []string{"gsid", "id"} {
			for name, v := range object {
				if strings.EqualFold(name, wanted) && json.Unmarshal(v, &s) == nil && s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// FailureText reads a reason given as a string, as an object, which may hold
// further reasons (common.md, section 6), or as a list of these. The code comes
// first, as in "CODE: text".
func FailureText(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return orUnexplained(s)
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		var texts []string
		for _, v := range list {
			texts = append(texts, FailureText(v))
		}
		return orUnexplained(strings.Join(texts, "; "))
	}
	var object struct {
		Code    string          `json:"errorCode"`
		Desc    string          `json:"errorDesc"`
		Message string          `json:"errorMessage"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(value, &object) == nil {
		switch {
		case object.Code+object.Desc+object.Message != "":
			return strings.Trim(object.Code+": "+object.Desc+object.Message, ": ")
		case len(object.Errors) > 0:
			return FailureText(object.Errors)
		}
	}
	return orUnexplained("")
}

func orUnexplained(s string) string {
	if s == "" {
		return "the tenant gives no reason"
	}
	return s
}

// splitCode takes the leading code off "COCKPIT_9700: Missing ..." (cta.md).
func splitCode(failure string) (code, rest string) {
	code, rest, found := strings.Cut(failure, ":")
	if !found || code == "" || strings.ContainsAny(code, " \t") || !strings.Contains(code, "_") {
		return "", failure
	}
	return code, strings.TrimSpace(rest)
}
