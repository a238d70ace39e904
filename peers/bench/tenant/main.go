// Command tenant is a tenant without limits that has an export of a gigabyte
// ready. It prints its address and ends when stdin does.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// What the export is made of: chunks of 20,000 rows, as the vendor cuts them.
const (
	total        = 1 << 30
	rowsPerChunk = 20_000
)

// rows is one chunk, header and all.
func rows() []byte {
	var b bytes.Buffer
	b.WriteString("Gsid,Row_Number__gc,Company__gc,Day__gc,Recorded_At__gc,Revenue__gc,Active__gc,Note__gc\r\n")
	for i := range rowsPerChunk {
		note := "Steady use of the dashboard"
		if i%10 == 0 {
			note = `"Logins fell, then rose again"`
		}
		fmt.Fprintf(&b, "1P02EXAMPLE%025d,%d,1P02EXAMPLE%025d,2024-%02d-%02d,2024-02-03T04:05:%02dZ,%d.50,%t,%s\r\n",
			i, i, i%100, i%12+1, i%28+1, i%60, i*7, i%2 == 0, note)
	}
	return b.Bytes()
}

// export answers as the vendor's API does for a job that is done.
func export(mux *http.ServeMux) {
	chunk := rows()
	n := total/len(chunk) + 1
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"chunkURL":"v3/chunk/%d","offset":%d,"limit":%d}`, i, i*rowsPerChunk, rowsPerChunk))
	}
	status := fmt.Sprintf(`{"result":true,"data":{"jobStatus":"COMPLETED","totalRecords":%d,"chunkDetails":[%s]}}`,
		n*rowsPerChunk, strings.Join(list, ","))
	mux.HandleFunc("/v3/exports/data/bulk/gigabyte__gc", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"result":true,"data":{"statusURL":"v3/status"}}`)
	})
	mux.HandleFunc("/v3/status", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, status) })
	mux.HandleFunc("/v3/chunk/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write(chunk)
	})
	mux.HandleFunc("/whole", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		for range n {
			_, _ = w.Write(chunk)
		}
	})
}

func main() {
	mux := http.NewServeMux()
	export(mux)
	mux.Handle("/", sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}}))
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, "http://"+listener.Addr().String())
	go func() { _ = http.Serve(listener, mux) }() //nolint:gosec // on loopback, for a benchmark
	_, _ = io.Copy(io.Discard, os.Stdin)
}
