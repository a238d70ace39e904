package host

import (
	"errors"
	"os"
)

// LoadCopy is [Load] on a system that has no sealed files.
func LoadCopy(path string, opts *Options) (*Binary, error) {
	o := opts.resolved()
	return load(path, &o, func(string, *os.File) (*os.File, error) { return nil, errors.ErrUnsupported })
}

// Sealed returns the file that is executed.
func (b *Binary) Sealed() *os.File { return b.sealed }

// DropLease lets go of the process as the sudden end of the host does, and
// returns a channel that is closed once the process is gone.
func (p *Plugin) DropLease() (<-chan struct{}, error) {
	return p.launch.proc.exited, p.launch.proc.lease.Close()
}
