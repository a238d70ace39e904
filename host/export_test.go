package host

import (
	"context"
	"errors"
	"os"
	"time"
)

// KillWithin is [Plugin.Kill] with a time for the stacks that no load can use
// up.
func (p *Plugin) KillWithin(grace time.Duration) { p.launch.proc.abort(grace) }

// LoadCopy is [Load] on a system that has no sealed files.
func LoadCopy(path string, opts *Options) (*Binary, error) {
	o := opts.resolved()
	return load(path, &o, func(string, *os.File) (*os.File, error) { return nil, errors.ErrUnsupported })
}

// LaunchPortably is [Launch] with what every system has: a copy of the file and
// no process groups.
func LaunchPortably(ctx context.Context, path string, opts *Options) (*Plugin, error) {
	b, err := LoadCopy(path, opts)
	if err != nil {
		return nil, err
	}
	p, err := b.launch(ctx, opts, portable{})
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	p.launch.owned = b
	return p, nil
}

// Sealed returns the file that is executed.
func (b *Binary) Sealed() *os.File { return b.sealed }

// DropLease lets go of the process as the sudden end of the host does, and
// returns a channel that is closed once the process is gone.
func (p *Plugin) DropLease() (<-chan struct{}, error) {
	return p.launch.proc.exited, p.launch.proc.lease.Close()
}
