// Command grafana is a backend plugin of grafana-plugin-sdk-go whose resource
// call makes the request that it is given: body, method and headers as they are,
// to the address in the path.
package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// resource makes requests with the HTTP client of the SDK.
type resource struct{ client *http.Client }

// CallResource implements [backend.CallResourceHandler].
func (r resource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	out, err := http.NewRequestWithContext(ctx, req.Method, req.Path, bytes.NewReader(req.Body))
	if err != nil {
		return err
	}
	out.Header = req.Headers
	resp, err := r.client.Do(out)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return sender.Send(&backend.CallResourceResponse{Status: resp.StatusCode, Headers: resp.Header, Body: body})
}

func main() {
	client, err := httpclient.New()
	if err != nil {
		os.Exit(1)
	}
	if err := backend.Manage("bench", backend.ServeOpts{CallResourceHandler: resource{client}}); err != nil {
		os.Exit(1)
	}
}
