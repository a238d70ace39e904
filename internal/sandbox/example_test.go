package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// A tenant is an http.Handler: serve it, call it as the vendor's API, read back
// what it holds.
func ExampleNew() {
	tenant := sandbox.New(sandbox.Acme(), nil)
	server := httptest.NewServer(tenant)
	defer server.Close()

	r, _ := http.NewRequest(http.MethodPut, server.URL+"/v2/cockpit/cta/", strings.NewReader(
		`{"requests":[{"record":{"referenceId":"1","Gsid":"1S01ACME0000000000000000000000000001","status":"Closed Success"}}]}`))
	r.Header.Set("accesskey", tenant.AccessKey())
	r.Header.Set("Content-Type", "application/json")
	resp, err := server.Client().Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)

	fmt.Println(resp.StatusCode, tenant.CTAs()[0]["IsClosed"])
	// Output: 200 true
}
