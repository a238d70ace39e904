package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// BenchmarkNew is the start of a tenant, seed included; it must stay far below
// 100 ms.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sandbox.New(sandbox.Acme(), nil)
	}
}

// discard is a response that costs nothing.
type discard struct {
	header http.Header
	n      int64
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(b []byte) (int, error) { d.n += int64(len(b)); return len(b), nil }

// BenchmarkChunk is the rate at which export rows are generated: all columns
// of usage__gc that hold data of their own.
func BenchmarkChunk(b *testing.B) {
	t := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1})
	call := func(method, path, body string, w http.ResponseWriter) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("accesskey", t.AccessKey())
		r.Header.Set("Content-Type", "application/json")
		t.ServeHTTP(w, r)
	}
	reply := func(method, path, body string) map[string]any {
		rec := httptest.NewRecorder()
		call(method, path, body, rec)
		var v struct{ Data map[string]any }
		if err := json.NewDecoder(rec.Body).Decode(&v); err != nil {
			b.Fatal(err)
		}
		return v.Data
	}
	columns, _ := json.Marshal(usageColumns)
	submitted := reply("POST", "/v3/exports/data/bulk/usage__gc", `{"select":`+string(columns)+`}`)
	status := reply("GET", "/"+submitted["statusURL"].(string), "")
	url := "/" + status["chunkDetails"].([]any)[7].(map[string]any)["chunkURL"].(string)
	b.ReportAllocs()
	for b.Loop() {
		d := &discard{header: http.Header{}}
		call("GET", url, "", d)
		b.SetBytes(d.n)
	}
}

// BenchmarkScan is a where-clause over the million generated rows.
func BenchmarkScan(b *testing.B) {
	t := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	const query = `{"select":["Gsid"],"where":{"conditions":[{"name":"Row_Number__gc","alias":"A","value":[500000],"operator":"EQ"}],"expression":"A"}}`
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/v3/exports/data/bulk/usage__gc", strings.NewReader(query))
		r.Header.Set("accesskey", t.AccessKey())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		t.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			body, _ := io.ReadAll(w.Body)
			b.Fatalf("%d %s", w.Code, body)
		}
	}
}

var usageColumns = []string{
	"Gsid", "Row_Number__gc", "Company__gc", "Day__gc", "Recorded_At__gc", "Logins__gc", "Minutes__gc",
	"Revenue__gc", "Score__gc", "Active__gc", "Feature__gc", "Note__gc",
}
