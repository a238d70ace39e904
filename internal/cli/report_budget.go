package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// budgetLine says what is left of the call budgets that a call has spent.
func budgetLine(s *connector.Stats) string {
	if s == nil || len(s.Budgets) == 0 {
		return ""
	}
	parts := make([]string, len(s.Budgets))
	for i, b := range s.Budgets {
		parts[i] = fmt.Sprintf("%s %s of %s %s", b.Name, count(b.Remaining), count(b.Limit), windowName(b.Window))
		if b.Throttled {
			parts[i] += fmt.Sprintf(" (the tenant says so; more in %s)", duration(b.ResetsIn))
		}
	}
	return "left of the call budget, as this process counts: " + strings.Join(parts, ", ")
}

// windowName says for how long a limit is, as a person does.
func windowName(d time.Duration) string {
	switch d { //nolint:exhaustive // the constants of package time are no list of windows
	case time.Minute:
		return "a minute"
	case time.Hour:
		return "an hour"
	case 24 * time.Hour:
		return "a day"
	}
	return "in " + d.String()
}
