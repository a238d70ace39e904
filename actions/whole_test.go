package actions_test

import (
	"encoding/json"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

func TestWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]actions.Whole{`100`: 100, `1e2`: 100, `100.0`: 100, `-3`: -3, `0`: 0} {
		var got actions.Whole
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is %d with error %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`1.5`, `1e30`, `null`, `true`} {
		var got actions.Whole
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is %d, want an error", text, got)
		}
	}
}
