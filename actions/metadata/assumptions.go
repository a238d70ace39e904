package metadata

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// Assumptions returns what the actions take for granted (open questions 39 to
// 42 and 49).
func Assumptions() []probe.Assumption {
	const assumed = "metadata"
	typed := probe.Each(gainsight.ObjectDescribeMany, "form", gainsight.FlagFormTyped, gainsight.FlagFormStrings)
	typedList := probe.Each(gainsight.ObjectListFiltered, "form", gainsight.FlagFormTyped, gainsight.FlagFormStrings)
	return []probe.Assumption{
		probe.Path(assumed, "object.list", gainsight.ObjectList, probe.Get(gainsight.ObjectList, nil)),
		{
			ID: "object.describe.query", Title: "A describe with these flags holds the fields of an object", Group: assumed,
			Operation: "object.describe", Evidence: connector.EvidenceObserved,
			Current: func(c gainsight.Config) string { return c.Endpoint(gainsight.ObjectDescribe).Query },
			Try: func(ctx context.Context, b *probe.Bench) probe.Outcome {
				_, o := probe.Described(ctx, b)
				return o
			},
			// Flags that other clients send (data_management.md, LIVE).
			Others: probe.Each(gainsight.ObjectDescribe, "query", "ci=mda&idd=true", "ic=true&idd=true", "idd=true", ""),
		},
		probe.Path(assumed, "object.describe_many", gainsight.ObjectDescribeMany, describeOne),
		probe.Accepts("object.describe_many.form", "Flags of a describe are taken as they are written", assumed, "object.describe_many",
			probe.Form(gainsight.ObjectDescribeMany), describeOne, typed...),
		probe.Path(assumed, "object.list_filtered", gainsight.ObjectListFiltered, listAll),
		probe.Accepts("object.list_filtered.form", "Flags of the list of objects are taken as they are written", assumed, "object.list_filtered",
			probe.Form(gainsight.ObjectListFiltered), listAll, typedList...),
		{
			ID: "field_types", Title: "All data types in the metadata are known", Group: assumed, Operation: "object.describe",
			Evidence: connector.EvidenceObserved, Try: knownTypes,
		},
	}
}

// describeOne is Post Describe OMD for the object of the bench.
func describeOne(b *probe.Bench) (gainsight.Request, error) {
	body := flags(b.Config().Endpoint(gainsight.ObjectDescribeMany))
	body["objectNames"] = []string{b.Object()}
	return gainsight.Request{Endpoint: gainsight.ObjectDescribeMany, Effect: connector.EffectRead, Body: body}, nil
}

// listAll is Post Lite API Call OMD.
func listAll(b *probe.Bench) (gainsight.Request, error) {
	return gainsight.Request{
		Endpoint: gainsight.ObjectListFiltered, Effect: connector.EffectRead,
		Body: flags(b.Config().Endpoint(gainsight.ObjectListFiltered)),
	}, nil
}

// knownTypes looks for data types that are treated as text because nothing is
// known of them. That a type whose name says so is a number is a guess, which
// the person who takes the setting over makes.
func knownTypes(ctx context.Context, b *probe.Bench) probe.Outcome {
	object, o := probe.Described(ctx, b)
	if o.Result != probe.Works {
		return probe.Outcome{Result: probe.Unclear, Observed: o.Observed}
	}
	var unknown []string
	for _, f := range object.Fields {
		f.DataType = b.Config().FieldType(f.DataType)
		if _, remarks := doctype.FieldNode(f, doctype.Create); len(remarks) > 0 && !slices.Contains(unknown, f.DataType) {
			unknown = append(unknown, f.DataType)
		}
	}
	if len(unknown) == 0 {
		known := fmt.Sprintf("the %d fields of %s have known types", len(object.Fields), object.Name)
		return probe.Outcome{Result: probe.Works, Observed: known}
	}
	o = probe.Outcome{Result: probe.Fails, Observed: "not known are " + strings.Join(unknown, ", ")}
	for _, name := range unknown {
		o.Mends = append(o.Mends, probe.Set("/field_types/"+jsonpointer.Token(name), guess(name)))
	}
	return o
}

// guess returns the type that a name suggests; text if none.
func guess(name string) string {
	for _, g := range []struct{ word, known string }{
		{"DEC", "NUMBER"}, {"NUM", "NUMBER"}, {"FLOAT", "NUMBER"}, {"INT", "INTEGER"}, {"BOOL", "BOOLEAN"},
		{"TIME", "DATETIME"}, {"DATE", "DATE"}, {"RICH", "RICHTEXTAREA"}, {"MAIL", "EMAIL"},
	} {
		if strings.Contains(strings.ToUpper(name), g.word) {
			return g.known
		}
	}
	return "STRING"
}
