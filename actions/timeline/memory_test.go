package timeline_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// endless gives a record again and again until size bytes are out, and looks
// at the memory in use on the way.
type endless struct {
	t        *testing.T
	n        int
	left     int
	rest     []byte
	measured uint64
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.n++
		e.rest = []byte(lines(e.t, good(fmt.Sprintf("bulk-%d", e.n), map[string]any{"Notes": strings.Repeat("note ", 4000)})))
		e.left -= len(e.rest)
		if e.n%64 == 0 {
			e.measured = max(e.measured, inUse())
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// inUse is the memory that is reachable.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestUploadHoldsNoContent: an upload of 24 MB goes through host, connector and
// client with no more in memory than gRPC keeps under way, which is the same
// for one of any size. It runs alone, so that what it measures is its own.
func TestUploadHoldsNoContent(t *testing.T) { //nolint:paralleltest // see above
	const size, most = 24 << 20, 12 << 20
	tenant := sandbox.New(sandbox.Acme(), nil)
	var got int64
	var during uint64
	// The tenant drops what it gets: only the client is measured.
	conn := connectTo(t, tenant, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != bulkPath {
			tenant.ServeHTTP(w, r)
			return
		}
		for buf := make([]byte, 64<<10); ; {
			n, err := r.Body.Read(buf)
			if before := got; before>>20 != (before+int64(n))>>20 {
				during = max(during, inUse())
			}
			got += int64(n)
			if err != nil {
				break
			}
		}
		if r.ContentLength != got {
			t.Errorf("%d bytes came of %d announced", got, r.ContentLength)
		}
		_, _ = io.WriteString(w, `{"result":true,"data":{"jobId":"j"}}`)
	}))
	start(t, conn, "activity.save_bulk", `{}`, lines(t, good("warm-up", nil)))
	got, during = 0, 0
	before := inUse()
	content := &endless{t: t, left: size}
	result, err := conn.Upload(t.Context(), connector.Call{Action: "activity.save_bulk"}, "application/x-ndjson", content)
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Records int
		Bytes   int64
	}
	if err := json.Unmarshal(result.Output, &job); err != nil || job.Records != content.n || job.Bytes != got || got < size {
		t.Errorf("output %s (%v) of %d records; %d bytes came", result.Output, err, content.n, got)
	}
	for when, peak := range map[string]uint64{"while it was read": content.measured, "while it was sent": during} {
		if peak > before+most {
			t.Errorf("%s, %d bytes more were in use than before", when, peak-before)
		}
	}
}
