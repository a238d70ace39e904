package bulk_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const typed = `{"objectName":"usage__gc","format":"ndjson","select":[
	"Gsid","Row_Number__gc","Day__gc","Recorded_At__gc","Revenue__gc","Score__gc","Active__gc","Note__gc","Company__gr.Name"]}`

// csvSettings say how the tenant writes CSV.
func csvSettings(own map[string]any) actionstest.Settings {
	if own == nil {
		return nil
	}
	return actionstest.Settings{"endpoints": map[string]any{"bulk.chunk": map[string]any{"csv": own}}}
}

// decodedLines reads NDJSON with numbers as they are written.
func decodedLines(t *testing.T, ndjson string) []map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(ndjson))
	dec.UseNumber()
	var rows []map[string]any
	for {
		var row map[string]any
		err := dec.Decode(&row)
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// TestNDJSON: every cell comes out under the name asked for and with the type
// of its field, the paths through lookups too.
func TestNDJSON(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{ExportRows: 20_500}, nil, actions.Options{})
	got, summary, err := r.export(t.Context(), typed)
	if err != nil || summary.Records != 20_500 || summary.ContentType != "application/x-ndjson" || len(summary.Diagnostics) > 0 {
		t.Fatalf("%+v, %v", summary, err)
	}
	text, _, err := r.export(t.Context(), strings.Replace(typed, `"ndjson"`, `"csv"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := decodedLines(t, got)
	if len(rows) != len(records)-1 {
		t.Fatalf("%d rows of %d", len(rows), len(records)-1)
	}
	for i, row := range rows {
		want := map[string]any{}
		for j, name := range records[0] {
			want[name] = expected(name, records[i+1][j])
		}
		note, _ := row["Note__gc"].(string)
		if row["Note__gc"] != nil {
			row["Note__gc"] = strings.ReplaceAll(note, "\r\n", "\n") // as encoding/csv changes it
		}
		if !reflect.DeepEqual(want, row) { // quicker than to compare with a difference in mind
			t.Fatalf("row %d (-want +got):\n%s", i, cmp.Diff(want, row))
		}
	}
	if !strings.HasPrefix(got, `{"Gsid":"`) || !slices.IsSortedFunc(rows[:100], func(a, b map[string]any) int {
		return len(a["Row_Number__gc"].(json.Number)) - len(b["Row_Number__gc"].(json.Number))
	}) {
		t.Errorf("keys or rows are out of order: %.200s", got)
	}
}

// expected is what a cell of the generated object stands for.
func expected(name, cell string) any {
	switch {
	case cell == "":
		return nil
	case name == "Active__gc":
		return cell == "true"
	case name == "Row_Number__gc", name == "Revenue__gc", name == "Score__gc":
		return json.Number(cell)
	case name == "Recorded_At__gc":
		return strings.TrimSuffix(cell, "Z") + ".000Z"
	}
	return cell
}

// TestNDJSONForms: whatever the form of the tenant's CSV, the rows are the same
// once the connection says what cannot be seen.
func TestNDJSONForms(t *testing.T) {
	t.Parallel()
	plain, _, err := connect(t, sandbox.Options{ExportRows: 100}, nil, actions.Options{}).export(t.Context(), typed)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		forms sandbox.Forms
		csv   map[string]any
	}{
		"byte-order mark": {sandbox.Forms{CSVMark: true}, nil},
		"LF":              {sandbox.Forms{CSVNewline: true}, nil},
		"milliseconds":    {sandbox.Forms{Dates: sandbox.DatesMillis}, nil},
		"month first":     {sandbox.Forms{CSVDates: sandbox.CSVDatesMonthFirst}, map[string]any{"dates": "month-first"}},
		"day first":       {sandbox.Forms{CSVDates: sandbox.CSVDatesDayFirst}, map[string]any{"dates": "day-first"}},
		"semicolons":      {sandbox.Forms{CSVSemicolon: true}, map[string]any{"delimiter": ";"}},
		"no header":       {sandbox.Forms{CSVBare: true}, map[string]any{"header": false}},
		"all of it": {
			sandbox.Forms{CSVSemicolon: true, CSVBare: true, CSVMark: true, CSVNewline: true, CSVDates: sandbox.CSVDatesDayFirst},
			map[string]any{"delimiter": ";", "header": false, "dates": "day-first"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{ExportRows: 100, Forms: tt.forms}, csvSettings(tt.csv), actions.Options{})
			got, summary, err := r.export(t.Context(), typed)
			if err != nil || len(summary.Diagnostics) > 0 {
				t.Fatalf("%+v, %v", summary.Diagnostics, err)
			}
			if diff := cmp.Diff(plain, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for name, tt := range map[string]struct {
		forms sandbox.Forms
		own   actionstest.Settings
	}{
		"times in a zone": {sandbox.Forms{Dates: sandbox.DatesSpaced, Zone: "Etc/GMT+5"}, actionstest.Settings{"time_zone": "Etc/GMT+5"}},
		"dates of all answers": {
			sandbox.Forms{Dates: sandbox.DatesSeconds}, actionstest.Settings{"answers": map[string]any{"dates": "seconds"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{ExportRows: 100, Forms: tt.forms}, tt.own, actions.Options{})
			got, summary, err := r.export(t.Context(), typed)
			if err != nil || len(summary.Diagnostics) > 0 {
				t.Fatalf("%+v, %v", summary.Diagnostics, err)
			}
			if diff := cmp.Diff(plain, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("dates that nobody told of", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{ExportRows: 100, Forms: sandbox.Forms{CSVDates: sandbox.CSVDatesDayFirst}}, nil, actions.Options{})
		_, summary, err := r.export(t.Context(), typed)
		want := []connector.Diagnostic{
			{Severity: connector.SeverityWarning, Pointer: "/select/2", Summary: "100 values of Day__gc do not fit its type and were written as text"},
			{Severity: connector.SeverityWarning, Pointer: "/select/3", Summary: "100 values of Recorded_At__gc do not fit its type and were written as text"},
		}
		if diff := cmp.Diff(want, summary.Diagnostics); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	for name, tt := range map[string]struct {
		forms   sandbox.Forms
		csv     map[string]any
		message string
	}{
		"semicolons that nobody told of": {sandbox.Forms{CSVSemicolon: true}, nil, "has 1 columns where 9 fields were asked for"},
		"a header that nobody told of":   {sandbox.Forms{}, map[string]any{"delimiter": ";"}, "has 1 columns where 9 fields were asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{ExportRows: 100, Forms: tt.forms}, csvSettings(tt.csv), actions.Options{})
			got, _, err := r.export(t.Context(), typed)
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonDownstreamContract) || !strings.Contains(e.Message, tt.message) ||
				!strings.Contains(e.Hint, `endpoints."bulk.chunk".csv`) || got != "" {
				t.Errorf("%q, %+v", got, e)
			}
		})
	}
}

// TestHeaders: columns are found by the names asked for, or else taken in the
// order asked for.
func TestHeaders(t *testing.T) {
	t.Parallel()
	const input = `{"objectName":"company","select":["Name","Gsid"],"format":"ndjson"}`
	row := func(name, gsid string) string { return fmt.Sprintf(`"Name":%q,"Gsid":%q`, name, gsid) }
	tests := map[string]struct {
		chunk, want, message string
	}{
		"as asked":         {"Name,Gsid\nAcme,1\n", "{" + row("Acme", "1") + "}\n", ""},
		"another case":     {"name,GSID\nAcme,1\n", "{" + row("Acme", "1") + "}\n", ""},
		"another order":    {"Gsid,Name\n1,Acme\n", `{"Gsid":"1","Name":"Acme"}` + "\n", ""},
		"labels":           {"Company name,Company id\nAcme,1\n", "{" + row("Acme", "1") + "}\n", ""},
		"half of them":     {"Name,Company id\nAcme,1\n", "", "of the 2 columns of a chunk, 1 are fields that were asked for and 1 are not"},
		"a column too few": {"Name\nAcme\n", "", "a chunk has 1 columns where 2 fields were asked for"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := writes(t, nil, tt.chunk).export(t.Context(), input)
			if tt.message != "" {
				wantError(t, err, connector.ReasonDownstreamContract, tt.message)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// TestCutChunks: what is missing or shifted is never an export.
func TestCutChunks(t *testing.T) {
	t.Parallel()
	const good = "Name,Gsid\nAcme,1\nGlobex,2\n"
	tests := map[string]struct {
		second  string
		message string
	}{
		"within a row":           {"Name,Gsid\nInitech,3\nHool", "chunk 2 of 2: row 2 has 1 cells where 2 are due"},
		"within quotes":          {"Name,Gsid\n\"Initech", "chunk 2 of 2: row 1 ends within a quoted cell"},
		"an unescaped delimiter": {"Name,Gsid\nInitech, Inc.,3\n", "chunk 2 of 2: row 1 has 3 cells where 2 are due"},
		"another header":         {"Gsid,Name\n3,Initech\n", "chunk 2 of 2: the header row is not that of the first part"},
	}
	for name, tt := range tests {
		for _, format := range []string{"csv", "ndjson"} {
			t.Run(name+", "+format, func(t *testing.T) {
				t.Parallel()
				r := writes(t, nil, good, tt.second)
				_, _, err := r.export(t.Context(), fmt.Sprintf(`{"objectName":"company","select":["Name","Gsid"],"format":%q}`, format))
				wantError(t, err, connector.ReasonDownstreamContract, tt.message)
				if err != nil && strings.Contains(err.Error(), "Initech") {
					t.Errorf("the error repeats a value: %v", err)
				}
			})
		}
	}
	t.Run("at the end of a row", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{})
		r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Times: 1, Kind: sandbox.FaultFewerRows})
		_, _, err := r.export(t.Context(), usage)
		wantError(t, err, connector.ReasonDownstreamContract, "where the job's state promises")
	})
	t.Run("at the end of a row, by the total", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
		r := connectTo(t, tenant, &written{tenant, []string{good}, "3"}, nil, actions.Options{})
		_, _, err := r.export(t.Context(), companies2)
		wantError(t, err, connector.ReasonIntegrity, "3 rows but its chunks hold 2")
	})
}

const companies2 = `{"objectName":"company","select":["Name","Gsid"]}`

// TestUnknownTypes: metadata that cannot be had cost the types and not the
// export.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1, ExportRows: 2})
	r := connectTo(t, tenant, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/meta/") {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		tenant.ServeHTTP(w, r)
	}), nil, actions.Options{})
	got, summary, err := r.export(t.Context(), `{"objectName":"usage__gc","select":["Row_Number__gc"],"format":"ndjson"}`)
	if err != nil || got != `{"Row_Number__gc":"1"}`+"\n"+`{"Row_Number__gc":"2"}`+"\n" {
		t.Fatalf("%q, %v", got, err)
	}
	if d := summary.Diagnostics; len(d) != 1 || d[0].Pointer != "/select/0" ||
		!strings.Contains(d[0].Summary, "Row_Number__gc is not known") {
		t.Errorf("diagnostics %+v", d)
	}
}

func TestChunkAsNDJSON(t *testing.T) {
	t.Parallel()
	const chunk = "Name,Arr\nAcme,1.50\nGlobex,much\n"
	tests := map[string]struct{ more, want string }{
		"text":           {"", `{"Name":"Acme","Arr":"1.50"}` + "\n" + `{"Name":"Globex","Arr":"much"}` + "\n"},
		"typed":          {`,"objectName":"company"`, `{"Name":"Acme","Arr":1.50}` + "\n" + `{"Name":"Globex","Arr":"much"}` + "\n"},
		"names as given": {`,"select":["NAME","ARR"]`, `{"NAME":"Acme","ARR":"1.50"}` + "\n" + `{"NAME":"Globex","ARR":"much"}` + "\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := writes(t, nil, chunk)
			var out bytes.Buffer
			summary, err := r.Download(t.Context(), connector.Call{
				Action: "bulk.chunk", Input: json.RawMessage(`{"format":"ndjson","chunkUrl":"` + chunkPath + `0"` + tt.more + `}`),
			}, &out, nil)
			if err != nil || out.String() != tt.want || summary.Records != 2 || (len(summary.Diagnostics) > 0) != (name == "typed") {
				t.Errorf("%s, %+v, %v", out.String(), summary, err)
			}
		})
	}
	t.Run("no names at all", func(t *testing.T) {
		t.Parallel()
		r := writes(t, csvSettings(map[string]any{"header": false}), "Acme,1\n")
		_, err := r.Download(t.Context(), connector.Call{
			Action: "bulk.chunk", Input: json.RawMessage(`{"format":"ndjson","chunkUrl":"` + chunkPath + `0"}`),
		}, io.Discard, nil)
		wantError(t, err, connector.ReasonInvalidInput, "not valid")
		if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/select" {
			t.Errorf("violations %+v", v)
		}
	})
}

