package delimited_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

func TestCopy(t *testing.T) {
	t.Parallel()
	semicolon := delimited.Dialect{Delimiter: ';'}
	bare := delimited.Dialect{Delimiter: ',', NoHeader: true}
	tests := map[string]struct {
		dialect delimited.Dialect
		parts   []string
		want    string
	}{
		"nothing":                    {comma, []string{""}, ""},
		"a header alone":             {comma, []string{"a,b\r\n"}, "a,b\r\n"},
		"a header without its end":   {comma, []string{"a,b"}, "a,b\r\n"},
		"one header of two":          {comma, []string{"a,b\r\n1,2\r\n", "a,b\r\n3,4\r\n"}, "a,b\r\n1,2\r\n3,4\r\n"},
		"an empty part":              {comma, []string{"a\n1\n", "", "a\n2\n"}, "a\n1\n2\n"},
		"LF":                         {comma, []string{"a,b\n1,2\n"}, "a,b\n1,2\n"},
		"mixed line breaks":          {comma, []string{"a,b\n1,2\r\n"}, "a,b\n1,2\r\n"},
		"no last line break":         {comma, []string{"a,b\r\n1,2", "a,b\r\n3,4"}, "a,b\r\n1,2\r\n3,4\r\n"},
		"byte-order marks":           {comma, []string{"\ufeffa,b\n1,2\n", "\ufeffa,b\n3,4\n"}, "a,b\n1,2\n3,4\n"},
		"a mark before a quote":      {comma, []string{"\ufeff\"a\"\n1\n"}, "\"a\"\n1\n"},
		"quotes":                     {comma, []string{"a,b\n\"1,\n\"\"x\"\"\",2\n"}, "a,b\n\"1,\n\"\"x\"\"\",2\n"},
		"a last cell in quotes":      {comma, []string{"a,b\n1,\"2\""}, "a,b\n1,\"2\"\n"},
		"a line break in the header": {comma, []string{"\"a\nb\",c\n1,2\n", "\"a\nb\",c\n3,4\n"}, "\"a\nb\",c\n1,2\n3,4\n"},
		"empty cells":                {comma, []string{"a,b\n,\n\"\",\n"}, "a,b\n,\n\"\",\n"},
		"null of a single column":    {comma, []string{"a\n\n1\n\n"}, "a\n\n1\n\n"},
		"a quote within a cell":      {comma, []string{"a,b\n5\" pipe,2\n"}, "a,b\n5\" pipe,2\n"},
		"another delimiter":          {semicolon, []string{"a;b\n1,5;2\n"}, "a;b\n1,5;2\n"},
		"no header":                  {bare, []string{"1,2\r\n", "3,4"}, "c0,c1\r\n1,2\r\n3,4\r\n"},
		"no header and no row":       {bare, []string{""}, "c0,c1\r\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := range 12 { // 0: at once
				var out strings.Builder
				columns := texts
				if tt.dialect.NoHeader {
					columns = kinds("ss")
				}
				if err := put(delimited.NewCopy(&out, tt.dialect, columns), size, tt.parts...); err != nil || out.String() != tt.want {
					t.Errorf("in pieces of %d: %q, %v, want %q", size, out.String(), err, tt.want)
				}
			}
		})
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		letters string
		parts   []string
		want    string
	}{
		"nothing":            {"", []string{""}, ""},
		"a header alone":     {"ss", []string{"a,b\n"}, ""},
		"two parts":          {"sn", []string{"a,b\nx,1\n", "a,b\ny,2"}, `{"a":"x","b":1}` + "\n" + `{"a":"y","b":2}` + "\n"},
		"CR LF":              {"sn", []string{"a,b\r\nx,1\r\n"}, `{"a":"x","b":1}` + "\n"},
		"null":               {"snbdtl", []string{"a,b,c,d,e,f\n,,,,,\n"}, `{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null}` + "\n"},
		"null in quotes":     {"s", []string{"a\n\"\"\n\n"}, `{"a":null}` + "\n" + `{"a":null}` + "\n"},
		"a name with quotes": {"s", []string{"\"say \"\"a\"\"\"\n1\n"}, `{"say \"a\"":"1"}` + "\n"},
		"all kinds": {"snbdtl", []string{"a,b,c,d,e,f\n\"x, \"\"y\"\"\nz\",1.50,TRUE,2024-02-29,2024-02-29T01:02:03Z,p;q\n"},
			`{"a":"x, \"y\"\nz","b":1.50,"c":true,"d":"2024-02-29","e":"2024-02-29T01:02:03.000Z","f":["p","q"]}` + "\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := range 12 {
				var out strings.Builder
				err := put(delimited.NewObjects(&out, comma, kinds(tt.letters)), size, tt.parts...)
				if err != nil || out.String() != tt.want {
					t.Errorf("in pieces of %d: %q, %v, want %q", size, out.String(), err, tt.want)
				}
			}
		})
	}
	t.Run("empty text", func(t *testing.T) {
		t.Parallel()
		d := delimited.Dialect{Delimiter: ',', EmptyText: true}
		if got := objects(t, d, "sn", "a,b\n,\n"); got != `{"a":"","b":null}`+"\n" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("no header", func(t *testing.T) {
		t.Parallel()
		d := delimited.Dialect{Delimiter: '\t', NoHeader: true}
		if got := objects(t, d, "sn", "x\t1\n"); got != `{"c0":"x","c1":1}`+"\n" {
			t.Errorf("got %s", got)
		}
	})
}

// TestRowErrors: what is wrong with a row is told, whichever way it is written
// and whatever the pieces.
func TestRowErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		parts []string
		want  string
	}{
		"a cell too few":           {[]string{"a,b\n1,2\n3\n"}, "row 2 has 1 cells where 2 are due"},
		"a cell too many":          {[]string{"a,b\n1,2\n3,4,5\n"}, "row 2 has 3 cells where 2 are due"},
		"too many, quoted":         {[]string{"a,b\n\"1\",2,\"3\"\n"}, "row 1 has 3 cells where 2 are due"},
		"too few, quoted":          {[]string{"a,b\n\"1,2\"\n"}, "row 1 has 1 cells where 2 are due"},
		"cut within a row":         {[]string{"a,b\n1,2\n3"}, "row 2 has 1 cells where 2 are due"},
		"an empty line":            {[]string{"a,b\n1,2\n\n3,4\n"}, "row 2 has 1 cells where 2 are due"},
		"cut within quotes":        {[]string{"a,b\n1,\"2"}, "row 1 ends within a quoted cell"},
		"cut within quotes, later": {[]string{"a,b\n1,\"2\n3,4\n5,6\n"}, "row 1 ends within a quoted cell"},
		"header cut within quotes": {[]string{"a,\"b\n1,2\n"}, "the header row ends within a quoted cell"},
		"a quote nobody escaped":   {[]string{"a,b\n1,\"say \"x\"\"\n"}, "row 1 has text after the closing quote of a cell"},
		"in the header":            {[]string{"a,\"b\"c\n1,2\n"}, "the header row has text after the closing quote of a cell"},
		"another header":           {[]string{"a,b\n1,2\n", "b,a\n1,2\n"}, "the header row is not that of the first part"},
		"in the second part":       {[]string{"a,b\n1,2\n", "a,b\n3\n"}, "row 1 has 1 cells where 2 are due"},
		"a carriage return alone":  {[]string{"a,b\n\"1\"\r,2\n"}, "row 1 has text after the closing quote of a cell"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := range 12 {
				for way, table := range map[string]*delimited.Table{
					"copy":    delimited.NewCopy(&strings.Builder{}, comma, texts),
					"objects": delimited.NewObjects(&strings.Builder{}, comma, texts),
				} {
					err := put(table, size, tt.parts...)
					if row := (*delimited.RowError)(nil); !errors.As(err, &row) || err.Error() != tt.want {
						t.Errorf("%s in pieces of %d: %v, want %s", way, size, err, tt.want)
					}
				}
			}
		})
	}
	t.Run("a row without end", func(t *testing.T) {
		t.Parallel()
		table := delimited.NewCopy(&strings.Builder{}, comma, texts)
		if err := put(table, 64<<10, "a,b\n1,\""+strings.Repeat("x\n", 3<<20)); err == nil || err.Error() != "row 1 is longer than 4194304 bytes" {
			t.Errorf("error = %v", err)
		}
	})
	t.Run("the columns", func(t *testing.T) {
		t.Parallel()
		refused := errors.New("refused")
		table := delimited.NewCopy(&strings.Builder{}, comma, func([]string) ([]delimited.Column, error) { return nil, refused })
		if err := put(table, 0, "a\n1\n"); !errors.Is(err, refused) {
			t.Errorf("error = %v", err)
		}
	})
	t.Run("the output", func(t *testing.T) {
		t.Parallel()
		for _, table := range []*delimited.Table{delimited.NewCopy(full(), comma, texts), delimited.NewObjects(full(), comma, texts)} {
			if err := put(table, 0, "a\n1\n"); !errors.Is(err, iotest.ErrTimeout) {
				t.Errorf("error = %v", err)
			}
		}
	})
}

