package sandbox

// TokenPath is where users' tokens are asked for (common.md 2.3, conflict).
type TokenPath int

const (
	// TokenPathAccess is /v1/users/oauth/access/token (INFERRED).
	TokenPathAccess TokenPath = iota
	// TokenPathPlain is /v1/users/oauth/token (CODE).
	TokenPathPlain
	// TokenPathEither takes both.
	TokenPathEither
)

// paths are the paths, the one that the metadata name first.
func (p TokenPath) paths() []string {
	switch p {
	case TokenPathPlain:
		return []string{otherTokenPath}
	case TokenPathEither:
		return []string{userTokenPath, otherTokenPath}
	default:
		return []string{userTokenPath}
	}
}

// MachineBody is the body of a machine's token request (common.md 2.2).
type MachineBody int

const (
	// MachineBodyEither takes a form and no body at all (LIVE, both).
	MachineBodyEither MachineBody = iota
	// MachineBodyForm takes a form alone.
	MachineBodyForm
	// MachineBodyNone takes no body alone.
	MachineBodyNone
)