// TestNDJSONOptions: options come by their labels, as in a list, whichever of
// its forms a choice of several has.
func TestNDJSONOptions(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	id := func(field, label string) string {
		page, err := r.Options(t.Context(), connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/" + field, PageSize: 100})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(page.Options, func(o connector.Option) bool { return o.Label == label })
		return page.Options[i].Value
	}
	high, email, phone := id("Severity__gc", "High"), id("Channels__gc", "Email"), id("Channels__gc", "Phone")
	chunk := "Severity__gc,Channels__gc\n" + high + "," + email + ";" + phone + "\n" +
		`High,"[""` + email + `"",""other""]"` + "\n" + "1I99,\n"
	got, summary, err := writes(t, nil, chunk).
		export(t.Context(), `{"objectName":"call_to_action","select":["Severity__gc","Channels__gc"],"format":"ndjson"}`)
	want := `{"Severity__gc":"High","Channels__gc":["Email","Phone"]}` + "\n" +
		`{"Severity__gc":"High","Channels__gc":["Email","other"]}` + "\n" + `{"Severity__gc":"1I99","Channels__gc":null}` + "\n"
	if err != nil || len(summary.Diagnostics) > 0 || got != want {
		t.Errorf("%s, %+v, %v, want\n%s", got, summary.Diagnostics, err, want)
	}
}
