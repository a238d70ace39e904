// Package cli is the command line of the Gainsight connector. Start from
// [Main].
//
// Every command drives the connector as a host would: it launches the binary
// as a child process and talks to it over gRPC. Results go to stdout as JSON,
// everything else to stderr. The exit codes are those of [Main].
package cli
