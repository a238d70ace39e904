package doctype_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
)

// TestPoolSharesByContent: two tenants whose object is the same have one copy
// of its fields.
func TestPoolSharesByContent(t *testing.T) {
	t.Parallel()
	pool := &doctype.Pool{}
	var caches []*doctype.Cache // a copy lives as long as somebody has it
	fields := func(label string) []doctype.Field {
		t.Helper()
		c := doctype.NewCache(func(context.Context, string) (doctype.Object, []connector.Diagnostic, error) {
			return doctype.Object{Name: "o", Fields: []doctype.Field{{Name: "F", Label: label}}}, nil, nil
		}, pool, memo.Options{})
		caches = append(caches, c)
		s, err := c.Object(t.Context(), "o")
		if err != nil {
			t.Fatal(err)
		}
		return s.Object.Fields
	}
	first, same, other := fields("A"), fields("A"), fields("B")
	if &first[0] != &same[0] {
		t.Error("the same metadata are there twice")
	}
	runtime.KeepAlive(caches)
	if &first[0] == &other[0] || other[0].Label != "B" {
		t.Error("different metadata are shared")
	}
}
