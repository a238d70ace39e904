// Package hosttest is the acceptance kit for connectors: some 170 named
// cases that any connector must pass, whoever wrote it and in whatever
// language.
//
// [Check] runs the cases against a [Target]: a connector in this process behind
// real gRPC, or a binary that is launched as a host launches it. [Run] does the
// same as subtests of a Go test:
//
//	func TestAcceptance(t *testing.T) {
//		hosttest.Run(t, hosttest.Connector(acme.New, nil), &hosttest.Options{Profile: profile})
//	}
//
// A case speaks the contract itself, message by message, and trusts neither
// side's library. Many need a tenant: a [Profile] names two, and the kit puts a
// relay of its own before each. There it sees what the connector sends, and can
// make the tenant hang, fail, or lose an answer. What a case needs and does not
// have makes it skipped, never passed, and a skip says why.
//
// The kit holds the settings that it is given to be real: whatever secret they
// hold is looked for in everything that the connector lets out.
package hosttest
