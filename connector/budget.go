package connector

import (
	"encoding/json"
	"time"
)

// BudgetState says what is left of a call budget of the vendor's in one window
// of time, as far as the connector knows: others may spend it as well.
type BudgetState struct {
	// Name is the connector's name of the budget. A budget with windows of
	// several lengths has one state for each.
	Name string
	// Limit is the number of calls that the window allows.
	Limit int
	// Remaining are those of them that are left.
	Remaining int
	// Window is the length of the window.
	Window time.Duration
	// ResetsIn is the time until the window is over.
	ResetsIn time.Duration
	// Throttled is set if the vendor itself says that nothing is left.
	Throttled bool
}

// budgetStateJSON is the JSON form of a [BudgetState].
type budgetStateJSON struct {
	Name           string  `json:"name"`
	Limit          int     `json:"limit"`
	Remaining      int     `json:"remaining"`
	WindowSeconds  float64 `json:"windowSeconds"`
	ResetInSeconds float64 `json:"resetInSeconds"`
	Throttled      bool    `json:"throttled,omitempty"`
}

// MarshalJSON writes times in seconds.
func (b BudgetState) MarshalJSON() ([]byte, error) {
	return json.Marshal(budgetStateJSON{b.Name, b.Limit, b.Remaining, b.Window.Seconds(), b.ResetsIn.Seconds(), b.Throttled})
}
