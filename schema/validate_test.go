package schema_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

func compile(tb testing.TB, document string) *schema.Schema {
	tb.Helper()
	s, err := schema.Compile([]byte(document))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func decode(tb testing.TB, data string) any {
	tb.Helper()
	v, err := schema.Decode([]byte(data))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// lines writes violations one a line: pointer, keyword, message.
func lines(violations []connector.Violation) []string {
	var all []string
	for _, v := range violations {
		all = append(all, fmt.Sprintf("%s [%s] %s", v.Pointer, v.Keyword, v.Message))
	}
	return all
}

const statuses = `{"oneOf":[
	{"const":"1I01EXAMPLEITEM0000000000","title":"New"},
	{"const":"1I02EXAMPLEITEM0000000000","title":"Open"},
	{"const":"1I03EXAMPLEITEM0000000000","title":"Closed"},
	{"const":"1I04EXAMPLEITEM0000000000","title":"D"},
	{"const":"1I05EXAMPLEITEM0000000000","title":"E"},
	{"const":"1I06EXAMPLEITEM0000000000","title":"F"},
	{"const":"1I07EXAMPLEITEM0000000000","title":"G"},
	{"const":"1I08EXAMPLEITEM0000000000","title":"H"},
	{"const":"1I09EXAMPLEITEM0000000000","title":"I"},
	{"const":"1I10EXAMPLEITEM0000000000","title":"J"},
	{"const":"1I11EXAMPLEITEM0000000000","title":"Reopened"}]}`

const shapes = `{"$defs":{"circle":{"type":"object",
		"properties":{"kind":{"const":"circle"},"r":{"type":"number"}},"required":["kind","r"]}},
	"oneOf":[{"$ref":"#/$defs/circle"},
		{"type":"object","properties":{"kind":{"const":"square"},"a":{"type":"number"}},
			"required":["kind","a"],"additionalProperties":false}]}`

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		schema string
		value  string
		want   []string
	}{
		"valid":    {`{"type":"object"}`, `{}`, nil},
		"type":     {`{"type":"string"}`, `5`, []string{" [type] must be a string, is a number"}},
		"types":    {`{"type":["integer","null"]}`, `"x"`, []string{" [type] must be an integer or null, is a string"}},
		"fraction": {`{"type":"integer"}`, `1.5`, []string{" [type] must be an integer, is a number with a fraction"}},
		"required": {`{"required":["Name","a/b","c"]}`, `{"c":1}`, []string{
			"/Name [required] is required", "/a~1b [required] is required",
		}},
		"unknown properties": {
			`{"properties":{"DueDate":{},"Name":{}},"patternProperties":{"__gc$":{}},"additionalProperties":false}`,
			`{"Duedate":1,"zz/z":1,"x__gc":1}`,
			[]string{
				"/Duedate [additionalProperties] is not a known property; did you mean DueDate?",
				"/zz~1z [additionalProperties] is not a known property",
			},
		},
		"unevaluated property": {`{"properties":{"a":{}},"unevaluatedProperties":false}`, `{"b":1}`, []string{
			"/b [unevaluatedProperties] is not a known property",
		}},
		"options": {statuses, `"Opne"`, []string{
			" [oneOf] must be one of New, Open, Closed, D, E, F, G, H, I, J (+1 more); did you mean Open?",
		}},
		"an option not far down the list": {statuses, `"reopened!"`, []string{
			" [oneOf] must be one of New, Open, Closed, D, E, F, G, H, I, J (+1 more); did you mean Reopened?",
		}},
		"enum":             {`{"enum":["a",1,null,true,"",[1]]}`, `"zzz"`, []string{" [enum] must be one of a, 1, null, true, the empty string, an array"}},
		"const":            {`{"const":"x"}`, `"y"`, []string{" [const] must be x"}},
		"oneOf of numbers": {`{"oneOf":[{"const":1},{"const":2}]}`, `3`, []string{" [oneOf] must be one of 1, 2, is a number"}},
		"strings":          {`{"minLength":2,"maxLength":3,"pattern":"^a"}`, `"b"`, []string{" [minLength] must have at least 2 characters, has 1", " [pattern] must match the pattern ^a"}},
		"too long":         {`{"maxLength":1}`, `"äö"`, []string{" [maxLength] must have at most 1 character, has 2"}},
		"empty":            {`{"minLength":1}`, `""`, []string{" [minLength] must not be empty"}},
		"numbers": {`{"minimum":2,"multipleOf":3}`, `1`, []string{
			" [minimum] must be at least 2", " [multipleOf] must be a multiple of 3",
		}},
		"large maximum": {`{"maximum":9007199254740992}`, `9007199254740993`, []string{" [maximum] must be at most 9007199254740992"}},
		"exclusive":     {`{"exclusiveMinimum":1,"exclusiveMaximum":1}`, `1`, []string{" [exclusiveMaximum] must be less than 1", " [exclusiveMinimum] must be more than 1"}},
		"arrays":        {`{"minItems":3,"uniqueItems":true}`, `[1,1]`, []string{" [minItems] must have at least 3 items, has 2", " [uniqueItems] must not repeat an item: items at index 0 and 1 are equal"}},
		"too many":      {`{"maxItems":1}`, `[1,1]`, []string{" [maxItems] must have at most 1 item, has 2"}},
		"contains":      {`{"contains":{"type":"string"}}`, `[1,2]`, []string{" [minContains] has too few or too many items of the kind that it must contain"}},
		"properties":    {`{"minProperties":1}`, `{}`, []string{" [minProperties] must have at least 1 property, has 0"}},
		"formats": {
			`{"properties":{"d":{"format":"date"},"e":{"format":"email"},"t":{"format":"date-time"},"u":{"format":"uri"},"v":{"format":"ipv4"}}}`,
			`{"d":"15.12.2026","e":"nobody","t":"2026-12-15","u":"x","v":"y"}`,
			[]string{
				"/d [format] must be a date such as 2026-12-15",
				"/e [format] must be an e-mail address such as name@example.com",
				"/t [format] must be a date and time with a time zone such as 2026-12-15T09:30:00Z",
				"/u [format] must be an absolute address such as https://example.com/page",
				"/v [format] must have the format ipv4",
			},
		},
		"names": {`{"propertyNames":{"pattern":"^[a-z]+$","maxLength":3}}`, `{"ABCD":1}`, []string{
			"/ABCD [maxLength] the property name must have at most 3 characters, has 4",
			"/ABCD [pattern] the property name must match the pattern ^[a-z]+$",
		}},
		"no names":                       {`{"propertyNames":false}`, `{"a":1}`, []string{"/a [propertyNames] is not allowed: the object takes no properties"}},
		"a property named propertyNames": {`{"properties":{"propertyNames":{"type":"string"}}}`, `{"propertyNames":1}`, []string{"/propertyNames [type] must be a string, is a number"}},
		"dependent":                      {`{"dependentRequired":{"a":["b","c"]}}`, `{"a":1,"c":1}`, []string{"/b [dependentRequired] is required because a is given"}},
		"false":                          {`{"properties":{"type":false}}`, `{"type":1}`, []string{"/type [] is not allowed here"}},
		"false document":                 {`false`, `1`, []string{" [] is not allowed here"}},
		"not":                            {`{"not":{"type":"string"}}`, `"x"`, []string{" [not] has a form that is not allowed here"}},
		"branch by discriminator": {shapes, `{"kind":"square","r":1}`, []string{
			"/a [required] is required",
			"/r [additionalProperties] is not a known property",
		}},
		"branch behind a reference": {shapes, `{"kind":"circle","r":"1"}`, []string{"/r [type] must be a number, is a string"}},
		"unknown discriminator":     {shapes, `{"kind":"circel"}`, []string{"/kind [oneOf] must be one of circle, square; did you mean circle?"}},
		"missing discriminator":     {shapes, `{}`, []string{"/kind [required] is required: one of circle, square"}},
		"discriminator of any kind": {shapes, `{"kind":{"a":[]}}`, []string{"/kind [oneOf] must be one of circle, square, is an object"}},
		"no branch takes the type":  {shapes, `[]`, []string{" [oneOf] must be an object, is an array"}},
		"one branch takes the type": {
			`{"anyOf":[{"type":"null"},{"type":"string","maxLength":2}]}`, `"abc"`,
			[]string{" [maxLength] must have at most 2 characters, has 3"},
		},
		"several branches take the type": {`{"anyOf":[{"maxLength":2},{"pattern":"^a"}]}`, `"bcd"`, []string{" [anyOf] fits none of the 2 forms allowed here"}},
		"alternatives":                   {`{"anyOf":[{"required":["Gsid"]},{"required":["a","b"]}]}`, `{}`, []string{" [anyOf] must have Gsid or a and b"}},
		"only one alternative":           {`{"oneOf":[{"required":["a"]},{"required":["b"]}]}`, `{"a":1,"b":1}`, []string{" [oneOf] must have only one of a, b"}},
		"ambiguous":                      {`{"oneOf":[{"maxLength":3},{"maxLength":4}]}`, `"x"`, []string{" [oneOf] fits more than one of the forms allowed here, must fit exactly one"}},
		"allOf and conditions": {
			`{"allOf":[{"required":["a"]},{"required":["a"]}],"if":{"required":["x"]},"then":{"required":["b"]}}`, `{"x":1}`,
			[]string{"/a [required] is required", "/b [required] is required"},
		},
		"order": {
			`{"type":"object","properties":{"records":{"items":{"$ref":"#/$defs/r"}}},"$defs":{"r":{"type":"object","required":["a%b"]}}}`,
			`{"records":[{"a%b":1},{},1,{},1,{},{},{},{},{},{}]}`,
			[]string{
				"/records/1/a%b [required] is required", "/records/2 [type] must be an object, is a number",
				"/records/3/a%b [required] is required", "/records/4 [type] must be an object, is a number",
				"/records/5/a%b [required] is required", "/records/6/a%b [required] is required",
				"/records/7/a%b [required] is required", "/records/8/a%b [required] is required",
				"/records/9/a%b [required] is required", "/records/10/a%b [required] is required",
			},
		},
		"odd names": {`{"properties":{"a~/ %ö":{"type":"string"}}}`, `{"a~/ %ö":1}`, []string{"/a~0~1 %ö [type] must be a string, is a number"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := lines(compile(t, tt.schema).Validate(decode(t, tt.value)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateForeignValue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value any
		want  string
	}{
		"a Go struct":  {struct{}{}, "not valid JSON"},
		"not a number": {math.NaN(), "not valid JSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, `{"type":"integer"}`).Validate(tt.value)
			if len(got) != 1 || !strings.Contains(got[0].Message, tt.want) {
				t.Errorf("violations %v, want one that says %q", got, tt.want)
			}
		})
	}
}

func TestCompileError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, want string }{
		"malformed":        {`{`, "malformed JSON"},
		"remote reference": {`{"$ref":"https://example.com/x.json"}`, `$ref "https://example.com/x.json" leaves the document`},
		"file reference":   {`{"properties":{"a":{"$ref":"other.json"}}}`, `$ref "other.json" leaves the document`},
		"draft as target":  {`{"items":{"$ref":"https://json-schema.org/draft/2020-12/schema"}}`, "leaves the document"},
		"dangling":         {`{"$ref":"#/$defs/x"}`, "not found"},
		"another draft":    {`{"$schema":"http://json-schema.org/draft-07/schema#"}`, "is not supported"},
		"wrong keyword":    {`{"oneOf":[{"const":"a"}],"type":5}`, "compilation failed"},
		"loop":             {`{"$ref":"#"}`, "infinite loop"},
		"not a schema":     {`5`, "compilation failed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.Compile([]byte(tt.document))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestCompileKeepsValuesApart(t *testing.T) {
	t.Parallel()
	// Nothing here is a reference: const, examples and unknown keywords hold
	// values, and a property may be called $ref.
	s := compile(t, `{"const":{"$ref":"x"},"examples":[{"$ref":"x"}],"x-connector":{"$ref":"x"},"properties":{"$ref":{}}}`)
	if got := s.Validate(decode(t, `{"$ref":"x"}`)); got != nil {
		t.Errorf("violations %v, want none", got)
	}
}

func TestCompileReferenceIntoChoices(t *testing.T) {
	t.Parallel()
	s := compile(t, `{"properties":{"a":{"oneOf":[{"const":"x"}]},"b":{"$ref":"#/properties/a/oneOf/0"}}}`)
	want := []string{"/b [const] must be x"}
	if diff := cmp.Diff(want, lines(s.Validate(decode(t, `{"a":"x","b":"y"}`)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const canary = "CANARY-7f3a"

// canaries returns v with every string replaced by a canary and every number
// by another.
func canaries(v any) any {
	switch v := v.(type) {
	case string:
		return canary
	case json.Number:
		return json.Number("86753090001")
	case []any:
		for i := range v {
			v[i] = canaries(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = canaries(v[name])
		}
	}
	return v
}

// FuzzValidate holds that no value panics, that the verdict is that of the
// bare validator, and that no message has a value in it.
func FuzzValidate(f *testing.F) {
	document := `{"$defs":{"shape":` + shapes + `,"status":` + statuses + `},
		"properties":{"type":{"$ref":"#/$defs/status"},"shape":` + strings.ReplaceAll(shapes, "#/$defs/circle", "#/$defs/shape/$defs/circle") + `,
			"list":{"type":"array","minItems":1,"uniqueItems":true,"contains":{"const":"x"},
				"items":{"type":["string","null"],"maxLength":5,"format":"date"}},
			"n":{"type":"integer","minimum":1,"maximum":9,"multipleOf":2},"none":false,"self":{"$ref":"#"},
			"any":{"anyOf":[{"type":"string","pattern":"^a"},{"type":"object","required":["x"]},{"required":["y"]}]}},
		"propertyNames":{"maxLength":8},"dependentRequired":{"n":["list"]},"required":["type"],"additionalProperties":false}`
	s := compile(f, document)
	bare, err := jsonschema.CompileString("urn:bare", document)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"type":"x","shape":{"kind":"square"},"list":["a","a",1],"n":1.5,"none":1,"any":"b"}`, `{"self":{"self":{"any":{}}}}`, `[]`, `{"toolongname":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := schema.Decode(data)
		if err != nil {
			return
		}
		v = canaries(v)
		violations := s.Validate(v)
		if bareErr := bare.Validate(v); violations == nil && bareErr != nil {
			t.Errorf("no violations, but the validator says %v", bareErr)
		}
		for _, violation := range violations {
			if strings.Contains(violation.Message, canary) || strings.Contains(violation.Message, "86753090001") {
				t.Errorf("the message has a value in it: %s", violation.Message)
			}
			if violation.Message == "" {
				t.Errorf("%s has no message", violation.Pointer)
			}
		}
	})
}

// FuzzCompile holds that no document panics, neither when compiled nor when
// values are checked with it.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		shapes, statuses, `{"$ref":"#/examples/0","examples":[5]}`, `{"$dynamicRef":"#x","$defs":{"x":{"$dynamicAnchor":"x"}}}`,
	} {
		f.Add([]byte(seed), []byte(`{"kind":"square","a":[1,"x",null]}`))
	}
	f.Fuzz(func(_ *testing.T, document, data []byte) {
		s, err := schema.Compile(document)
		if err != nil {
			return
		}
		if v, err := schema.Decode(data); err == nil {
			s.Validate(v)
		}
	})
}

// wideSchema is the schema of a record of 100 fields.
func wideSchema() []byte {
	properties := map[string]*schema.Node{}
	for i := range 100 {
		node := &schema.Node{Title: fmt.Sprint("Field ", i), Annotation: &schema.Annotation{Order: i}}
		switch i % 5 {
		case 0:
			node.Type, node.MaxLength = schema.Types{schema.TypeString}, 255
		case 1:
			node.Type = schema.Types{schema.TypeNumber, schema.TypeNull}
		case 2:
			node.Type, node.Format = schema.Types{schema.TypeString}, "date"
		case 3:
			node.Type = schema.Types{schema.TypeBoolean}
		case 4:
			node.Type = schema.Types{schema.TypeString}
			for o := range 8 {
				node.OneOf = append(node.OneOf, schema.Choice{Const: fmt.Sprint("1I00", o), Title: fmt.Sprint("Option ", o)})
			}
		}
		properties[fmt.Sprint("Field_", i, "__gc")] = node
	}
	document, err := schema.Overlay(json.RawMessage(`{"type":"object"}`), "", properties, true)
	if err != nil {
		return nil
	}
	return document
}

func wideRecord() map[string]any {
	record := map[string]any{}
	for i := range 100 {
		record[fmt.Sprint("Field_", i, "__gc")] = []any{"some text", json.Number("12.50"), "2026-12-15", true, "1I005"}[i%5]
	}
	return record
}

func BenchmarkValidate(b *testing.B) {
	document, record := wideSchema(), any(wideRecord())
	b.Run("Validate", func(b *testing.B) {
		s := compile(b, string(document))
		b.ReportAllocs()
		for b.Loop() {
			if v := s.Validate(record); v != nil {
				b.Fatal(v)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		c := jsonschema.NewCompiler()
		c.AssertFormat = true
		if err := c.AddResource("urn:bare", strings.NewReader(string(document))); err != nil {
			b.Fatal(err)
		}
		s, err := c.Compile("urn:bare")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := s.Validate(record); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	document := wideSchema()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.Compile(document); err != nil {
			b.Fatal(err)
		}
	}
}
