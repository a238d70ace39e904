package plugin_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Neither secrets nor values of records get into the log, whatever its level
// and however the calls end.
func TestLogHoldsNoData(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3a"
	log := &page{}
	var emit func(connector.Event)
	r := dial(t, author{open: func(_ context.Context, s connector.Settings, e func(connector.Event)) (plugin.Connection, error) {
		emit = e
		return &conn{
			execute: func(ctx context.Context, call connector.Call) (connector.Result, error) {
				plugin.Logger(ctx).WarnContext(ctx, "settings", slog.Any("secrets", s.Secrets))
				if call.DryRun {
					panic(call.Input) //nolint:forbidigo // what is tested
				}
				return connector.Result{Output: call.Input}, nil
			},
		}, nil
	}}, &plugin.Options{Logger: log.logger()})
	r.shake(t, connector.Limits{InlineBytes: 1000})
	opened, err := r.OpenConnection(t.Context(), wire.SettingsTo(connector.Settings{
		Tenant: "acme", Config: []byte(`{"note":"` + canary + `"}`), Secrets: map[string]connector.Secret{"/key": connector.NewSecret(canary)},
	}))
	if err != nil {
		t.Fatal(err)
	}
	call := &connectorv1.CallContext{Handle: opened.GetHandle(), RequestId: "req-1"}
	emit(secrets("/key=" + canary))
	inputs := [][]byte{[]byte(canary), []byte(strings.Repeat(canary, 1000))}
	for _, input := range inputs {
		for _, dryRun := range []bool{false, true} {
			_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.put", Input: input, DryRun: dryRun})
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error holds data: %v", err)
			}
		}
	}
	lines := log.String()
	if strings.Contains(lines, canary) {
		t.Errorf("the log holds data:\n%s", lines)
	}
	for _, want := range []string{
		`"request_id":"req-1"`, `"action":"echo.put"`, `"tenant":"acme"`, "call succeeded", "TOO_LARGE", "PLUGIN_PANIC",
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("the log lacks %s:\n%s", want, lines)
		}
	}
	if strings.Contains(lines, opened.GetHandle()) {
		t.Error("the log holds a handle, which opens a tenant to whoever reads it")
	}
}
