package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// session is a connector's process with its catalog and, if a command needs
// one, a connection.
type session struct {
	plugin   *host.Plugin
	manifest connector.Manifest
	conn     *host.Connection
	settings connector.Settings // of conn
}

// action returns the catalog's entry.
func (s *session) action(id string) (connector.Action, error) {
	ids := make([]string, len(s.manifest.Actions))
	for i, a := range s.manifest.Actions {
		if a.ID == id {
			return a, nil
		}
		ids[i] = a.ID
	}
	hint := cmp.Or(nearest.Hint(id, ids), programName+" catalog lists them")
	return connector.Action{}, connector.Errorf(connector.ReasonNotFound, "there is no action %q", id).WithHint("%s", hint)
}

// pluginFlags are those of the commands that start a connector's process.
func (a *app) pluginFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	a.log.flags(flags)
	flags.StringVar(&a.plugin, "plugin", "", "drive the connector binary at `PATH` instead of this one")
}

// withPlugin does work with a connector's process, which is ended afterwards.
func (a *app) withPlugin(ctx context.Context, work func(*session) error) error {
	return a.withEvents(ctx, nil, work)
}

// withEvents is [app.withPlugin] with somebody who takes the connector's events;
// all of them have been taken when it returns.
func (a *app) withEvents(
	ctx context.Context, events func(*host.Connection, connector.Event), work func(*session) error,
) (err error) {
	p, err := a.launch(ctx, events)
	if err != nil {
		return err
	}
	defer func() { //nolint:contextcheck // closing has its own deadline
		if closeErr := p.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("ending the connector's process: %w", closeErr)
		}
	}()
	manifest, err := p.Manifest(ctx)
	if err != nil {
		return err
	}
	return work(&session{plugin: p, manifest: manifest})
}

// withConnection does work on the connection that a file describes.
func (a *app) withConnection(ctx context.Context, file string, work func(*session) error) error {
	if err := readable("connection", file); err != nil {
		return err
	}
	k := &keeper{file: file}
	err := a.withEvents(ctx, k.take, func(s *session) error {
		settings, remarks, err := host.ReadSettings(file, s.manifest)
		if err != nil {
			return k.unsigned(err)
		}
		a.remark(remarks...)
		s.settings = settings
		if s.conn, err = s.plugin.Open(ctx, settings); err != nil {
			return k.unsigned(err)
		}
		return work(s)
	})
	a.remark(k.remarks...)
	return err
}

// startTimeout bounds the start of a connector: whoever waits can interrupt it,
// and a build machine may be very busy.
const startTimeout = time.Minute

func (a *app) launch(ctx context.Context, events func(*host.Connection, connector.Event)) (*host.Plugin, error) {
	path := a.plugin
	if path == "" {
		var err error
		if path, err = a.executable(); err != nil {
			return nil, fmt.Errorf("find the path of this program: %w", err)
		}
	}
	return host.Launch(ctx, path, &host.Options{
		Name: programName, Version: catalog.Version, Env: granted(), Logger: a.log.logger(a.stderr, a.json), Events: events,
		StartTimeout: startTimeout,
	})
}

// granted names the variables of the environment that a connector gets: those
// by which a machine says how to reach the outside.
func granted() []string {
	return []string{
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "SystemRoot",
	}
}
