package connector_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestErrorMatches(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("running cta.create: %w", connector.Errorf(connector.ReasonAuthFailed, "the tenant refused the key: %w", io.ErrUnexpectedEOF))
	if !errors.Is(err, connector.ReasonAuthFailed) {
		t.Error("the error is not its reason")
	}
	if errors.Is(err, connector.ReasonNotFound) {
		t.Error("the error is another reason")
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	var e *connector.Error
	if !errors.As(err, &e) || e.Origin != connector.OriginCaller || e.Retry != connector.RetryNever {
		t.Errorf("error = %+v", e)
	}
	if got, want := e.Message, "the tenant refused the key: unexpected EOF"; got != want {
		t.Errorf("message = %q, want %q", got, want)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  *connector.Error
		want string
	}{
		"message":    {&connector.Error{Reason: connector.ReasonNotFound, Message: "no such action"}, "no such action"},
		"no message": {&connector.Error{Reason: connector.ReasonNotFound}, "NOT_FOUND"},
		"zero value": {&connector.Error{}, "INTERNAL"},
		"violations": {
			connector.Invalid("the input does not fit", []connector.Violation{
				{Pointer: "/a", Message: "is missing"}, {Message: "is no object"},
			}),
			"the input does not fit\n  /a: is missing\n  (document): is no object",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("Error() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestInvalidKeepsAHundred(t *testing.T) {
	t.Parallel()
	for n, omitted := range map[int]int{0: 0, 100: 0, 101: 1, 250: 150} {
		e := connector.Invalid("bad", make([]connector.Violation, n))
		if e.Omitted != omitted || len(e.Violations) != n-omitted {
			t.Errorf("of %d violations %d are kept and %d omitted", n, len(e.Violations), e.Omitted)
		}
		if got := strings.Contains(e.Error(), fmt.Sprintf("and %d more", omitted)); got != (omitted > 0) {
			t.Errorf("text of %d violations: %s", n, e)
		}
	}
}

func TestErrorJSON(t *testing.T) {
	t.Parallel()
	want := connector.Invalid("the input does not fit", []connector.Violation{{Pointer: "/a", Keyword: "type", Message: "is a string"}}).
		WithHint("see %s", "the schema")
	want.RetryAfter, want.OutcomeUnknown, want.RequestID, want.Omitted = 1500*time.Millisecond, true, "req-1", 3
	want.Downstream = connector.Downstream{Status: 400, Code: "GSOBJ_1008", RequestID: "v-1"}
	tests := map[string]*connector.Error{
		"full":  want,
		"empty": {Reason: connector.ReasonInternal},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			var got connector.Error
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(*want, got, cmpopts.IgnoreUnexported(connector.Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	var e connector.Error
	if err := json.Unmarshal([]byte(`{"reason": 1}`), &e); err == nil {
		t.Error("a number was taken for a reason")
	}
}

func TestAsError(t *testing.T) {
	t.Parallel()
	own := connector.Errorf(connector.ReasonConflict, "exists")
	if got := connector.AsError(fmt.Errorf("saving: %w", own)); got != own {
		t.Errorf("AsError = %v, want the wrapped error", got)
	}
	if got := connector.AsError(nil); got != nil {
		t.Errorf("AsError(nil) = %v", got)
	}
	got := connector.AsError(io.ErrUnexpectedEOF)
	if !errors.Is(got, connector.ReasonInternal) || !errors.Is(got, io.ErrUnexpectedEOF) || got.Message != "unexpected EOF" {
		t.Errorf("AsError = %+v", got)
	}
}
