package delimited

import "github.com/gainsight-connector/gainsight-connector/doctype"

// Column is one column of a table.
type Column struct {
	// Name is the key in the JSON object.
	Name string
	// Values says how its cells are written. The zero value: as text.
	Values doctype.Column
	// Misfits counts the cells that did not fit the column's type and were
	// written as strings.
	Misfits uint64
}
