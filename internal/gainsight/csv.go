package gainsight

// CSV is how a tenant writes CSV (open question 17).
type CSV struct {
	// Delimiter separates cells: one character of ASCII. Default ",".
	Delimiter string `json:"delimiter"`
	// Header is whether there is a header row. Default true.
	Header bool `json:"header"`
	// EmptyText makes an empty cell of a text field an empty string instead of
	// null. Default false.
	EmptyText bool `json:"empty_text"`
	// Dates is [Answers.Dates] for CSV. Empty: that.
	Dates string `json:"dates"`
}

// defaultCSV is RFC 4180 with a header row (open question 17).
func defaultCSV() *CSV { return &CSV{Delimiter: ",", Header: true} }

func (c *CSV) clone() *CSV {
	if c == nil {
		return nil
	}
	own := *c
	return &own
}
