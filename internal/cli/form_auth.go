package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

func authForms() []form {
	path := func(to sandbox.TokenPath) func(*sandbox.Forms) { return func(f *sandbox.Forms) { f.TokenPath = to } }
	body := func(to sandbox.MachineBody) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.MachineBody = to }
	}
	return []form{
		switched("no-discovery", "the authorization server describes itself", "it does not", func(f *sandbox.Forms) *bool { return &f.NoDiscovery }),
		{"token-path", []formChoice{
			{"access", "users' tokens come from /v1/users/oauth/access/token", path(sandbox.TokenPathAccess)},
			{"plain", "from /v1/users/oauth/token", path(sandbox.TokenPathPlain)},
			{"either", "from both", path(sandbox.TokenPathEither)},
		}},
		{"machine-body", []formChoice{
			{"either", "a machine's token request is a form or has no body", body(sandbox.MachineBodyEither)},
			{"form", "a form only", body(sandbox.MachineBodyForm)},
			{"none", "no body only", body(sandbox.MachineBodyNone)},
		}},
		switched("pkce-optional", "sign-ins need PKCE", "may do without", func(f *sandbox.Forms) *bool { return &f.PKCEOptional }),
		switched("refresh-kept", "a refresh token is replaced when it is used", "stays in force", func(f *sandbox.Forms) *bool { return &f.RefreshKept }),
		switched("refresh-always", "a refresh token needs the scope offline_access", "is always given",
			func(f *sandbox.Forms) *bool { return &f.RefreshAlways }),
	}
}
