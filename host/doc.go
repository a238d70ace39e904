// Package host is the runtime that starts connector binaries and calls them.
//
// [Launch] starts a binary and agrees with it on features and limits;
// [Plugin.Open] gives it one tenant's settings and returns a [Connection], on
// which actions run. One process serves many connections. [ReadSettings] reads
// a tenant's settings from a file.
//
// A binary is not trusted to behave. It gets only the environment that it was
// granted, its output is cut into lines of bounded length, no message is larger
// than agreed, and streams are checked byte by byte. Every failed call is a
// [connector.Error]; every failed start is a [LaunchError] that says what the
// binary did instead of starting.
//
// A connector does not outlive its host: it holds one end of a pipe as its
// stdin, and leaves when the host's end is gone, even if the host was killed
// outright.
//
// What is executed is what was hashed, see [Binary]. A connector that crashes
// leaves no image of its memory behind, where the system lets the host or the
// connector itself forbid that.
//
// What this package does not do: it does not restart a process that ended.
// Package supervise does.
package host
