// Package gainsight is the HTTP client of the Gainsight CS (NXT) API: it knows
// where an operation lives, how a tenant is addressed and signed in to, what
// an answer looks like and which error it means. It does not know what the
// operations are for; package actions does.
//
// Start with [New], which turns a connection's settings into a [Client], and
// [Client.Session], which is one call's view of it.
//
// What is not documented by the vendor is a default here, marked with its
// evidence, and a connection can override it: see [Endpoints].
package gainsight
