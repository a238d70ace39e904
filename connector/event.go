package connector

// Event is what a connector tells without being asked: a [SchemaChanged] or a
// [SecretRotated].
type Event interface{ event() }

// SchemaChanged says that an action should be described again.
type SchemaChanged struct {
	// Action is its id. Empty: all actions of the connection.
	Action string
}

// SecretRotated hands new secrets to the host, which alone keeps them.
type SecretRotated struct {
	// Secrets are by the JSON Pointer of their place in the settings; those
	// not named stay as they are.
	Secrets map[string]Secret
}

func (SchemaChanged) event() {}
func (SecretRotated) event() {}
