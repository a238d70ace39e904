package plugin_test

import (
	"errors"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

func TestGroup(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		f    func() error
		want error
	}{
		"success": {f: func() error { return nil }},
		"error":   {f: func() error { return errClose }, want: errClose},
		"panic":   {f: func() error { boom(); return nil }, want: connector.ReasonPluginPanic},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group, ctx := plugin.NewGroup(t.Context())
			group.SetLimit(1)
			group.Go(tt.f)
			group.Go(func() error { return nil })
			if err := group.Wait(); !errors.Is(err, tt.want) {
				t.Errorf("Wait = %v, want %v", err, tt.want)
			}
			if ctx.Err() == nil {
				t.Error("the group's context goes on after Wait")
			}
		})
	}
}
