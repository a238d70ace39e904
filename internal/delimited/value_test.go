package delimited_test

import (
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

// TestMisfits: a cell that does not fit its column is a string, and counted. The
// forms of each type are in the tests of [doctype.Column].
func TestMisfits(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := delimited.NewObjects(&out, comma, kinds("nbdtpl"))
	if err := put(table, 0, "n,b,d,t,p,l\n1,0,2024-02-29,2024-02-29,1I02,a;b\n-,yes,29/02/2024,soon,1I99,\"[\"\n"); err != nil {
		t.Fatal(err)
	}
	want := `{"n":1,"b":false,"d":"2024-02-29","t":"2024-02-29T00:00:00.000Z","p":"R&D","l":["a","b"]}` + "\n" +
		`{"n":"-","b":"yes","d":"29/02/2024","t":"soon","p":"1I99","l":["["]}` + "\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
	for i, c := range table.Columns() {
		if want := uint64(1); c.Misfits != want && i < 4 || c.Misfits != 0 && i >= 4 {
			t.Errorf("%d misfits of %s", c.Misfits, c.Name)
		}
	}
}

func TestDateOrders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		order      delimited.DateOrder
		letter     byte
		cell, want string
	}{
		"month first":              {delimited.MonthFirst, 'd', "2/9/2024", `"2024-02-09"`},
		"day first":                {delimited.DayFirst, 'd', "09.02.2024", `"2024-02-09"`},
		"day first with dashes":    {delimited.DayFirst, 'd', "9-2-2024", `"2024-02-09"`},
		"with a clock":             {delimited.MonthFirst, 't', "02/09/2024 13:05", `"2024-02-09T13:05:00.000Z"`},
		"with half a day's clock":  {delimited.MonthFirst, 't', "2/9/2024 1:05:06 PM", `"2024-02-09T13:05:06.000Z"`},
		"without a clock":          {delimited.DayFirst, 't', "9/2/2024", `"2024-02-09T00:00:00.000Z"`},
		"a date of a moment":       {delimited.DayFirst, 'd', "9/2/2024 13:05", `"2024-02-09"`},
		"ISO all the same":         {delimited.DayFirst, 'd', "2024-02-09", `"2024-02-09"`},
		"no month":                 {delimited.MonthFirst, 'd', "13/1/2024", `"13/1/2024"`},
		"no day":                   {delimited.DayFirst, 't', "31/4/2024", `"31/4/2024"`},
		"mixed separators":         {delimited.DayFirst, 'd', "1/4-2024", `"1/4-2024"`},
		"a year of no days":        {delimited.DayFirst, 'd', "1/4/0000", `"1/4/0000"`},
		"a year of two digits":     {delimited.DayFirst, 'd', "1/4/24", `"1/4/24"`},
		"something after the date": {delimited.DayFirst, 't', "1/4/2024 noon", `"1/4/2024 noon"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := delimited.Dialect{Delimiter: ',', Dates: tt.order}
			if got := objects(t, d, string(tt.letter), "v\n"+tt.cell+"\n"); got != `{"v":`+tt.want+"}\n" {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
