package hosttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// Profile is what the kit is told of a connector beyond its manifest. The zero
// value runs the cases that need no tenant.
type Profile struct {
	// Tenants are connections; the first two serve. They should lead to two
	// tenants that may be written to, such as simulated ones.
	Tenants []Tenant
	// Address is the JSON Pointer of the string in the settings that is the
	// tenant's address, with a scheme. The connector must accept http:// and a
	// loopback address there, for that is where the kit's relay is. Empty: there
	// is none, and the cases that need a relay are skipped.
	Address string
	// Read is the id of the action that cases use to read something. Empty: the
	// first of the manifest that reads and has a sample. If the tenants have
	// marks, its output must hold them.
	Read string
	// Samples are inputs by action id. An action without an entry has the
	// examples of its input schema as samples.
	Samples map[string][]Sample
	// Omit says of an action why it has no samples, e.g. that its input is the
	// id of a job that runs.
	Omit map[string]string
	// Skip says of a case, by its id, why it does not apply.
	Skip map[string]string
}

// Tenant is one connection.
type Tenant struct {
	// Settings are what the connection is opened with.
	Settings connector.Settings
	// Mark is a text that is in the output of [Profile.Read] for this tenant
	// and for no other. Empty: none is known.
	Mark string
}

// Sample is one input of an action.
type Sample struct {
	// Input fits the action's input schema.
	Input json.RawMessage `json:"input"`
	// Content is what an action of mode upload is given. Without it such an
	// action has no sample.
	Content string `json:"content,omitempty"`
	// ContentType is the media type of Content.
	ContentType string `json:"contentType,omitempty"`
}

// Static returns p for [Options.Profile].
func Static(p Profile) func(connector.Manifest) (Profile, error) {
	return func(connector.Manifest) (Profile, error) { return p, nil }
}

// fits returns an error that names all that p says of what there is not: actions
// that are not in the manifest, cases, and an address that the settings lack. A
// misspelt name would keep cases from running without a word.
func (p Profile) fits(m connector.Manifest) error {
	var ids, actions []string
	for _, c := range Cases() {
		ids = append(ids, c.ID())
	}
	for _, a := range m.Actions {
		actions = append(actions, a.ID)
	}
	var wrong []connector.Violation
	if len(actions) > 0 { // else the connector does not tell them, which is for the cases to say
		if p.Read != "" {
			wrong = append(wrong, strangers("/read", "action", actions, p.Read)...)
		}
		wrong = append(wrong, strangers("/samples/", "action", actions, slices.Sorted(maps.Keys(p.Samples))...)...)
		wrong = append(wrong, strangers("/omit/", "action", actions, slices.Sorted(maps.Keys(p.Omit))...)...)
	}
	wrong = append(wrong, strangers("/skip/", "case", ids, slices.Sorted(maps.Keys(p.Skip))...)...)
	if wrong = append(wrong, p.unaddressed()...); len(wrong) > 0 {
		return connector.Invalid("the profile does not fit the connector", wrong)
	}
	return nil
}

// strangers are the violations for names that are not known. A place that ends
// with a slash is an object with the names as keys.
func strangers(place, kind string, known []string, names ...string) []connector.Violation {
	var wrong []connector.Violation
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		pointer := place
		if strings.HasSuffix(place, "/") {
			pointer += jsonpointer.Token(name)
		}
		wrong = append(wrong, unlike(pointer, fmt.Sprintf("there is no %s %q", kind, name), name, known))
	}
	return wrong
}

// unaddressed is the violation for an address that settings do not have.
func (p Profile) unaddressed() []connector.Violation {
	if p.Address == "" {
		return nil
	}
	for _, tenant := range p.Tenants {
		if _, err := at(tenant.Settings.Config, p.Address); err != nil {
			message := fmt.Sprintf("the settings of %q have no string at %s", tenant.Settings.Tenant, p.Address)
			return []connector.Violation{unlike("/address", message, p.Address, texts(tenant.Settings.Config))}
		}
	}
	return nil
}

// unlike is a violation that offers what may have been meant.
func unlike(pointer, message, name string, known []string) connector.Violation {
	if hint := nearest.Hint(name, known); hint != "" {
		message += "; " + hint
	}
	return connector.Violation{Pointer: pointer, Message: message}
}

// texts returns the pointers of the strings in a JSON object and the objects in it.
func texts(doc []byte) []string {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(doc, &object) // what is no object has none
	var pointers []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		pointer := "/" + jsonpointer.Token(name)
		if strings.HasPrefix(string(object[name]), `"`) {
			pointers = append(pointers, pointer)
		}
		for _, inner := range texts(object[name]) {
			pointers = append(pointers, pointer+inner)
		}
	}
	return pointers
}
