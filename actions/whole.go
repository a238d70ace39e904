package actions

import (
	"encoding/json"
	"fmt"
	"math/big"
)

// Whole is an integer of an input. JSON Schema takes 100, 1e2 and 100.0 for the
// same integer, and so does it.
type Whole int

// UnmarshalJSON reads any spelling of an integer.
func (w *Whole) UnmarshalJSON(data []byte) error {
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	value, ok := new(big.Rat).SetString(n.String())
	if !ok || !value.IsInt() || !value.Num().IsInt64() {
		return fmt.Errorf("%s is not an integer that fits 64 bits", n)
	}
	*w = Whole(value.Num().Int64())
	return nil
}
