package connector_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// What a caller may do about an error follows from its reason.
func TestReasonsAreUsual(t *testing.T) {
	t.Parallel()
	tests := map[connector.Reason]struct {
		origin connector.Origin
		retry  connector.Retry
	}{
		connector.ReasonInvalidInput:          {connector.OriginCaller, connector.RetryNever},
		connector.ReasonRateLimited:           {connector.OriginDownstream, connector.RetryLater},
		connector.ReasonDownstreamUnavailable: {connector.OriginDownstream, connector.RetryLater},
		connector.ReasonDownstreamContract:    {connector.OriginDownstream, connector.RetryNever},
		connector.ReasonHandleUnknown:         {connector.OriginRuntime, connector.RetryReopen},
		connector.ReasonDraining:              {connector.OriginRuntime, connector.RetryLater},
		connector.ReasonPluginPanic:           {connector.OriginPlugin, connector.RetryNever},
		"SOMETHING_ELSE":                      {"", connector.RetryNever},
	}
	for reason, want := range tests {
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			e := connector.Errorf(reason, "it failed")
			if e.Origin != want.origin || e.Retry != want.retry {
				t.Errorf("origin = %q, retry = %q, want %q, %q", e.Origin, e.Retry, want.origin, want.retry)
			}
		})
	}
}

func TestZeroReasonReadsAsInternal(t *testing.T) {
	t.Parallel()
	if !errors.Is(&connector.Error{Message: "?"}, connector.ReasonInternal) {
		t.Error("an error without a reason is not INTERNAL")
	}
}

func TestRateLimitJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(connector.RateLimit{Calls: 100, Window: time.Minute})
	if err != nil || string(data) != `{"calls":100,"windowSeconds":60}` {
		t.Errorf("JSON = %s, %v", data, err)
	}
}
