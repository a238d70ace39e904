package schema_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// reread returns the fingerprint after its way through text.
func reread(t *testing.T, f *schema.Fingerprint) *schema.Fingerprint {
	t.Helper()
	again, err := schema.ParseFingerprint(f.String())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func take(t *testing.T, document string) *schema.Fingerprint {
	t.Helper()
	f, err := schema.Take("acme/thing.create", map[string]string{"type": "Risk"}, json.RawMessage(document))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFingerprintSaysWhatItIsOf(t *testing.T) {
	t.Parallel()
	f := reread(t, take(t, `{"properties":{"a":{"type":"string"}}}`))
	if f.Of != "acme/thing.create" || f.Selectors["type"] != "Risk" {
		t.Errorf("it is of %q, %v", f.Of, f.Selectors)
	}
	if again := reread(t, f).String(); again != f.String() {
		t.Errorf("its text changed from %s to %s", f, again)
	}
}

// packed returns the text form of any JSON.
func packed(data string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(data))
	_ = w.Close()
	return "fp1." + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func TestParseFingerprintRefuses(t *testing.T) {
	t.Parallel()
	good := take(t, `{"properties":{"a":{"type":"string"}}}`).String()
	tests := map[string]struct{ text, want string }{
		"nothing":         {"", "begin with fp1"},
		"something else":  {`{"etag":"x"}`, "begin with fp1"},
		"another version": {"fp2." + good[4:], "another version than fp1"},
		"cut off":         {good[:len(good)-6], "cut off or changed"},
		"changed":         {good[:20] + "AAAA" + good[24:], "cut off or changed"},
		"no base64":       {"fp1.%%%", "cut off or changed"},
		"too long":        {"fp1." + strings.Repeat("A", 1<<20), "longer than"},
		"unfolding":       {packed(`{"of":"` + strings.Repeat("a", 9<<20) + `"}`), "cut off or changed"},
		"of nothing":      {packed(`{"root":{}}`), "cut off or changed"},
		"unknown words":   {packed(`{"of":"x","root":{"z":1}}`), "cut off or changed"},
		"half an option":  {packed(`{"of":"x","root":{"o":"abcde"}}`), "is damaged"},
		"no field":        {packed(`{"of":"x","root":{"p":{"a":null}}}`), "is damaged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.ParseFingerprint(tt.text)
			if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want %q", err, tt.want)
			}
		})
	}
}

// A fingerprint of 200 fields, a fifth of them picklists, stays small.
func TestFingerprintIsCompact(t *testing.T) {
	t.Parallel()
	fields := map[string]field{}
	for i := range 200 {
		name := fmt.Sprintf("Custom_Field_Number_%d__gc", i)
		f := field{"type": "string", "maxLength": 100 + i, "x-connector": map[string]any{
			"label": "Custom Field Number", "source": map[string]any{"object": "call_to_action", "field": name},
		}}
		if i%5 == 0 {
			var options []any
			for k := range 6 {
				options = append(options, field{"const": fmt.Sprintf("1I00%d-%d", i, k), "title": fmt.Sprint("Option ", k)})
			}
			f["oneOf"] = options
		}
		fields[name] = f
	}
	f, err := schema.Take("gainsight/cta.create", nil, document(t, fields, nil))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.String()); n > 10<<10 {
		t.Errorf("it has %d bytes", n)
	}
}

const older = `{"properties":{"records":{"type":"array","items":{"type":"object","required":["must"],"properties":{
	"must":{"type":"string"},"gone":{"type":"string"},"unused":{"type":"string"},"typed":{"type":"string"},
	"pick":{"oneOf":[{"const":"1","title":"One"},{"const":"2","title":"Two"}]},"id":{"type":"string"},"nested":{"properties":{"x":{}}}}}}}}`

const newer = `{"properties":{"records":{"type":"array","items":{"type":"object","required":["must","new","id"],"properties":{
	"must":{"type":"string"},"typed":{"type":"number"},"new":{"type":"string"},"more":{"type":"string"},
	"pick":{"oneOf":[{"const":"1","title":"One"}]},"id":{"type":"string","x-connector":{"alternatives":["mail"]}},
	"nested":{"properties":{}}}}}}}`

