package gainsight_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestRange: the rest of a file is asked for as RFC 9110 has it, and the answer
// says whether it is the rest.
func TestRange(t *testing.T) {
	t.Parallel()
	const etag = `"v1"`
	tests := map[string]struct {
		etag   string // of the tenant
		offset int64
		body   string
	}{
		"the same file": {etag, 4, "567"},
		"another file":  {`"v2"`, 0, "1234567"},
		"no ETag":       {"", 0, "1234567"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.etag != "" {
					w.Header().Set("ETag", tt.etag)
				}
				w.Header().Set("Content-Type", csvType)
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte("1234567")))
			}))
			req := download()
			req.Range = &gainsight.Range{From: 4, ETag: etag}
			f, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Open(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(f)
			if err != nil || string(got) != tt.body || f.Offset() != tt.offset || f.ETag() != tt.etag {
				t.Errorf("%q at %d of %s, %v", got, f.Offset(), f.ETag(), err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestETag: a file is asked for in ranges only if it can be known again.
func TestETag(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header map[string]string
		want   string
	}{
		"strong":    {map[string]string{"ETag": `"x"`, "Accept-Ranges": "bytes"}, `"x"`},
		"weak":      {map[string]string{"ETag": `W/"x"`, "Accept-Ranges": "bytes"}, ""},
		"no ranges": {map[string]string{"ETag": `"x"`}, ""},
		"none":      {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for key, value := range tt.header {
					w.Header().Set(key, value)
				}
				_, _ = io.WriteString(w, "a\n1\n")
			}))
			f, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Open(t.Context(), download())
			if err != nil {
				t.Fatal(err)
			}
			if got := f.ETag(); got != tt.want || f.Offset() != 0 {
				t.Errorf("ETag = %q, want %q", got, tt.want)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCSVSettings(t *testing.T) {
	t.Parallel()
	chunk := func(csv map[string]any) settings {
		return settings{"endpoints": map[string]any{"bulk.chunk": map[string]any{"csv": csv}}}
	}
	of := func(s settings) gainsight.CSV {
		config, err := s.parse("https://acme.example.com")
		if err != nil {
			t.Fatal(err)
		}
		return *config.Endpoint(gainsight.BulkChunk).CSV
	}
	def := gainsight.CSV{Delimiter: ",", Header: true}
	if got := of(nil); got != def {
		t.Errorf("default %+v", got)
	}
	if got := of(chunk(map[string]any{"delimiter": ";", "header": false, "empty_text": true, "dates": "day-first"})); got !=
		(gainsight.CSV{Delimiter: ";", EmptyText: true, Dates: "day-first"}) {
		t.Errorf("own %+v", got)
	}
	tabs := gainsight.CSV{Delimiter: "\t", Header: true}
	if got := of(chunk(map[string]any{"delimiter": "\t"})); got != tabs {
		t.Errorf("in part %+v", got)
	}
	if got := of(nil); got != def {
		t.Errorf("the default was changed: %+v", got)
	}
	elsewhere := settings{"endpoints": map[string]any{"cta.list": map[string]any{"csv": map[string]any{"delimiter": ";"}}}}
	if _, err := elsewhere.parse("https://acme.example.com"); err == nil {
		t.Error("csv was taken for an operation that writes none")
	}
}
