package notes_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/examples/notes"
	"github.com/gainsight-connector/gainsight-connector/examples/notes/service"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// TestMain is also the main function of the binary under test: go test always
// gives arguments, and the acceptance kit none.
func TestMain(m *testing.M) {
	if len(os.Args) == 1 {
		c, err := notes.New()
		if err == nil {
			err = plugin.Serve(c, nil)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Under the race detector a process takes a second to end, for nothing.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

// The connector passes the acceptance kit, in this process and as one of its
// own.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]hosttest.Target{
		"in process": hosttest.Connector(notes.New, nil), "as a binary": hosttest.Binary(binary, nil, []string{"GORACE"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hosttest.Run(t, target, &hosttest.Options{Profile: hosttest.Static(profile(t))})
		})
	}
}

// profile serves two notebooks and tells the kit about them.
func profile(t *testing.T) hosttest.Profile {
	t.Helper()
	p := hosttest.Profile{
		Address: "/address", Read: "note.list",
		Samples: map[string][]hosttest.Sample{"note.import": {{
			Input: json.RawMessage(`{}`), Content: "{\"text\":\"one\"}\n{\"text\":\"two\"}\n", ContentType: "application/x-ndjson",
		}}},
	}
	for _, name := range []string{"home", "work"} {
		key, mark := "key-of-the-notebook-"+name, "This is the notebook "+name
		server := httptest.NewServer(service.New(key, service.Note{Text: mark, Tag: name}))
		t.Cleanup(server.Close)
		config, err := json.Marshal(map[string]string{"address": server.URL})
		if err != nil {
			t.Fatal(err)
		}
		p.Tenants = append(p.Tenants, hosttest.Tenant{Mark: mark, Settings: connector.Settings{
			Tenant: name, Config: config, Secrets: map[string]connector.Secret{"/api_key": connector.NewSecret(key)},
		}})
	}
	return p
}
