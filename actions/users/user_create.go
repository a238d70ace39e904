package users

import (
	_ "embed"
	"net/url"
	"strconv"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed user_create.json
var userCreateDocument []byte

// userCreate is Create Users. It is not repeated after a lost answer: what the
// tenant says to a user name that exists is known for updates only (GU_2411).
func userCreate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "user.create", Title: "Create Users", Group: group,
			Summary:          "Creates users, internal or external, with licence and permission bundles.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: writeLimits(),
		},
		Document: userCreateDocument,
		Doctype:  doctypeOf(doctype.Create, fieldName),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.UserCreate, Body: body, Query: notify, Outcomes: outcomes,
			Resolvers: resolvers(), Check: checkCreate, Hint: hint(lookFirst),
		},
	}
}

// notify asks for the welcome mail, or against it. Without the option the
// endpoint's own query holds.
func notify(b actions.Batch) url.Values {
	if send, given := optionsOf(b.Input)["notify"].(bool); given {
		return url.Values{"notify": {strconv.FormatBool(send)}}
	}
	return nil
}
