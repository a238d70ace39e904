package gainsight_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestClientWith: a client with other settings spends the same budgets. Which
// code closes one is for answers to say, and for how long for limits.
func TestClientWith(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"result":false,"errorCode":"GS_APIG_2405"}`))
	})
	plain := connect(t, s.URL, settings{"limits": map[string]any{"throttled_wait_seconds": 7}}, gainsight.Options{})
	config, err := plain.Config().With([]byte(`{"answers":{"codes":{"GS_APIG_2405":"throttled"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	read := gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead}
	if _, err := plain.Session(false).Do(t.Context(), read); !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("without the setting: %v", err)
	}
	_, err = plain.With(config).Session(false).Do(t.Context(), read)
	if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonRateLimited || e.RetryAfter != 7*time.Second {
		t.Errorf("with the setting: %v", err)
	}
	for _, b := range plain.BudgetStates(gainsight.BudgetSynchronous) {
		if b.Period == gainsight.PerMinute && !b.Throttled || b.Spent == 0 {
			t.Errorf("the client without the setting does not know of it: %+v", b)
		}
	}
}
