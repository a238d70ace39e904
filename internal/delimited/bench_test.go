package delimited_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

// rows is a part of an export as tenants send it: ids, a number, a date, a
// moment, a decimal, a boolean and some text, a tenth of it in quotes.
func rows(n int) (part []byte, letters string) {
	var b bytes.Buffer
	b.WriteString("Gsid,Row_Number__gc,Company__gc,Day__gc,Recorded_At__gc,Revenue__gc,Active__gc,Note__gc\r\n")
	for i := range n {
		note := "Logins fell, then rose again"
		if i%10 > 0 {
			note = "Steady use of the dashboard"
		} else {
			note = `"` + note + `"`
		}
		fmt.Fprintf(&b, "1P02EXAMPLE%025d,%d,1P02EXAMPLE%025d,2024-%02d-%02d,2024-02-03T04:05:%02dZ,%d.50,%t,%s\r\n",
			i, i, i%100, i%12+1, i%28+1, i%60, i*7, i%2 == 0, note)
	}
	return b.Bytes(), "snsdtnbs"
}

// BenchmarkObjects is CSV to NDJSON with typed values, on one core.
func BenchmarkObjects(b *testing.B) {
	part, letters := rows(20_000)
	b.SetBytes(int64(len(part)))
	b.ReportAllocs()
	for b.Loop() {
		if err := write(delimited.NewObjects(io.Discard, comma, kinds(letters)), part); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCopy is CSV to CSV, every row checked.
func BenchmarkCopy(b *testing.B) {
	part, letters := rows(20_000)
	b.SetBytes(int64(len(part)))
	b.ReportAllocs()
	for b.Loop() {
		if err := write(delimited.NewCopy(io.Discard, comma, kinds(letters)), part); err != nil {
			b.Fatal(err)
		}
	}
}

// write writes one part in the blocks in which it would come.
func write(table *delimited.Table, part []byte) error {
	p := table.Part(0, 0)
	for len(part) > 0 {
		n := min(256<<10, len(part))
		if _, err := p.Write(part[:n]); err != nil {
			return err
		}
		part = part[n:]
	}
	return p.Close()
}

// BenchmarkStandardLibrary is the same with encoding/csv, which reads, and with
// encoding/json, which writes every value as text: less than what is asked for.
func BenchmarkStandardLibrary(b *testing.B) {
	part, _ := rows(20_000)
	b.Run("csv", func(b *testing.B) {
		b.SetBytes(int64(len(part)))
		b.ReportAllocs()
		for b.Loop() {
			if err := read(part, func([]string) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("csv_json", func(b *testing.B) {
		b.SetBytes(int64(len(part)))
		b.ReportAllocs()
		for b.Loop() {
			enc := json.NewEncoder(io.Discard)
			var names []string
			object := map[string]string{}
			err := read(part, func(record []string) error {
				if names == nil {
					names = append(names, record...)
					return nil
				}
				for i, cell := range record {
					object[names[i]] = cell
				}
				return enc.Encode(object)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func read(part []byte, visit func([]string) error) error {
	r := csv.NewReader(bytes.NewReader(part))
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(record); err != nil {
			return err
		}
	}
}
