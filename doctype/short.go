package doctype

import (
	"strings"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

// ShortForm lets a record name what a lookup field points to by something that
// a person knows, in place of its id.
type ShortForm struct {
	// Key is the name of the short form in a record, e.g. "OwnerEmail".
	Key string
	// Object is the object that is looked in, e.g. "gsuser".
	Object string
	// Match is the field of that object with which Key is compared.
	Match string
}

// shortKeys are the fields by which people know the records of an object.
// Names repeat, so that only where nothing better is known they are it.
func shortKeys() map[string]string {
	return map[string]string{"gsuser": "Email", "company": "Name"}
}

// ShortForms returns, by the field, the short forms of those fields that look
// up users, by e-mail, and companies, by name. The vendor leaves the names of
// the forms free (common.md, section 8.2); they are those of its samples:
// CompanyId has CompanyName, Executive_Sponsor__gc has Executive_SponsorEmail.
// A form that would have the name of a field of o, or of one of the names
// taken, is left out.
func ShortForms(o Object, fields []Field, taken map[string]bool) map[string]ShortForm {
	names := make(map[string]bool, len(o.Fields)+len(taken))
	for _, f := range o.Fields {
		names[strings.ToLower(f.Name)] = true
	}
	for name := range taken {
		names[strings.ToLower(name)] = true
	}
	forms := map[string]ShortForm{}
	for _, f := range fields {
		s, ok := f.shortForm()
		if key := strings.ToLower(s.Key); ok && !names[key] {
			names[key] = true
			forms[f.Name] = s
		}
	}
	return forms
}

func (f Field) shortForm() (ShortForm, bool) {
	if f.DataType != "LOOKUP" || f.Lookup == nil || len(f.Lookup.Objects) == 0 {
		return ShortForm{}, false
	}
	object := strings.ToLower(f.Lookup.Objects[0])
	match, ok := shortKeys()[object]
	base := strings.TrimSuffix(strings.TrimSuffix(f.Name, "__gc"), "Id")
	return ShortForm{Key: base + match, Object: object, Match: match}, ok && base != ""
}

// Node returns the schema of the short form of f.
func (s ShortForm) Node(f Field) *schema.Node {
	node := &schema.Node{
		Title: f.Label + " (e-mail)", Description: "The user's e-mail address, in place of the id.",
		Type: schema.Types{schema.TypeString}, MinLength: 1,
		Annotation: &schema.Annotation{
			Label: f.Label, Control: schema.ControlEmail, Alternatives: []string{f.Name},
			Lookup: &schema.Lookup{Object: s.Object, Field: s.Match},
			Source: &schema.Source{Kind: schema.SourceMetadata, Object: f.Object, Field: f.Name},
		},
	}
	if s.Match == "Name" {
		node.Title, node.Description = f.Label+" (name)", "The company's name, in place of the id. If several have it, one of them is taken."
		node.Annotation.Control = schema.ControlText
	}
	return node
}
