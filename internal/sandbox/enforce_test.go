package sandbox_test

import (
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// Only one's own fields of an object that is there can be enforced; what comes
// of it is tested with the connector.
func TestEnforceNeedsACustomField(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		object, field string
		ok            bool
	}{
		"custom":       {"call_to_action", "Short_Text__gc", true},
		"any case":     {"Call_To_Action", "short_text__gc", true},
		"standard":     {"call_to_action", "Comments", false},
		"no field":     {"call_to_action", "Nothing__gc", false},
		"no object":    {"nothing", "Short_Text__gc", false},
		"of an object": {"cs_task", "Short_Text__gc", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := sandbox.New(sandbox.Acme(), nil).Enforce(tt.object, tt.field); (err == nil) != tt.ok {
				t.Errorf("error = %v", err)
			}
		})
	}
}
