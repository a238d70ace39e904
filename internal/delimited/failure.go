package delimited

import (
	"errors"
	"fmt"
)

// RowError is a row that cannot be one.
type RowError struct {
	// Row counts the rows of the part from 1, the header left out. 0 is the
	// header itself.
	Row uint64
	// Cells is how many cells it has where Want are due. Both are 0 if that is
	// not what is wrong.
	Cells, Want int
	// Err is what else is wrong; nil if it is the number of cells.
	Err error
}

// Error says which row is wrong, and how. It holds nothing of the row.
func (e *RowError) Error() string {
	row := fmt.Sprintf("row %d", e.Row)
	if e.Row == 0 {
		row = "the header row"
	}
	if e.Err != nil {
		return fmt.Sprintf("%s %v", row, e.Err)
	}
	return fmt.Sprintf("%s has %d cells where %d are due", row, e.Cells, e.Want)
}

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// What can be wrong with a row.
var (
	errBareQuote = errors.New("has text after the closing quote of a cell")
	errUnclosed  = errors.New("ends within a quoted cell")
	errChanged   = errors.New("is not what it was when it was read before")
	errTooLong   = fmt.Errorf("is longer than %d bytes", maxRow)
	// ErrOtherHeader is a part whose header is not that of the first.
	ErrOtherHeader = errors.New("is not that of the first part")
)
