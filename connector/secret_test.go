package connector_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// canary is the secret that nothing may show.
const canary = "CANARY/s3cr3t+value"

// holder has a secret in every place from which a printer may take it.
type holder struct {
	Secret connector.Secret
	Map    map[string]connector.Secret
	List   []connector.Secret
	Array  [1]connector.Secret
	Ptr    *connector.Secret
	Any    any
	hidden connector.Secret
	behind *holder
}

func newHolder() holder {
	s := connector.NewSecret(canary)
	h := holder{
		Secret: s, Map: map[string]connector.Secret{"k": s}, List: []connector.Secret{s}, Array: [1]connector.Secret{s},
		Ptr: &s, Any: s, hidden: s,
	}
	h.behind = &holder{Secret: s, hidden: s}
	return h
}

// forms are values that hold a secret.
func forms() map[string]any {
	h := newHolder()
	return map[string]any{
		"secret": h.Secret, "pointer": h.Ptr, "pointer to pointer": &h.Ptr, "map": h.Map, "list": h.List, "array": h.Array,
		"struct": h, "pointer to struct": &h, "settings": connector.Settings{Secrets: h.Map},
		"event": connector.SecretRotated{Secrets: h.Map}, "reflected": reflect.ValueOf(h), "error": fmt.Errorf("refused %w", errors.New(fmt.Sprint(h))),
		"method": h.Secret.String,
	}
}

// silent fails the test if a text shows the secret, in whichever encoding.
func silent(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{
		canary, hex.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte(canary)),
		base64.RawURLEncoding.EncodeToString([]byte(canary)), strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"), "CANARY", "s3cr3t",
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
			t.Errorf("%s shows the secret: %.300s", how, text)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	verbs := []string{
		"%v", "%+v", "%#v", "%s", "%q", "%+q", "%#q", "%x", "%X", "% x", "%#x", "%d", "%o", "%b", "%c", "%U", "%e", "%g", "%t", "%p",
		"%T %v", "%10.3s", "%-40v|", "%z", "%!", "%[1]v %[1]s",
	}
	for name, v := range forms() {
		for _, verb := range verbs {
			silent(t, verb+" of "+name, fmt.Sprintf(verb, v))
		}
		silent(t, "Sprint of "+name, fmt.Sprint(v))
		silent(t, "Sprintln of "+name, fmt.Sprintln(v, v))
		silent(t, "Append of "+name, string(fmt.Append(nil, v)))
		silent(t, "an error of "+name, connector.Errorf(connector.ReasonInternal, "bad key %v", v).Error())
		silent(t, "a hint of "+name, connector.Errorf(connector.ReasonInternal, "x").WithHint("%+v", v).Hint)
	}
	if got := newHolder().Secret.Reveal(); got != canary {
		t.Errorf("Reveal = %q", got)
	}
}

func TestSecretNeverLogs(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	handlers := map[string]slog.Handler{
		"text": slog.NewTextHandler(&b, opts), "json": slog.NewJSONHandler(&b, opts),
		"with": slog.NewTextHandler(&b, opts).WithAttrs([]slog.Attr{slog.Any("s", newHolder().Secret)}).WithGroup("g"),
		"replaced": slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			return slog.String(a.Key, fmt.Sprintf("%+v %#v", a.Value.Any(), a.Value))
		}}),
	}
	for how, h := range handlers {
		for name, v := range forms() {
			b.Reset()
			slog.New(h).With("a", v).Info("m", "b", v, slog.Group("c", "d", v), "e", slog.AnyValue(v), "f", []any{v})
			silent(t, "the log "+how+" of "+name, b.String())
			if b.Len() == 0 {
				t.Errorf("the log %s of %s is empty", how, name)
			}
		}
	}
}

func TestSecretNeverMarshals(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(io.Writer, any) error{
		"json":   func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
		"indent": func(w io.Writer, v any) error { e := json.NewEncoder(w); e.SetIndent(" ", " "); return e.Encode(v) },
		"xml":    func(w io.Writer, v any) error { return xml.NewEncoder(w).Encode(v) },
		"gob":    func(w io.Writer, v any) error { return gob.NewEncoder(w).Encode(v) },
		"text": func(w io.Writer, v any) error {
			return template.Must(template.New("").Parse(`{{.}} {{printf "%v %s %q %x" . . . .}} {{html .}} {{js .}} {{urlquery .}} {{print .}}`)).Execute(w, v)
		},
		"html": func(w io.Writer, v any) error {
			const page = `<a href="{{.}}" onclick="f({{.}})">{{.}}</a><script>var x = {{.}}</script><style>a { b: "{{.}}" }</style>`
			return htmltemplate.Must(htmltemplate.New("").Parse(page)).Execute(w, v)
		},
	}
	for how, encode := range encoders {
		for name, v := range forms() {
			var b bytes.Buffer
			err := encode(&b, v) // not every value can be encoded
			silent(t, how+" of "+name, b.String()+fmt.Sprint(err))
		}
	}
	type document struct {
		Attr connector.Secret `xml:"attr,attr"`
		Text connector.Secret
	}
	s := connector.NewSecret(canary)
	for how, marshal := range map[string]func(any) ([]byte, error){"json": json.Marshal, "xml": xml.Marshal} {
		got, err := marshal(document{s, s})
		if n := strings.Count(string(got), "[redacted]"); err != nil || n != 2 {
			t.Errorf("%s = %s, %v", how, got, err)
		}
	}
	if got, err := s.MarshalText(); err != nil || string(got) != "[redacted]" {
		t.Errorf("MarshalText = %s, %v", got, err)
	}
}

// TestSecretOutOfReach: printers for debuggers and test failures walk a value by
// reflection, past every method and into unexported fields.
func TestSecretOutOfReach(t *testing.T) {
	t.Parallel()
	for name, v := range forms() {
		var b strings.Builder
		walk(&b, reflect.ValueOf(v), 0)
		silent(t, "a walk through "+name, b.String())
	}
	var b strings.Builder
	walk(&b, reflect.ValueOf(struct{ plain *string }{new(canary)}), 0)
	if !strings.Contains(b.String(), canary) {
		t.Errorf("the walk finds nothing: %s", b.String())
	}
}

// walk prints all that reflection can read.
func walk(b *strings.Builder, v reflect.Value, depth int) {
	if depth > 12 || !v.IsValid() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		walk(b, v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			b.WriteString(v.Type().Field(i).Name + ":")
			walk(b, v.Field(i), depth+1)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(b, v.Index(i), depth+1)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walk(b, key, depth+1)
			walk(b, v.MapIndex(key), depth+1)
		}
	case reflect.String:
		b.WriteString(v.String() + " ")
	default:
		fmt.Fprintf(b, "%v %+v %#v ", v, v, v)
	}
}

func TestSecretEmpty(t *testing.T) {
	t.Parallel()
	if s := (connector.Secret{}); !s.Empty() || s.Reveal() != "" || s.String() != "[redacted]" || connector.NewSecret("x").Empty() {
		t.Error("Empty is wrong")
	}
}

func TestSecretEqual(t *testing.T) {
	t.Parallel()
	a, b := connector.NewSecret("a"), connector.NewSecret("b")
	if !a.Equal(connector.NewSecret("a")) || a.Equal(b) || a.Equal(connector.Secret{}) || !(connector.Secret{}).Equal(connector.NewSecret("")) {
		t.Error("Equal is wrong")
	}
}
