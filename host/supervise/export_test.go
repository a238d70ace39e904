package supervise

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/host"
)

// StartWith is [Start] with processes that launch makes.
func StartWith(ctx context.Context, opts *Options, launch func(context.Context, *host.Options) (*host.Plugin, error)) (*Supervisor, error) {
	o := opts.resolved()
	return start(ctx, newArtifact(nil), o, func(ctx context.Context, _ *artifact) (*host.Plugin, error) { return launch(ctx, &o.Host) })
}

// UpgradeWith is [Supervisor.Upgrade] to processes that the launcher of
// [StartWith] makes.
func (s *Supervisor) UpgradeWith(ctx context.Context) error {
	next := newArtifact(nil)
	gone, err := s.replaceAll(ctx, next)
	for _, retired := range gone {
		<-retired
	}
	_ = next.drop()
	return err
}

// PID returns the process that calls use now; 0 if there is none.
func (s *Supervisor) PID() int {
	if i := s.shared.current.Load().instance; i != nil {
		return i.plugin.PID()
	}
	return 0
}

// PID returns the process that serves the connection now; 0 if there is none.
func (c *Connection) PID() int {
	if i := c.keeper.current.Load().instance; i != nil {
		return i.plugin.PID()
	}
	return 0
}
