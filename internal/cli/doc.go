// Package cli is the command line of the Gainsight connector. Start from
// [Main].
//
// The commands drive the connector as a host would: they launch the binary
// as a child process and talk to it over gRPC. Results go to stdout as JSON,
// everything else to stderr. The exit codes are those of [Main].
package cli
