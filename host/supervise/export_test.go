package supervise

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/host"
)

// StartWith is [Start] with processes that launch makes. It is told of an
// upgrade by the number of binaries so far.
func StartWith(ctx context.Context, opts *Options, launch func(context.Context, *host.Options) (*host.Plugin, error)) (*Supervisor, error) {
	o := opts.resolved()
	return start(ctx, newArtifact(nil), o, launching(o, launch))
}

func launching(o *Options, launch func(context.Context, *host.Options) (*host.Plugin, error)) launcher {
	return func(ctx context.Context, from *artifact) (*instance, error) {
		p, err := launch(ctx, &o.Host)
		if err != nil {
			return nil, err
		}
		return newInstance(ctx, p, from)
	}
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
