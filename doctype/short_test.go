package doctype_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

func lookupField(name string, objects ...string) doctype.Field {
	return doctype.Field{Name: name, DataType: "LOOKUP", Lookup: &doctype.Lookup{Objects: objects}}
}

func TestShortForms(t *testing.T) {
	t.Parallel()
	fields := []doctype.Field{
		lookupField("Approver__gc", "GsUser"),
		lookupField("PartnerId", "company"),
		lookupField("Partner__gc", "company"), // PartnerName is that of PartnerId already
		lookupField("Taken__gc", "gsuser"),
		lookupField("Known__gc", "company"),
		lookupField("Plan__gc", "cta_group"),
		lookupField("Nowhere__gc"),
		{Name: "Text__gc", DataType: "STRING"},
	}
	object := doctype.Object{Fields: append([]doctype.Field{{Name: "takenemail"}}, fields...)}
	want := map[string]doctype.ShortForm{
		"Approver__gc": {Key: "ApproverEmail", Object: "gsuser", Match: "Email"},
		"PartnerId":    {Key: "PartnerName", Object: "company", Match: "Name"},
	}
	got := doctype.ShortForms(object, fields, map[string]bool{"KnownName": true})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestController: the field that controls a dependent picklist is the only one
// that has all values which its options go with.
func TestController(t *testing.T) {
	t.Parallel()
	const country = `{"fieldName":"Country","dataType":"PICKLIST","meta":{"dependentPicklist":"true"},
		"options":[{"value":"de","controllerValues":["eu"]},{"value":"us","controllerValues":["am"]},{"value":"other"}]}`
	const region = `{"fieldName":"Region","dataType":"picklist","options":[{"value":"eu"},{"value":"am"}]}`
	tests := map[string]struct{ fields, want string }{
		"one":     {country + "," + region + `,{"fieldName":"Half","dataType":"PICKLIST","options":[{"value":"eu"}]}`, "Region"},
		"none":    {country, ""},
		"several": {country + "," + region + `,{"fieldName":"Twin","dataType":"PICKLIST","options":[{"value":"eu"},{"value":"am"}]}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects, _, err := doctype.ParseDescribe([]byte(`[{"objectName":"o","fields":[` + tt.fields + `]}]`))
			if err != nil {
				t.Fatal(err)
			}
			if got := objects[0].Fields[0].Controller; got != tt.want {
				t.Errorf("controller %q, want %q", got, tt.want)
			}
			node, _ := doctype.FieldNode(objects[0].Fields[0], doctype.Create)
			if a := node.Annotation; !a.Dependent || a.Controller != tt.want || len(a.Options) != 2 {
				t.Errorf("annotation %+v, want a dependent field with two options that tell what they go with", a)
			}
		})
	}
}

func TestCustom(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		field doctype.Field
		want  bool
	}{
		"by group":         {doctype.Field{Name: "x", Meta: doctype.Meta{Group: "Custom"}}, true},
		"by name":          {doctype.Field{Name: "Stage__gc"}, true},
		"of activities":    {doctype.Field{Name: "Ant__Sentiment__c"}, true},
		"standard":         {doctype.Field{Name: "Ant__x", Meta: doctype.Meta{Group: "STANDARD"}}, false},
		"of another world": {doctype.Field{Name: "Sentiment__c"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.field.Custom(); got != tt.want {
				t.Errorf("custom is %v", got)
			}
		})
	}
}
