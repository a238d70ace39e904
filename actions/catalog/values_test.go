package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// dateForm is a form in which a tenant may give dates and what is chosen from
// lists, and what a connection has to say of it.
type dateForm struct {
	forms    sandbox.Forms
	settings string
}

func dateForms() map[string]dateForm {
	const zone = "Etc/GMT+5" // none of its hours comes twice
	told := func(form string) string { return fmt.Sprintf(`{"answers":{"dates":%q},"time_zone":%q}`, form, zone) }
	return map[string]dateForm{
		"ISO":            {settings: `{}`},
		"milliseconds":   {sandbox.Forms{Dates: sandbox.DatesMillis, MultiSelectList: true}, `{}`},
		"spaced":         {sandbox.Forms{Dates: sandbox.DatesSpaced, BlankDates: true, DueDateTime: true}, `{}`},
		"spaced in zone": {sandbox.Forms{Dates: sandbox.DatesSpaced, Zone: zone}, fmt.Sprintf(`{"time_zone":%q}`, zone)},
		"seconds":        {sandbox.Forms{Dates: sandbox.DatesSeconds}, told("seconds")},
		"a day first":    {sandbox.Forms{Dates: sandbox.DatesDayFirst, Zone: zone}, told("day-first")},
		"a month first":  {sandbox.Forms{Dates: sandbox.DatesMonthFirst, Zone: zone}, told("month-first")},
	}
}

// TestReadsHaveOneShape: whatever form a tenant gives values in, a flow sees
// the same rows, and they are what the tenant's output schema says.
func TestReadsHaveOneShape(t *testing.T) {
	t.Parallel()
	reads := map[string]string{
		"cta.list": `{"select":["name","CreatedDate","customdate__gc","Channels__gc","Severity__gc","Customer_Visible__gc",
			"Escalated_At__gc","OwnerId__gr.CreatedDate"],"limit":40}`,
		"success_plan.list": `{"select":["Name","DueDate","CreatedDate","CompanyId__gr.CreatedDate"],"limit":5}`,
		"goal.list":         `{"select":["Name","DueDate","CreatedDate","cf_picklist__gc","Focus_Areas__gc","Reviewed_At__gc"],"limit":30}`,
		"task.list":         `{"select":["Name","DueDate","CreatedDate"],"limit":5}`,
		"activity.read": `{"select":["Subject","ActivityDate","CreatedDate","Ant__Sentiment__c","Ant__Channels__c",
			"AuthorId__gr.CreatedDate"],"orderBy":{"ExternalId":"asc"},"limit":25}`,
		"user.list": `{"select":["Name","CreatedDate","IsActiveUser"],"limit":5}`,
	}
	want := map[string]any{}
	p := actionstest.Host(t)
	plain := connected(t, p, sandbox.New(sandbox.Acme(), nil), `{}`)
	for action, input := range reads {
		_, output := actionstest.Run(t, plain, action, input)
		want[action] = output["records"]
	}
	for name, form := range dateForms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connected(t, p, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: form.forms}), form.settings)
			for action, input := range reads {
				description, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action})
				if err != nil {
					t.Fatal(err)
				}
				result, output := actionstest.Run(t, conn, action, input)
				validate(t, description.Output, result.Output)
				if diff := cmp.Diff(want[action], output["records"]); diff != "" {
					t.Errorf("%s: rows (-ISO +%s):\n%s", action, name, diff)
				}
				if len(result.Diagnostics) > 0 {
					t.Errorf("%s: diagnostics %v", action, result.Diagnostics)
				}
			}
		})
	}
}

// TestReadsWithoutMetadata: what cannot be decoded comes as it is, with a
// remark.
func TestReadsWithoutMetadata(t *testing.T) {
	t.Parallel()
	forms := sandbox.Forms{Dates: sandbox.DatesMillis, GoalObjectHidden: true}
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms}), nil)
	result, output := actionstest.Run(t, conn, "goal.list", `{"select":["DueDate"],"limit":1}`)
	row, _ := output["records"].([]any)[0].(map[string]any)
	if _, ok := row["DueDate"].(float64); !ok {
		t.Errorf("row %v, want milliseconds", row)
	}
	if d := result.Diagnostics; len(d) != 1 || !strings.Contains(d[0].Summary, "the tenant's own form") {
		t.Errorf("diagnostics %v, want one on the form of values", d)
	}
}

