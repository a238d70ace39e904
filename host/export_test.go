package host

// DropLease lets go of the process as the sudden end of the host does, and
// returns a channel that is closed once the process is gone.
func (p *Plugin) DropLease() (<-chan struct{}, error) {
	return p.launch.proc.exited, p.launch.proc.lease.Close()
}
