package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// pluginNamed returns the path of the test binary under the name of one of its
// stand-ins.
func pluginNamed(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func serveUploader() int {
	if err := plugin.Serve(uploader{}, nil); err != nil {
		return 1
	}
	return 0
}

// uploader is a connector with one action, which says how much it got.
type uploader struct{}

func (uploader) Manifest() connector.Manifest {
	return connector.Manifest{
		Name: "fake", Version: "1", ConnectionSchema: json.RawMessage(`{}`),
		Actions: []connector.Action{{ID: "fake.upload", Title: "Upload", Mode: connector.ModeUpload}},
	}
}

func (uploader) Describe(context.Context, connector.DescribeRequest) (connector.Description, error) {
	return connector.Description{}, connector.Errorf(connector.ReasonUnsupported, "there are no schemas")
}

func (uploader) Open(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
	return uploads{}, nil
}

type uploads struct{}

func (uploads) Execute(context.Context, connector.Call) (connector.Result, error) {
	return connector.Result{}, connector.Errorf(connector.ReasonUnsupported, "nothing can be executed")
}

func (uploads) Upload(_ context.Context, _ connector.Call, in *plugin.Input) (connector.Result, error) {
	n, err := io.Copy(io.Discard, in)
	return connector.Result{Output: fmt.Appendf(nil, `{"bytes":%d,"contentType":%q}`, n, in.ContentType())}, err
}

func (uploads) Close() error { return nil }