// TestValuesSurvive is a property: what a schema accepts for a field of any
// type is what a list gives back.
func TestValuesSurvive(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	for name, form := range dateForms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := &sandbox.Options{Forms: form.forms, Limits: &sandbox.Limits{}}
			conn := connected(t, p, sandbox.New(sandbox.Acme(), opts), form.settings)
			g := generator{rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same values every time
			fields := writable(t, conn)
			var records, want []map[string]any
			for i := range 40 {
				record, read := g.record(fields)
				record["Name"] = "Survivor " + strconv.Itoa(100+i)
				read["Name"] = record["Name"]
				records, want = append(records, record), append(want, read)
			}
			input := actionstest.Input(t, records...)
			description, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
			if err != nil {
				t.Fatal(err)
			}
			validate(t, description.Input, withIDs(t, input, fields))
			if result, _ := actionstest.Run(t, conn, "cta.create", input); result.Records.Succeeded != len(records) {
				t.Fatalf("not all were written: %s", result.Output)
			}
			if diff := cmp.Diff(want, survivors(t, conn, fields)); diff != "" {
				t.Errorf("values (-written +read):\n%s", diff)
			}
		})
	}
}

// withIDs returns an input with the ids of options in place of their labels,
// which the connector takes and the schema does not list.
func withIDs(t *testing.T, input string, fields []doctype.Field) json.RawMessage {
	t.Helper()
	var in struct {
		Records []map[string]any `json:"records"`
	}
	dec := json.NewDecoder(strings.NewReader(input))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		t.Fatal(err)
	}
	encoder := doctype.NewEncoder(fields)
	for _, r := range in.Records {
		encoder.Record(r)
	}
	return json.RawMessage(actionstest.Input(t, in.Records...))
}

