// Package connector is the vocabulary that a connector and a host share: what
// they say to each other, in Go and without protobuf types.
//
// A connector author meets it through package plugin, a platform through
// package host; both ends use the same [Error], [Manifest] and [Secret], so
// that nothing is lost between them. The wire form is proto/connector/v1.
package connector
