package gainsight

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Success is when an answer counts as a success (open question 12).
type Success string

// The rules.
const (
	// SuccessTrue wants a status of 2xx and result true. The default.
	SuccessTrue Success = "result_true"
	// SuccessNotFalse wants a status of 2xx and no result that is false, for a
	// tenant that leaves result out.
	SuccessNotFalse Success = "result_not_false"
)

// Answers is how a tenant's answers are read. The zero value is not of use; see
// [DefaultAnswers].
type Answers struct {
	// Success is when an answer is a success.
	Success Success `json:"success"`
	// Codes are what error codes mean, beside or in place of [Codes].
	Codes map[string]Meaning `json:"codes"`
	// Texts are what texts mean, beside or in place of [Texts].
	Texts map[string]Meaning `json:"texts"`
	// Dates is the form of dates and times beside those that are known, as
	// doctype.TimeForm has it (open question 28). Empty: none.
	Dates string `json:"dates"`
}

// DefaultAnswers is how answers are read without settings.
func DefaultAnswers() Answers {
	return Answers{Success: SuccessTrue, Codes: Codes(), Texts: Texts()}
}

// answers returns the defaults with a connection's own laid over them.
func answers(own json.RawMessage) (Answers, []connector.Violation) {
	a := DefaultAnswers()
	if len(own) == 0 {
		return a, nil
	}
	if json.Unmarshal(own, &a) != nil {
		return DefaultAnswers(), []connector.Violation{{Pointer: "/answers", Message: "is not what the connection schema says"}}
	}
	a.Success = cmp.Or(a.Success, SuccessTrue)
	return a, nil
}

// meaning returns what an answer says that is no success. A code wins over a
// text and a text over the status, because failures come with any status
// (common.md, sections 4 and 5).
func (a Answers) meaning(status int, code string, env envelope) Meaning {
	if m, known := a.Codes[code]; known {
		return m
	}
	said := strings.ToLower(strings.Join([]string{
		string(env.ErrorDesc), string(env.Detail), string(env.Message), string(env.Title),
	}, "\n"))
	for _, text := range slices.Sorted(maps.Keys(a.Texts)) {
		if strings.Contains(said, strings.ToLower(text)) {
			return a.Texts[text]
		}
	}
	return meaningOf(status)
}

// succeeds reports whether an answer of a status is a success.
func (a Answers) succeeds(status int, env envelope) bool {
	if status/100 != 2 {
		return false
	}
	return env.Result == nil && a.Success == SuccessNotFalse || env.Result != nil && bool(*env.Result)
}

// ReasonOf returns what a code of the tenant means for a single record.
func (c Config) ReasonOf(code string) connector.Reason {
	return c.answers.meaning(http.StatusOK, code, envelope{}).reason()
}

// Answers returns how the tenant's answers are read. Its maps must not be
// changed.
func (c Config) Answers() Answers { return c.answers }

// CodesOf lists the codes of a meaning, in words.
func (c Config) CodesOf(meaning Meaning) string {
	var codes []string
	for _, code := range slices.Sorted(maps.Keys(c.answers.Codes)) {
		if c.answers.Codes[code] == meaning {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, ", ")
}
