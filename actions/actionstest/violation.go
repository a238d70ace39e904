package actionstest

import (
	"errors"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Violations returns where an input is wrong and by which keyword, of an error
// that must be about the caller's input and say what is wrong everywhere.
func Violations(tb testing.TB, err error) []connector.Violation {
	tb.Helper()
	var e *connector.Error
	if !errors.As(err, &e) || e.Reason != connector.ReasonInvalidInput || e.Origin != connector.OriginCaller {
		tb.Fatalf("error %v, want INVALID_INPUT of the caller", err)
	}
	var got []connector.Violation
	for _, v := range e.Violations {
		if v.Message == "" {
			tb.Errorf("%s has no message", v.Pointer)
		}
		got = append(got, connector.Violation{Pointer: v.Pointer, Keyword: v.Keyword})
	}
	return got
}
