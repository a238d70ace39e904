package gainsight_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// understood is what a caller learns of a refusal.
type understood struct {
	Reason                connector.Reason
	Empty, NoObject, Path bool
}

// refusal sends a request to a server that refuses it with a status and a code,
// and returns what the caller learns.
func refusal(t *testing.T, status int, code string) (understood, *connector.Error) {
	t.Helper()
	s := serve(t, answering(status, jsonType, fmt.Sprintf(errorBody, code, "Refused")))
	_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
	e := connector.AsError(err)
	if e == nil {
		t.Fatal("no error")
	}
	return understood{e.Reason, gainsight.IsEmptyResult(err), gainsight.IsObjectNotFound(err), gainsight.IsNoSuchPath(err)}, e
}

// TestCodes: each code says the same whatever the status, which alone would say
// that the request is at fault.
func TestCodes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want    understood
		message string
	}{
		"GS_APIG_2404":     {understood{Reason: connector.ReasonRateLimited}, "call budget"},
		"GU_2400":          {understood{Reason: connector.ReasonRateLimited}, "call budget"},
		"GS_APIG_2401":     {understood{Reason: connector.ReasonAuthFailed}, "access key"},
		"GSOBJ_1024":       {understood{Reason: connector.ReasonAuthFailed}, "access key"},
		"GS_APIG_2402":     {understood{Reason: connector.ReasonPermissionDenied}, "IP address"},
		"GS_APIG_1000":     {understood{Reason: connector.ReasonNotFound, Path: true}, "no such path"},
		"GSOBJ_1023":       {understood{Reason: connector.ReasonNotFound, Path: true}, "no such path"},
		"OBJECT_NOT_FOUND": {understood{Reason: connector.ReasonNotFound, NoObject: true}, "OBJECT_NOT_FOUND Refused"},
		"GSOBJ_1011":       {understood{Reason: connector.ReasonInvalidInput, Empty: true}, "GSOBJ_1011 Refused"},
		"GSOBJ_1XXX":       {understood{Reason: connector.ReasonInvalidInput, Empty: true}, "GSOBJ_1XXX Refused"},
		"GU_2411":          {understood{Reason: connector.ReasonConflict}, "GU_2411 Refused"},
		"GSOBJ_1003":       {understood{Reason: connector.ReasonDownstreamUnavailable}, "server error"},
		"GU_1101":          {understood{Reason: connector.ReasonDownstreamUnavailable}, "server error"},
		"GS_TL_10_0500":    {understood{Reason: connector.ReasonDownstreamUnavailable}, "server error"},
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(tests)), slices.Sorted(maps.Keys(gainsight.Codes()))); diff != "" {
		t.Errorf("codes with a meaning (-want +got):\n%s", diff)
	}
	for code, tt := range tests {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			t.Run(code+"/"+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				got, e := refusal(t, status, code)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("refusal (-want +got):\n%s", diff)
				}
				if !strings.Contains(e.Message, tt.message) || e.Downstream.Code != code {
					t.Errorf("%q of code %q, want %q in it", e.Message, e.Downstream.Code, tt.message)
				}
			})
		}
	}
}

// TestStatuses: what a status says if no code does.
func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := map[int]understood{
		http.StatusOK:                    {Reason: connector.ReasonInvalidInput},
		http.StatusBadRequest:            {Reason: connector.ReasonInvalidInput},
		http.StatusUnauthorized:          {Reason: connector.ReasonAuthFailed},
		http.StatusForbidden:             {Reason: connector.ReasonPermissionDenied},
		http.StatusNotFound:              {Reason: connector.ReasonNotFound, Path: true},
		http.StatusMethodNotAllowed:      {Reason: connector.ReasonInvalidInput, Path: true},
		http.StatusConflict:              {Reason: connector.ReasonConflict},
		http.StatusRequestEntityTooLarge: {Reason: connector.ReasonTooLarge},
		http.StatusUnprocessableEntity:   {Reason: connector.ReasonInvalidInput},
		http.StatusTooManyRequests:       {Reason: connector.ReasonRateLimited},
		http.StatusInternalServerError:   {Reason: connector.ReasonDownstreamUnavailable},
		http.StatusServiceUnavailable:    {Reason: connector.ReasonDownstreamUnavailable},
	}
	for status, want := range tests {
		for name, code := range map[string]string{"no code": "", "a code without a meaning": "GSOBJ_9999"} {
			t.Run(strconv.Itoa(status)+"/"+name, func(t *testing.T) {
				t.Parallel()
				got, e := refusal(t, status, code)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("refusal (-want +got):\n%s", diff)
				}
				if e.Downstream.Status != status {
					t.Errorf("status %d, want %d", e.Downstream.Status, status)
				}
			})
		}
	}
}
