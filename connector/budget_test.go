package connector_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestBudgetStateJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		state connector.BudgetState
		want  string
	}{
		"counted": {
			connector.BudgetState{Name: "users", Limit: 100, Remaining: 57, Window: time.Hour, ResetsIn: 90500 * time.Millisecond},
			`{"name":"users","limit":100,"remaining":57,"windowSeconds":3600,"resetInSeconds":90.5}`,
		},
		"told by the vendor": {
			connector.BudgetState{Name: "users", Limit: 100, Window: time.Minute, Throttled: true},
			`{"name":"users","limit":100,"remaining":0,"windowSeconds":60,"resetInSeconds":0,"throttled":true}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(tt.state)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}
