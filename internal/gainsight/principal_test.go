package gainsight_test

import (
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestPrincipal(t *testing.T) {
	t.Parallel()
	principal := func(address, key, zone string) string {
		config, err := gainsight.ParseConfig(connector.Settings{
			Config:  []byte(`{"base_url":"` + address + `","auth":{"type":"access_key"},"time_zone":"` + zone + `"}`),
			Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(key)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return config.Principal()
	}
	first := principal("acme", "key-of-the-one", "UTC")
	for name, tt := range map[string]struct {
		address, key string
		same         bool
	}{
		"itself":             {"acme", "key-of-the-one", true},
		"itself, in full":    {"https://ACME.gainsightcloud.com", "key-of-the-one", true},
		"another key":        {"acme", "key-of-another", false},
		"another tenant":     {"globex", "key-of-the-one", false},
		"the end of the key": {"acme", "key-of-the-on", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if same := principal(tt.address, tt.key, "Europe/Berlin") == first; same != tt.same {
				t.Errorf("the same is %v, want %v", same, tt.same)
			}
		})
	}
}
