package catalog_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// launched is the connector as a process of its own, with a connection to a
// tenant without limits.
func launched(b *testing.B) (*host.Plugin, *host.Connection, *httptest.Server) {
	b.Helper()
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	p, err := host.Launch(b.Context(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	})
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	server := httptest.NewServer(tenant)
	b.Cleanup(server.Close)
	return p, actionstest.Open(b, p, tenant, server.URL, actionstest.Unlimited()), server
}

// BenchmarkProcess measures calls to the connector's process beside the two
// things that they cannot be faster than: an empty call to the process and the
// same request made directly.
func BenchmarkProcess(b *testing.B) {
	p, conn, server := launched(b)
	ctx, key := b.Context(), sandbox.Acme().AccessKey
	b.Run("probe", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Probe(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("direct_request", func(b *testing.B) {
		for b.Loop() {
			direct(b, key, server.URL+"/v2/cockpit/cta/list", `{"select":["Name"],"pageSize":1,"pageNumber":1}`)
		}
	})
	call := connector.Call{Action: "cta.list", Input: json.RawMessage(`{"select":["Name"],"limit":1}`)}
	b.Run("execute", func(b *testing.B) {
		for b.Loop() {
			if _, err := conn.Execute(ctx, call); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("execute_64_at_once", func(b *testing.B) {
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := conn.Execute(ctx, call); err != nil {
					b.Error(err)
				}
			}
		})
	})
	known, err := conn.Describe(ctx, connector.DescribeRequest{Action: "cta.create"})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("describe_not_modified", func(b *testing.B) {
		for b.Loop() {
			d, err := conn.Describe(ctx, connector.DescribeRequest{Action: "cta.create", IfNoneMatch: known.ETag})
			if err != nil || !d.NotModified {
				b.Fatal(d.NotModified, err)
			}
		}
	})
	b.Run("describe_whole", func(b *testing.B) {
		for b.Loop() {
			if _, err := conn.Describe(ctx, connector.DescribeRequest{Action: "cta.create"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkExport measures a bulk export of a million rows, tenant to host.
func BenchmarkExport(b *testing.B) {
	_, conn, _ := launched(b)
	call := connector.Call{Action: "bulk.export", Input: json.RawMessage(
		`{"objectName":"usage__gc","select":["Gsid","Row_Number__gc","Company__gc","Day__gc","Logins__gc","Minutes__gc","Revenue__gc","Feature__gc"]}`)}
	for b.Loop() {
		summary, err := conn.Download(b.Context(), call, io.Discard, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(summary.Bytes)) //nolint:gosec // far below the limit
	}
}

// BenchmarkStart measures from the start of the process to its manifest.
func BenchmarkStart(b *testing.B) {
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p, err := host.Launch(b.Context(), path, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Manifest(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func direct(b *testing.B, key, url, body string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accesskey", key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(resp.Status, err)
	}
}
