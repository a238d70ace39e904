package delimited

// Dialect is what may differ between CSV and CSV.
type Dialect struct {
	// Delimiter separates cells.
	Delimiter byte
	// NoHeader says that parts have no header row.
	NoHeader bool
	// EmptyText makes an empty cell of a column of text an empty string.
	// Default: null, as for all other columns: CSV has one form for both.
	EmptyText bool
}
