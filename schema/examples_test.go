package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestKeepValidExamples(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, want string }{
		"all fit":  {`{"type":"string","examples":["a","b"]}`, `{"type":"string","examples":["a","b"]}`},
		"one fits": {`{"type":"string","examples":["a",1],"title":"x"}`, `{"type":"string","examples":["a"],"title":"x"}`},
		"none fit": {`{"type":"string","examples":[1]}`, `{"type":"string","examples":[]}`},
		"none":     {`{"type":"string"}`, `{"type":"string"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cache := schema.NewCache(1 << 20)
			got, err := cache.KeepValidExamples(json.RawMessage(tt.document))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cache.Compile(got); err != nil || cache.Compilations() != 1 {
				t.Errorf("%d compilations, %v; want that of the examples to do", cache.Compilations(), err)
			}
			if string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if _, err := schema.NewCache(0).KeepValidExamples(json.RawMessage(`{"type":5}`)); err == nil {
		t.Error("no error for a schema that is none")
	}
}
