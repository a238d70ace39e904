package bulk

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// joined appends chunks, each through a reader of the given kind.
func joined(kind func(io.Reader) io.Reader, chunks ...string) (string, uint64, error) {
	var out bytes.Buffer
	j := joiner{out: &out}
	for _, c := range chunks {
		if err := j.append(kind(strings.NewReader(c))); err != nil {
			return out.String(), j.records, err
		}
	}
	return out.String(), j.records, nil
}

// readers are ways in which the same bytes can come.
var readers = map[string]func(io.Reader) io.Reader{
	"at once": func(r io.Reader) io.Reader { return r }, "one byte at a time": iotest.OneByteReader,
	"by halves": iotest.HalfReader, "the end with the data": iotest.DataErrReader,
	"one byte, the end with it": func(r io.Reader) io.Reader { return iotest.DataErrReader(iotest.OneByteReader(r)) },
}

func TestJoiner(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		chunks  []string
		want    string
		records uint64
	}{
		"one chunk":                     {[]string{"a,b\r\n1,2\r\n"}, "a,b\r\n1,2\r\n", 1},
		"two chunks":                    {[]string{"a\r\n1\r\n", "a\r\n2\r\n3\r\n"}, "a\r\n1\r\n2\r\n3\r\n", 3},
		"LF":                            {[]string{"a\n1\n", "a\n2\n"}, "a\n1\n2\n", 2},
		"line ends that differ":         {[]string{"a\r\n1\r\n", "a\n2\n"}, "a\r\n1\r\n2\n", 2},
		"quotes":                        {[]string{"a\n\"1,\"\"x\"\"\"\n", "a\n\"\"\n"}, "a\n\"1,\"\"x\"\"\"\n\"\"\n", 2},
		"line breaks in quotes":         {[]string{"a,b\r\n\"1\r\n\r\n2\",\"\n\"\r\n"}, "a,b\r\n\"1\r\n\r\n2\",\"\n\"\r\n", 1},
		"line break in a header":        {[]string{"\"a\nb\"\n1\n", "\"a\nb\"\n2\n"}, "\"a\nb\"\n1\n2\n", 2},
		"mark":                          {[]string{"\ufeffa\n1\n", "\ufeffa\n2\n"}, "a\n1\n2\n", 2},
		"mark in one of two":            {[]string{"a\n1\n", "\ufeffa\n2\n"}, "a\n1\n2\n", 2},
		"mark before a quote":           {[]string{"\ufeff\"a\nb\"\n1\n"}, "\"a\nb\"\n1\n", 1},
		"mark within is a character":    {[]string{"a\n\ufeff1\n"}, "a\n\ufeff1\n", 1},
		"no last line break":            {[]string{"a\n1", "a\n2"}, "a\n1\n2\n", 2},
		"no last line break, CRLF":      {[]string{"a\r\n1", "a\r\n2"}, "a\r\n1\r\n2\r\n", 2},
		"no last line break, quoted":    {[]string{"a\n\"1\"", "a\n2"}, "a\n\"1\"\n2\n", 2},
		"header alone":                  {[]string{"a,b\n"}, "a,b\n", 0},
		"header alone, no line break":   {[]string{"a,b"}, "a,b\r\n", 0},
		"header without line break too": {[]string{"a,b", "a,b\r\n1,2\r\n"}, "a,b\r\n1,2\r\n", 1},
		"nothing":                       {[]string{""}, "", 0},
		"mark alone":                    {[]string{"\ufeff"}, "", 0},
		"nothing between":               {[]string{"a\n1\n", "", "a\n2\n"}, "a\n1\n2\n", 2},
		"nothing first":                 {[]string{"", "a\n2\n"}, "a\n2\n", 1},
		"nulls of one column":           {[]string{"a\n\n\n1\n"}, "a\n\n\n1\n", 3},
		"no chunks":                     {nil, "", 0},
	}
	for name, tt := range tests {
		for kind, reader := range readers {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				got, records, err := joined(reader, tt.chunks...)
				if err != nil || got != tt.want || records != tt.records {
					t.Errorf("got %q with %d records, %v; want %q with %d", got, records, err, tt.want, tt.records)
				}
			})
		}
	}
}

func TestJoinerRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		chunks []string
		want   string
	}{
		"another header":              {[]string{"a,b\n1,2\n", "b,a\n2,1\n"}, "other columns"},
		"a longer header":             {[]string{"a\n1\n", "a,b\n2,1\n"}, "other columns"},
		"a blank line for a header":   {[]string{"a\n1\n", "\n2\n"}, "other columns"},
		"quotes that do not end":      {[]string{"a\n\"1\n2\n"}, "within a quoted value"},
		"a header that does not end":  {[]string{"a,\"b\n1,2\n"}, "within a quoted value"},
		"a header that is too long":   {[]string{strings.Repeat("x", maxHeader+2*block)}, "is it CSV"},
		"a blank line, then a header": {[]string{"\na\n1\n", "a\n2\n"}, "other columns"},
	}
	for name, tt := range tests {
		for kind, reader := range readers {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				_, _, err := joined(reader, tt.chunks...)
				if !errors.Is(err, connector.ReasonDownstreamContract) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// TestJoinerPassesErrors: a break anywhere is the error, with the data before
// it or without, and the rows of the broken chunk do not count.
func TestJoinerPassesErrors(t *testing.T) {
	t.Parallel()
	const chunk = "a,b\r\n1,2\r\n3,4\r\n"
	broken := errors.New("broken")
	for cut := range len(chunk) {
		for _, together := range []bool{true, false} {
			var out bytes.Buffer
			j := joiner{out: &out}
			r := io.MultiReader(strings.NewReader(chunk[:cut]), iotest.ErrReader(broken))
			if together {
				r = &once{data: []byte(chunk[:cut]), err: broken}
			}
			if err := j.append(r); !errors.Is(err, broken) || j.records != 0 {
				t.Errorf("cut at %d: got %v with %d records", cut, err, j.records)
			}
		}
	}
	full := errors.New("full")
	for room := range 3 {
		j := joiner{out: &limited{room: room, err: full}}
		if err := j.append(strings.NewReader("a\n1")); !errors.Is(err, full) {
			t.Errorf("after %d writes: got %v", room, err)
		}
	}
}

// once returns its data and its error together, and the error no more.
type once struct {
	data []byte
	err  error
}

func (o *once) Read(p []byte) (int, error) {
	n := copy(p, o.data)
	o.data = o.data[n:]
	if len(o.data) > 0 {
		return n, nil
	}
	err := o.err
	o.err = io.EOF
	return n, err
}

// limited takes a few writes.
type limited struct {
	room int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if l.room == 0 {
		return 0, l.err
	}
	l.room--
	return len(p), nil
}

// FuzzJoiner: for chunks of valid CSV the stream parses to the header and the
// rows of all, the count is that of encoding/csv, and neither depends on how
// the bytes come.
func FuzzJoiner(f *testing.F) {
	f.Add("x,1\ny\n\"q\"\"z\"", "2", uint8(3), false)
	f.Add("", "\r\n", uint8(1), true)
	f.Fuzz(func(t *testing.T, one, two string, step uint8, crlf bool) {
		header := []string{"Gsid", "Na\nme"}
		rows := [][]string{}
		for v := range strings.SplitSeq(one, ",") {
			rows = append(rows, []string{v, two})
		}
		at := min(len(rows), int(step))
		var chunks []string
		for _, part := range [][][]string{rows[:at], rows[at:]} {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			w.UseCRLF = crlf
			if err := w.WriteAll(append([][]string{header}, part...)); err != nil {
				t.Fatal(err)
			}
			chunks = append(chunks, b.String())
		}
		want, records, err := joined(readers["at once"], chunks...)
		if err != nil || records != uint64(len(rows)) {
			t.Fatalf("got %d records of %d, %v", records, len(rows), err)
		}
		pieces := func(r io.Reader) io.Reader { return &stepped{r, 1 + int(step)%7} }
		if got, n, err := joined(pieces, chunks...); err != nil || n != records || got != want {
			t.Fatalf("in pieces: %q, %d, %v; at once: %q", got, n, err, want)
		}
		got, err := csv.NewReader(strings.NewReader(want)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		expected := slices.Concat(parse(t, chunks[0]), parse(t, chunks[1])[1:])
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Fatalf("rows (-chunks +stream):\n%s", diff)
		}
	})
}

func parse(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// stepped reads a few bytes at a time.
type stepped struct {
	r io.Reader
	n int
}

func (s *stepped) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

// FuzzRowCounter: of any CSV that encoding/csv reads and that has no empty
// lines, both count the same rows, wherever it is split.
func FuzzRowCounter(f *testing.F) {
	f.Add([]byte("a,b\r\n\"1\n\",2\n"), uint8(1))
	f.Add([]byte("\"\"\"\",x"), uint8(2))
	f.Fuzz(func(t *testing.T, text []byte, step uint8) {
		r := csv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		last := 0
		for i := range text { // an empty line is a row here and nothing there
			if text[i] == '\n' && len(bytes.Trim(text[last:i], "\r")) == 0 {
				return
			}
			if text[i] == '\n' {
				last = i + 1
			}
		}
		if err != nil || len(bytes.Trim(text[last:], "\r")) == 0 && last < len(text) {
			return
		}
		var c rowCounter
		for piece := range slices.Chunk(text, 1+int(step)) {
			c.count(piece)
		}
		got := c.rows
		if c.partial {
			got++
		}
		if got != uint64(len(rows)) || c.quoted {
			t.Fatalf("%q: counted %d, encoding/csv %d, quoted %t", text, got, len(rows), c.quoted)
		}
	})
}

// BenchmarkJoiner is a chunk of 20,000 rows in memory, the parse alone.
func BenchmarkJoiner(b *testing.B) {
	for name, note := range map[string]string{"plain": "all is well with them", "quoted": `"said ""yes"", then left"`} {
		b.Run(name, func(b *testing.B) {
			var chunk bytes.Buffer
			chunk.WriteString("Gsid,Number,Day,Score,Note\r\n")
			for i := range 20_000 {
				fmt.Fprintf(&chunk, "1Z02ACME%028d,%d,2024-01-02,%d.5,%s\r\n", i, i, i%100, note)
			}
			b.SetBytes(int64(chunk.Len()))
			b.ReportAllocs()
			j := joiner{out: io.Discard}
			for b.Loop() {
				if err := j.append(bytes.NewReader(chunk.Bytes())); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
