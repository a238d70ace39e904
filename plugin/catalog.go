package plugin

import (
	"context"
	"log/slog"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// catalog is the manifest, asked for once and indexed by action.
type catalog struct {
	load func() (*listing, error)
}

type listing struct {
	message *connectorv1.Manifest
	actions map[string]connector.Action
	ids     []string
}

func newCatalog(c Connector, log *slog.Logger) catalog {
	ctx := (&scope{method: "GetManifest", log: log}).in(context.Background())
	return catalog{load: sync.OnceValues(func() (*listing, error) {
		l := &listing{actions: map[string]connector.Action{}}
		err := protect(ctx, func() error {
			m := c.Manifest()
			l.message = wire.ManifestTo(m)
			for _, a := range m.Actions {
				l.actions[a.ID] = a
				l.ids = append(l.ids, a.ID)
			}
			return nil
		})
		return l, err
	})}
}

func (s *service) getManifest(context.Context, *connectorv1.GetManifestRequest) (*connectorv1.GetManifestResponse, error) {
	l, err := s.catalog.load()
	if err != nil {
		return nil, err
	}
	return &connectorv1.GetManifestResponse{Manifest: l.message}, nil
}

// name returns that of the connector.
func (c catalog) name() string {
	l, err := c.load()
	if err != nil {
		return ""
	}
	return l.message.GetName()
}

// action returns an action of the manifest.
func (c catalog) action(id string) (connector.Action, error) {
	l, err := c.load()
	if err != nil {
		return connector.Action{}, err
	}
	a, ok := l.actions[id]
	if !ok {
		return a, connector.Errorf(connector.ReasonNotFound, "there is no action %q", id).WithHint("%s", nearest.Hint(id, l.ids))
	}
	return a, nil
}

// runs fails unless mode is the way to call a.
func runs(a connector.Action, mode connector.Mode) error {
	if want, has := methodOf(mode), methodOf(a.Mode); has != want {
		return connector.Errorf(connector.ReasonUnsupported, "action %s is not run by %s but by %s", a.ID, want, has)
	}
	return nil
}

// methodOf names the call that runs actions of a mode.
func methodOf(mode connector.Mode) string {
	switch mode {
	case connector.ModeDownload:
		return "Download"
	case connector.ModeUpload:
		return "Upload"
	case connector.ModeExecute:
	}
	return "Execute" // also what is not said
}