// TestLongRow: a row of many pieces comes whole.
func TestLongRow(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("long, \n", 500_000)
	in := "a,b\n1,2\n\"" + text + "\",x\n3,4\n"
	var out strings.Builder
	if err := put(delimited.NewCopy(&out, comma, texts), 10_000, in); err != nil || out.String() != in {
		t.Errorf("%d bytes came of %d: %v", out.Len(), len(in), err)
	}
}

// TestResume: a table that goes on writes what the first would have written.
func TestResume(t *testing.T) {
	t.Parallel()
	parts := []string{"a,b\n1,x\n2,\"y\ny\"\n3,z\n4,w", "a,b\n5,v\n"}
	for name, table := range map[string]func(*strings.Builder) *delimited.Table{
		"copy":    func(out *strings.Builder) *delimited.Table { return delimited.NewCopy(out, comma, texts) },
		"objects": func(out *strings.Builder) *delimited.Table { return delimited.NewObjects(out, comma, texts) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var whole strings.Builder
			if err := put(table(&whole), 0, parts...); err != nil {
				t.Fatal(err)
			}
			for cut := range len(parts[0]) {
				var first, rest strings.Builder
				before := table(&first)
				p := before.Part(0, 0)
				if _, err := p.Write([]byte(parts[0][:cut])); err != nil {
					t.Fatal(err)
				}
				if err := p.Flush(); err != nil {
					t.Fatal(err)
				}
				again := table(&rest)
				if before.Header() != nil {
					again.Resume(before.Header())
				}
				q := again.Part(p.Rows, p.Sum)
				if _, err := q.Write([]byte(parts[0][:cut])); err != nil {
					t.Fatal(err)
				}
				if q.Rows != p.Rows || q.Sum != p.Sum {
					t.Errorf("cut at %d: rows %d and %d, sums %x and %x", cut, p.Rows, q.Rows, p.Sum, q.Sum)
				}
				if _, err := q.Write([]byte(parts[0][cut:])); err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(q.Close(), put(again, 0, parts[1])); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(whole.String(), first.String()+rest.String()); diff != "" {
					t.Errorf("cut at %d (-want +got):\n%s", cut, diff)
				}
			}
		})
	}
}

// TestResumeOnAnotherPart: rows that are not those from before are noticed.
func TestResumeOnAnotherPart(t *testing.T) {
	t.Parallel()
	before := delimited.NewCopy(&strings.Builder{}, comma, texts).Part(0, 0)
	if _, err := before.Write([]byte("a,b\n1,2\n3,4\n")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"another row": "a,b\n1,2\n3,5\n5,6\n", "another order": "a,b\n3,4\n1,2\n5,6\n", "fewer rows": "a,b\n1,2\n", "nothing": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			p := delimited.NewCopy(&out, comma, texts).Part(before.Rows, before.Sum)
			_, err := p.Write([]byte(text))
			if err == nil {
				err = p.Close()
			}
			if row := (*delimited.RowError)(nil); !errors.As(err, &row) || !strings.Contains(err.Error(), "is not what it was") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