// writable returns the custom fields of a CTA that a record may set, but for
// picklists that depend on others.
func writable(t *testing.T, conn *host.Connection) []doctype.Field {
	t.Helper()
	result, _ := actionstest.Run(t, conn, "object.describe", `{"objectName":"call_to_action"}`)
	var output struct {
		Records json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(result.Output, &output); err != nil {
		t.Fatal(err)
	}
	objects, _, err := doctype.ParseDescribe(output.Records)
	if err != nil || len(objects) == 0 {
		t.Fatal(objects, err)
	}
	var fields []doctype.Field
	types := map[string]bool{}
	for _, f := range doctype.Writable(objects[0], doctype.Create) {
		if f.Group == "CUSTOM" && !f.DependentPicklist {
			fields, types[f.DataType] = append(fields, f), true
		}
	}
	for _, want := range []string{
		"STRING", "RICHTEXTAREA", "BOOLEAN", "NUMBER", "PERCENTAGE", "CURRENCY", "DATE", "DATETIME", "GSID", "SFDCID", "EMAIL", "URL",
		"LOOKUP", "PICKLIST", "MULTISELECTDROPDOWNLIST", "JSON", "JSONSTRING", "JSONNUMBER", "JSONBOOLEAN", "GEOPOINT",
	} {
		if !types[want] {
			t.Errorf("no field of type %s is tried", want)
		}
	}
	return fields
}

// survivors reads the records back, numbers as they are written.
func survivors(t *testing.T, conn *host.Connection, fields []doctype.Field) []map[string]any {
	t.Helper()
	selected := []string{"Name"}
	for _, f := range fields {
		selected = append(selected, f.Name)
	}
	query, err := json.Marshal(map[string]any{"select": selected, "limit": 1000, "where": map[string]any{
		"conditions": []any{map[string]any{"name": "Name", "operator": "STARTS_WITH", "value": []any{"Survivor "}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	result, _ := actionstest.Run(t, conn, "cta.list", string(query))
	var output struct {
		Records []map[string]any `json:"records"`
	}
	dec := json.NewDecoder(bytes.NewReader(result.Output))
	dec.UseNumber()
	if err := dec.Decode(&output); err != nil {
		t.Fatal(err)
	}
	for _, row := range output.Records {
		for name := range row { // a list of CTAs gives more than it is asked for
			if !slices.Contains(selected, name) {
				delete(row, name)
			}
		}
	}
	return output.Records
}

// generator makes values.
type generator struct{ *rand.Rand }

// record returns a record, and what of it a list shows.
func (g generator) record(fields []doctype.Field) (record, read map[string]any) {
	record = map[string]any{
		"CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High",
	}
	read = map[string]any{}
	for _, f := range fields {
		if g.IntN(5) > 0 {
			record[f.Name], read[f.Name] = g.value(f)
		}
	}
	return record, read
}

// pick returns one of some.
func (g generator) pick(some ...string) string { return some[g.IntN(len(some))] }

// value returns a value for a field in the form of the input, and in that of
// the output.
func (g generator) value(f doctype.Field) (in, out any) {
	same := func(v any) (any, any) { return v, v }
	switch f.DataType {
	case "BOOLEAN", "JSONBOOLEAN":
		return same(g.IntN(2) == 0)
	case "NUMBER", "PERCENTAGE", "CURRENCY", "JSONNUMBER":
		return same(json.Number(g.pick("9007199254740993", "0.10", "-1.50", "1E+2", "0", "123456789012345678901234567890.5")))
	case "DATE":
		return same(g.moment().Format("2006-01-02"))
	case "DATETIME":
		at := g.moment()
		zone := time.FixedZone("", (g.IntN(27)-12)*3600)
		return at.In(zone).Format("2006-01-02T15:04:05.999Z07:00"), at.Format("2006-01-02T15:04:05.000Z")
	case "PICKLIST":
		return g.option(f)
	case "MULTISELECTDROPDOWNLIST":
		var ids, labels []any
		for range 1 + g.IntN(2) {
			if id, label := g.option(f); !slices.Contains(labels, label) {
				ids, labels = append(ids, id), append(labels, label)
			}
		}
		return ids, labels
	case "JSON":
		return same(map[string]any{"a": []any{json.Number("1.0"), nil, "<b>"}})
	}
	return same(g.text(f))
}

// moment is a second, and not one of the first years from 1970: some forms of
// dates have no more than seconds, and numbers of few digits pass for no date.
func (g generator) moment() time.Time {
	return time.Unix(g.Int64N(4_000_000_000)+100_000_000, 0).UTC()
}

// option returns the id or the label of an active option, and the label.
func (g generator) option(f doctype.Field) (any, any) {
	active := slices.DeleteFunc(slices.Clone(f.Options), func(o doctype.Option) bool { return !o.Active })
	o := active[g.IntN(len(active))]
	return g.pick(o.Value, o.Label), o.Label
}

func (g generator) text(f doctype.Field) string {
	n := g.IntN(1000)
	switch f.DataType {
	case "GSID":
		return fmt.Sprintf("1Z02%032d", n)
	case "SFDCID":
		return fmt.Sprintf("%015d", n)
	case "EMAIL":
		return fmt.Sprintf("user%d@example.com", n)
	case "URL":
		return fmt.Sprintf("https://example.com/%d?a=b&c=d", n)
	case "LOOKUP":
		kind := map[string]string{"gsuser": "1P01", "company": "1P02"}[f.Lookup.Objects[0]]
		return fmt.Sprintf("%sACME0000000000%018d", kind, 1+g.IntN(3))
	case "RICHTEXTAREA":
		return g.pick("<p>R&amp;D</p>", "<ul><li>\u2028 &lt; \\ \"</li></ul>", " ")
	}
	return g.pick("plain", "2026-12-15", "true", "1;2", "\u00fc\U0001f600 \t\n\"\\", "null", "<b>&</b>", " 007 ")
}
