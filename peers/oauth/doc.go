// Package oauth holds the connector's sign-in to a server that nobody here
// wrote: the OpenID Provider of github.com/zitadel/oidc. It is a module of its
// own, so that the server weighs on nobody who imports the connector.
package oauth
