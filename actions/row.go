package actions

import (
	"encoding/json"
	"fmt"
	"strings"
)

// row is a row of a query by lower-case name: the keys of rows need not be
// spelt as they were asked for (common.md, 7.4).
type row map[string]any

func newRow(raw json.RawMessage) row {
	var members map[string]any
	_ = json.Unmarshal(raw, &members) // what is no row has nothing in it
	r := make(row, len(members))
	for name, value := range members {
		r[strings.ToLower(name)] = value
	}
	return r
}

// text returns a scalar as text. Empty: there is none.
func (r row) text(name string) string {
	switch v := r[strings.ToLower(name)].(type) {
	case string:
		return v
	case bool, float64:
		return fmt.Sprint(v)
	}
	return ""
}

// name returns what is text in the row. Empty: there is none.
func (r row) name(key string) string {
	text, _ := r[strings.ToLower(key)].(string)
	return text
}
