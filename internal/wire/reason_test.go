package wire_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// reasonCodes is the contract's list: what a reason is called and the gRPC
// code that carries it.
var reasonCodes = map[connector.Reason]codes.Code{
	"INVALID_INPUT":          codes.InvalidArgument,
	"INVALID_CONNECTION":     codes.InvalidArgument,
	"AUTH_FAILED":            codes.Unauthenticated,
	"PERMISSION_DENIED":      codes.PermissionDenied,
	"NOT_FOUND":              codes.NotFound,
	"CONFLICT":               codes.AlreadyExists,
	"RATE_LIMITED":           codes.ResourceExhausted,
	"DOWNSTREAM_UNAVAILABLE": codes.Unavailable,
	"DOWNSTREAM_TIMEOUT":     codes.DeadlineExceeded,
	"DOWNSTREAM_CONTRACT":    codes.Internal,
	"HANDLE_UNKNOWN":         codes.FailedPrecondition,
	"TOO_LARGE":              codes.OutOfRange,
	"DRAINING":               codes.Unavailable,
	"UNSUPPORTED":            codes.Unimplemented,
	"PLUGIN_PANIC":           codes.Internal,
	"PLUGIN_EXITED":          codes.Unavailable,
	"INTEGRITY":              codes.DataLoss,
	"CANCELED":               codes.Canceled,
	"DEADLINE_EXCEEDED":      codes.DeadlineExceeded,
	"INTERNAL":               codes.Internal,
	"SCHEMA_DRIFT":           codes.FailedPrecondition,
}

// Every number of the enum is a reason by its name, with the code above, and
// comes back as itself.
func TestReasonsWalkTheEnum(t *testing.T) {
	t.Parallel()
	values := connectorv1.ErrorReason(0).Descriptor().Values()
	if got, want := values.Len(), len(reasonCodes)+1; got != want {
		t.Errorf("the enum has %d values, want UNSPECIFIED and %d reasons", got, want-1)
	}
	for i := range values.Len() {
		v := values.Get(i)
		if v.Number() == 0 {
			continue
		}
		reason := connector.Reason(strings.TrimPrefix(string(v.Name()), "ERROR_REASON_"))
		err := wire.ToStatus(&connector.Error{Reason: reason, Message: "m"}, "req-1")
		st := status.Convert(err)
		if want := reasonCodes[reason]; st.Code() != want {
			t.Errorf("%s has code %s, want %s", reason, st.Code(), want)
		}
		if len(st.Details()) != 1 {
			t.Fatalf("%s has %d details, want one", reason, len(st.Details()))
		}
		detail, ok := st.Details()[0].(*connectorv1.ErrorDetail)
		if !ok || detail.GetReason().Number() != v.Number() {
			t.Errorf("%s travels as %v, want number %d", reason, detail.GetReason(), v.Number())
		}
		if back := wire.FromStatus(err); !errors.Is(back, reason) {
			t.Errorf("%s came back as %v", reason, back)
		}
	}
}

// The constants of package connector are the same list.
func TestReasonsAreAllDeclared(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../../connector/reason.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[connector.Reason]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "Reason" {
			return true
		}
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			declared[connector.Reason(text)] = true
		}
		return true
	})
	want := map[connector.Reason]bool{}
	for reason := range reasonCodes {
		want[reason] = true
	}
	if diff := cmp.Diff(want, declared); diff != "" {
		t.Errorf("reasons (-contract +package connector):\n%s", diff)
	}
}

func TestErrorsRoundTrip(t *testing.T) {
	t.Parallel()
	full := connector.Error{
		Reason: connector.ReasonInvalidInput, Message: "the input does not fit", Hint: "see the schema",
		Origin: connector.OriginCaller, Retry: connector.RetryNever, RetryAfter: 90 * time.Second, OutcomeUnknown: true,
		Downstream: connector.Downstream{Status: 400, Code: "GSOBJ_1008", RequestID: "v-1"}, RequestID: "req-1",
		Violations: []connector.Violation{{Pointer: "/records/0", Keyword: "type", Message: "is a string"}}, Omitted: 2,
	}
	tests := map[string]*connector.Error{
		"full":  &full,
		"spare": {Reason: connector.ReasonNotFound, RequestID: "req-1"},
	}
	for _, origin := range []connector.Origin{
		"", connector.OriginCaller, connector.OriginPlugin, connector.OriginDownstream, connector.OriginRuntime,
	} {
		tests["origin "+string(origin)] = &connector.Error{Reason: connector.ReasonInternal, Origin: origin, RequestID: "req-1"}
	}
	for _, retry := range []connector.Retry{"", connector.RetryNever, connector.RetryLater, connector.RetryReopen} {
		tests["retry "+string(retry)] = &connector.Error{Reason: connector.ReasonInternal, Retry: retry, RequestID: "req-1"}
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wire.FromStatus(wire.ToStatus(fmt.Errorf("wrapped: %w", want), "req-1"))
			if diff := cmp.Diff(error(want), got, cmpopts.IgnoreUnexported(connector.Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got := connector.AsError(wire.FromStatus(wire.ToStatus(want, ""))); got.RequestID != "req-1" {
				t.Errorf("request id = %q, want that of the error", got.RequestID)
			}
		})
	}
}

func TestOtherErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want connector.Reason
		text string
	}{
		"cancelled":     {fmt.Errorf("get: %w", context.Canceled), connector.ReasonCanceled, "the call was cancelled"},
		"too late":      {fmt.Errorf("get: %w", context.DeadlineExceeded), connector.ReasonDeadlineExceeded, "the call's deadline passed"},
		"anything else": {errors.New("oops"), connector.ReasonInternal, "oops"},
		"no reason":     {&connector.Error{Message: "m"}, connector.ReasonInternal, "m"},
		"a new reason":  {&connector.Error{Reason: "FROM_THE_FUTURE", Message: "m"}, connector.ReasonInternal, "m"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := connector.AsError(wire.FromStatus(wire.ToStatus(tt.err, "req-1")))
			if got.Reason != tt.want || got.Message != tt.text {
				t.Errorf("error = %s: %s, want %s: %s", got.Reason, got.Message, tt.want, tt.text)
			}
			// The same without a wire in between.
			if local := connector.AsError(wire.FromStatus(tt.err)); local.Message != tt.text {
				t.Errorf("without a status it is %q", local.Message)
			}
		})
	}
	if wire.ToStatus(nil, "req-1") != nil || wire.FromStatus(nil) != nil {
		t.Error("success became an error")
	}
}

func TestBareCodes(t *testing.T) {
	t.Parallel()
	known := map[codes.Code]connector.Reason{
		codes.Canceled: connector.ReasonCanceled, codes.DeadlineExceeded: connector.ReasonDeadlineExceeded,
		codes.ResourceExhausted: connector.ReasonTooLarge, codes.Unavailable: connector.ReasonPluginExited,
		codes.Unimplemented: connector.ReasonUnsupported, codes.InvalidArgument: connector.ReasonInvalidInput,
	}
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		want, ok := known[code]
		if !ok {
			want = connector.ReasonInternal
		}
		got := connector.AsError(wire.FromStatus(status.Error(code, "broken pipe")))
		if got.Reason != want || !strings.Contains(got.Message, "broken pipe") {
			t.Errorf("%s reads as %s: %s, want %s", code, got.Reason, got.Message, want)
		}
		caller := code == codes.Canceled || code == codes.DeadlineExceeded
		if (got.Origin == connector.OriginRuntime) == caller {
			t.Errorf("%s has origin %q", code, got.Origin)
		}
	}
}

func TestOversizeErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 5000)
	e := &connector.Error{
		Reason: connector.ReasonInvalidInput, Message: long, Hint: long + "\xff", Violations: make([]connector.Violation, 250), Omitted: 7,
		Downstream: connector.Downstream{Code: "\xfe", Status: -1},
	}
	for i := range e.Violations {
		e.Violations[i] = connector.Violation{Pointer: strconv.Itoa(i), Keyword: long, Message: long}
	}
	got := connector.AsError(wire.FromStatus(wire.ToStatus(e, long)))
	if len(got.Violations) != connector.MaxViolations || got.Omitted != 157 {
		t.Errorf("%d violations and %d omitted, want 100 and 157", len(got.Violations), got.Omitted)
	}
	for name, s := range map[string]string{
		"message": got.Message, "hint": got.Hint, "request id": got.RequestID,
		"violation": got.Violations[99].Message, "keyword": got.Violations[0].Keyword,
	} {
		if len(s) > 2100 || !utf8.ValidString(s) || !strings.HasSuffix(s, "ä…") {
			t.Errorf("%s has %d bytes and ends in %q", name, len(s), s[len(s)-4:])
		}
	}
	if got.Downstream.Code != "\uFFFD" || got.Downstream.Status != 0 {
		t.Errorf("downstream = %+v", got.Downstream)
	}
	if got.Violations[99].Pointer != "99" {
		t.Errorf("the last violation is of %q, want the first hundred", got.Violations[99].Pointer)
	}
}
