package connector_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const value = "s3cr3t"
	secret := connector.NewSecret(value)
	holder := struct {
		Secret connector.Secret
		Map    map[string]connector.Secret
		Ptr    *connector.Secret
	}{secret, map[string]connector.Secret{"k": secret}, &secret}
	outputs := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%T %v", "%10.3s", "%!"} {
		for name, v := range map[string]any{
			"secret": secret, "pointer": &secret, "struct": holder, "settings": connector.Settings{Secrets: holder.Map},
		} {
			outputs[verb+" of a "+name] = fmt.Sprintf(verb, v)
		}
	}
	outputs["Sprint"] = fmt.Sprint(secret, holder)
	outputs["Errorf"] = connector.Errorf(connector.ReasonInternal, "bad key %v", secret).Error()

	data, err := json.Marshal(holder)
	outputs["json"] = string(data)
	if err != nil {
		t.Error(err)
	}
	data, err = json.Marshal(map[connector.Secret]int{secret: 1})
	outputs["json key"] = string(data)
	if err != nil {
		t.Error(err)
	}
	type document struct{ Secret connector.Secret }
	data, err = xml.Marshal(document{secret})
	outputs["xml"] = string(data)
	if err != nil {
		t.Error(err)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("m", slog.Any("secret", secret), slog.Any("holder", holder))
	outputs["slog text"] = b.String()
	b.Reset()
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", slog.Any("secret", secret), slog.Any("holder", holder))
	outputs["slog json"] = b.String()
	b.Reset()
	if err := template.Must(template.New("").Parse("{{.Secret}} {{printf `%v` .Map}} {{.Ptr}}")).Execute(&b, holder); err != nil {
		t.Error(err)
	}
	outputs["template"] = b.String()

	for name, out := range outputs {
		if strings.Contains(out, value) || strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", value)) {
			t.Errorf("%s prints the secret: %s", name, out)
		}
	}
	if got := secret.Reveal(); got != value {
		t.Errorf("Reveal = %q", got)
	}
}

func TestSecretEmpty(t *testing.T) {
	t.Parallel()
	if !(connector.Secret{}).Empty() || connector.NewSecret("x").Empty() {
		t.Error("Empty is wrong")
	}
}

// TestSecretInAnUnexportedField: fmt looks into structs past every method.
func TestSecretInAnUnexportedField(t *testing.T) {
	t.Parallel()
	holder := struct{ key connector.Secret }{connector.NewSecret("CANARY-value")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, holder); strings.Contains(got, "CANARY") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}
