package gainsight

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// Login begins the sign-in of a person with a browser, for a connection of
// [AuthAuthorizationCode] that has no refresh token yet. The answer comes to
// the address redirect.
func Login(ctx context.Context, s connector.Settings, opts Options, redirect string) (*oauth.Authorization, error) {
	config, err := parseConfig(s, true)
	if err != nil {
		return nil, err
	}
	if config.Auth.Kind != AuthAuthorizationCode {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "a connection whose auth.type is %s signs in without a browser", config.Auth.Kind).
			WithHint("To sign in as a person, set auth.type to %s.", AuthAuthorizationCode)
	}
	opts = opts.resolved()
	return oauth.Authorize(ctx, config.oauthConfig(opts.Clock), oauthOptions(opts), redirect)
}
