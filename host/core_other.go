//go:build !linux

package host

// forbidCore does nothing: here a limit can be set by the process itself only,
// as package plugin does.
func forbidCore(int) {}
