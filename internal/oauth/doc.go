// Package oauth signs a connection in with OAuth 2.0: it finds the tenant's
// authorization server, gets access tokens from it, and keeps the one in force
// for all calls at once.
//
// [Source] serves calls. [Authorization] is the one time that a person signs in
// with a browser. The protocol is that of golang.org/x/oauth2; around it are
// the things that a connector needs: one request for all callers, a clock that
// can be injected, errors for people, and addresses that stay on the tenant's
// host.
package oauth