func TestAffected(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input, madeFor string
		streamed       bool
		want           []string
	}{
		"nothing used": {input: `{}`},
		"only what is used": {
			input: `{"records":[{"must":"m","new":"n","id":"i","typed":"t"}]}`,
			want:  []string{"retyped /records/0/typed"},
		},
		"the first place": {
			input: `{"records":[{"must":"m","new":"n","mail":"i"},{"gone":1,"new":"n","id":"i","nested":{"x":1}},{"gone":2,"id":"i"}]}`,
			want:  []string{"removed /records/1/gone", "removed /records/1/nested/x", "required /records/2/new"},
		},
		"an option by value": {
			input: `{"records":[{"new":"n","id":"i","pick":"1"},{"new":"n","id":"i","pick":"2"}]}`, want: []string{"options-gone /records/1/pick"},
		},
		"an option by title": {input: `{"records":[{"new":"n","id":"i","pick":"Two"}]}`, want: []string{"options-gone /records/0/pick"}},
		"made for an input": {
			madeFor: `{"records":[{"must":"{{m}}","typed":"{{t}}"}]}`, input: `{"records":[{"must":"m","typed":"t"}]}`,
			want: []string{"required /records/0/id", "required /records/0/new", "retyped /records/0/typed"},
		},
		"streamed, of a whole schema": {input: `{}`, streamed: true},
		"streamed, made for an input": {
			madeFor: `{"records":[{"must":"m","gone":"g","pick":"2","id":"i"}]}`, input: `{}`, streamed: true,
			want: []string{"removed /records/*/gone", "required /records/*/new"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := take(t, older)
			if tt.madeFor != "" {
				f = f.For(decode(t, tt.madeFor))
			}
			f = reread(t, f)
			changes, err := f.Diff(json.RawMessage(newer))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range f.Affected(changes, decode(t, tt.input), tt.streamed) {
				got = append(got, string(c.Kind)+" "+c.Pointer)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("affected (-want +got):\n%s", diff)
			}
		})
	}
}

// What an input uses makes a smaller fingerprint that tells the same of it.
func TestFingerprintFor(t *testing.T) {
	t.Parallel()
	f := take(t, older)
	part := f.For(decode(t, `{"records":[{"typed":1}]}`))
	if len(part.String()) >= len(f.String()) {
		t.Errorf("the part has %d bytes, the whole %d", len(part.String()), len(f.String()))
	}
	if part.Of != f.Of || part.Selectors["type"] != "Risk" {
		t.Errorf("the part is of %q, %v", part.Of, part.Selectors)
	}
	if changes, err := reread(t, part).Diff(json.RawMessage(older)); err != nil || len(changes) > 0 {
		t.Errorf("the part differs from its schema: %v, %v", changes, err)
	}
}

func TestChangeSentences(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]schema.Change{
		"Label (a) is now called b":                              {Kind: schema.ChangeRenamed, Label: "Label", Field: "a", New: "b"},
		"a was removed":                                          {Kind: schema.ChangeRemoved, Field: "a"},
		"a no longer has the option chosen":                      {Kind: schema.ChangeOptionsGone, Field: "a"},
		"a no longer takes the option chosen, which is inactive": {Kind: schema.ChangeOptionsInactive, Field: "a"},
		"/x was a string and is now a number":                    {Kind: schema.ChangeRetyped, Pointer: "/x", Old: "a string", New: "a number"},
	} {
		if got := c.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// FuzzParseFingerprint holds that any text is read or refused as an input, and
// that what is read can be compared and written.
func FuzzParseFingerprint(f *testing.F) {
	for _, data := range []string{`{"of":"x","root":{"p":{"a":{"t":["string"],"o":"abcdefgh"}},"a":{}}}`, `{"of":"x","partial":true,"root":{"l":{"maximum":"x"}}}`, "{"} {
		f.Add([]byte(data), true)
	}
	f.Add([]byte("fp1.AAAA"), false)
	f.Fuzz(func(t *testing.T, data []byte, pack bool) {
		text := string(data)
		if pack {
			text = packed(text)
		}
		fingerprint, err := schema.ParseFingerprint(text)
		if err != nil {
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Errorf("error = %v", err)
			}
			return
		}
		if _, err := fingerprint.Diff(json.RawMessage(newer)); err != nil {
			t.Errorf("comparing: %v", err)
		}
		reread(t, fingerprint)
	})
}
