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
	// Dates is the order of dates that end with their year.
	Dates DateOrder `json:"dates"`
}

// DateOrder is an order of dates such as 12/31/2026.
type DateOrder string

// The orders.
const (
	// DatesYearFirst knows ISO 8601 and milliseconds alone. The default.
	DatesYearFirst DateOrder = "year-first"
	// DatesMonthFirst knows 12/31/2026 as well.
	DatesMonthFirst DateOrder = "month-first"
	// DatesDayFirst knows 31/12/2026 as well.
	DatesDayFirst DateOrder = "day-first"
)

// defaultCSV is RFC 4180 with a header row (open question 17).
func defaultCSV() *CSV { return &CSV{Delimiter: ",", Header: true, Dates: DatesYearFirst} }

func (c *CSV) clone() *CSV {
	if c == nil {
		return nil
	}
	own := *c
	return &own
}
