package hosttest_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/examples/notes/service"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
)

// profile serves two notebooks and returns what the kit needs to know.
func profile(tb testing.TB) hosttest.Profile {
	tb.Helper()
	p := hosttest.Profile{
		Address: "/address", Read: "note.list",
		Samples: map[string][]hosttest.Sample{"note.import": {{
			Input: json.RawMessage(`{}`), Content: "{\"text\":\"one\"}\n{\"text\":\"two\"}\n", ContentType: "application/x-ndjson",
		}}},
	}
	for _, name := range []string{"home", "work"} {
		key, mark := "key-of-the-notebook-"+name, "This is the notebook "+name
		notes := []service.Note{{Text: mark, Tag: name}}
		for range 20 {
			notes = append(notes, service.Note{Text: "one of many", Tag: name})
		}
		server := httptest.NewServer(service.New(key, notes...))
		tb.Cleanup(server.Close)
		config, err := json.Marshal(map[string]string{"address": server.URL})
		if err != nil {
			tb.Fatal(err)
		}
		p.Tenants = append(p.Tenants, hosttest.Tenant{Mark: mark, Settings: connector.Settings{
			Tenant: name, Config: config, Secrets: map[string]connector.Secret{"/api_key": connector.NewSecret(key)},
		}})
	}
	return p
}

// binary is the test binary as a connector with flaws.
func binary(tb testing.TB, flaws ...string) hosttest.Target {
	tb.Helper()
	path, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return hosttest.Binary(path, append([]string{"connector"}, flaws...), []string{raceEnv})
}
