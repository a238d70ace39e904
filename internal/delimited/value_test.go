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
