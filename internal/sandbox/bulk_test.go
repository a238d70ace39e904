package sandbox_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const bulkPath = "/v3/exports/data/bulk/"

// exporter serves a tenant without limits whose jobs finish at once and whose
// large object is small.
func exporter(t *testing.T, opts sandbox.Options) *client {
	t.Helper()
	opts.Limits = &sandbox.Limits{}
	if opts.ExportRows == 0 {
		opts.ExportRows = 45_000
	}
	if opts.JobPolls == 0 {
		opts.JobPolls = -1
	}
	return newClient(t, sandbox.Acme(), &opts)
}

// export runs a job and returns its rows, header first, and its chunk count.
func export(t *testing.T, c *client, object, query string) (rows [][]string, chunks int) {
	t.Helper()
	url := at(t, c.ok("POST", bulkPath+object, query).body, "data", "statusURL").(string)
	data := at(t, c.ok("GET", "/"+url, "").body, "data").(map[string]any)
	if data["jobStatus"] != "COMPLETED" {
		t.Fatalf("job is %v", data["jobStatus"])
	}
	for i, chunk := range data["chunkDetails"].([]any) {
		got := c.do("GET", "/"+at(t, chunk, "chunkURL").(string), "")
		if got.status != 200 || got.header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Fatalf("chunk %d: %d %s", i, got.status, got.header.Get("Content-Type"))
		}
		part := parseCSV(t, got.text)
		if i > 0 {
			if diff := cmp.Diff(rows[0], part[0]); diff != "" {
				t.Errorf("header of chunk %d:\n%s", i, diff)
			}
			part = part[1:]
		}
		rows = append(rows, part...)
		chunks++
	}
	if total, _ := data["totalRecords"].(json.Number).Int64(); int(total) != max(len(rows)-1, 0) {
		t.Errorf("totalRecords %d, got %d rows", total, len(rows)-1)
	}
	return rows, chunks
}

// whereOne is a where-clause of dialect 1 with one condition. values are JSON.
func whereOne(name, operator, values string) string {
	return `"where":{"conditions":[{"name":"` + name + `","alias":"A","operator":"` + operator +
		`","value":[` + values + `]}],"expression":"A"}`
}

func parseCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// column returns one column of rows without the header.
func columnOf(rows [][]string, i int) []string {
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[i])
	}
	return out
}

func TestExportStates(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		polls   int
		outcome sandbox.JobState
		want    []string
	}{
		"at once": {-1, "", []string{"COMPLETED", "COMPLETED"}},
		"default": {0, "", []string{"SUBMITTED", "IN_PROGRESS", "COMPLETED", "COMPLETED"}},
		"long":    {4, "", []string{"SUBMITTED", "NOT_STARTED", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"}},
		"failed":  {1, sandbox.JobFailed, []string{"SUBMITTED", "FAILED", "FAILED"}},
		"aborted": {1, sandbox.JobAborted, []string{"SUBMITTED", "ABORTED", "ABORTED"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, sandbox.Acme(), &sandbox.Options{
				JobPolls: tt.polls, JobOutcomes: map[string]sandbox.JobState{"company": tt.outcome},
			})
			submitted := c.ok("POST", bulkPath+"Company", `{"select":["Name"]}`)
			checkShape(t, submitted.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "", "data": {"statusURL": ""}, "message": null}`)
			url := at(t, submitted.body, "data", "statusURL").(string)
			for i, want := range tt.want {
				got := c.ok("GET", "/"+url, "")
				sample := `{"jobStatus": ""}`
				if want == "COMPLETED" {
					sample = `{"jobStatus": "", "totalRecords": 1, "chunkDetails": [{"chunkURL": "", "offset": 0, "limit": 20000}]}`
				}
				checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "", "data": `+sample+`, "message": null}`)
				if state := at(t, got.body, "data", "jobStatus"); state != want {
					t.Errorf("poll %d: got %v, want %v", i, state, want)
				}
			}
		})
	}
}

func TestExportForms(t *testing.T) {
	t.Parallel()
	const query = `{"select":["Name"]}`
	submit := func(t *testing.T, forms sandbox.Forms) (*client, map[string]any) {
		t.Helper()
		c := exporter(t, sandbox.Options{Forms: forms})
		return c, at(t, c.ok("POST", bulkPath+"company", query).body, "data").(map[string]any)
	}
	t.Run("key", func(t *testing.T) {
		t.Parallel()
		_, data := submit(t, sandbox.Forms{StatusURLKey: "statusUrl"})
		if len(data) != 1 || data["statusUrl"] == nil {
			t.Errorf("got %v", data)
		}
	})
	for form, prefix := range map[sandbox.URLForm]string{
		sandbox.URLRelative: "v3/exports/", sandbox.URLRooted: "/v3/exports/", sandbox.URLAbsolute: "http://127.0.0.1:",
	} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			c, data := submit(t, sandbox.Forms{URLs: form})
			status := data["statusURL"].(string)
			path := "/" + strings.TrimPrefix(strings.TrimPrefix(status, c.server.URL), "/")
			chunk := at(t, c.ok("GET", path, "").body, "data", "chunkDetails", 0, "chunkURL").(string)
			for _, url := range []string{status, chunk} {
				if !strings.HasPrefix(url, prefix) {
					t.Errorf("got %q", url)
				}
			}
		})
	}
	t.Run("totals at the top", func(t *testing.T) {
		t.Parallel()
		c, data := submit(t, sandbox.Forms{TotalsAtTop: true})
		got := c.ok("GET", "/"+data["statusURL"].(string), "")
		checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
			"data": {"jobStatus": "COMPLETED"}, "message": null,
			"totalRecords": 32, "chunkDetails": [{"chunkURL": "", "offset": 0, "limit": 20000}]}`)
	})
	t.Run("mark and newline", func(t *testing.T) {
		t.Parallel()
		c, data := submit(t, sandbox.Forms{CSVMark: true, CSVNewline: true})
		chunk := at(t, c.ok("GET", "/"+data["statusURL"].(string), "").body, "data", "chunkDetails", 0, "chunkURL").(string)
		if text := c.do("GET", "/"+chunk, "").text; !strings.HasPrefix(text, "\ufeffName\nNorthwind Traders\n") {
			t.Errorf("got %q", text[:30])
		}
	})
	t.Run("milliseconds", func(t *testing.T) {
		t.Parallel()
		c := exporter(t, sandbox.Options{ExportRows: 2, Forms: sandbox.Forms{Dates: sandbox.DatesMillis}})
		rows, _ := export(t, c, "usage__gc", `{"select":["Day__gc"]}`)
		if diff := cmp.Diff([]string{"1704067200000", "1704153600000"}, columnOf(rows, 0)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestExportNothing(t *testing.T) {
	t.Parallel()
	const query = `{"select":["Name"],"where":{"conditions":[{"name":"Name","alias":"A","operator":"EQ","value":["none"]}],"expression":"A"}}`
	t.Run("no chunks", func(t *testing.T) {
		t.Parallel()
		if rows, chunks := export(t, exporter(t, sandbox.Options{}), "company", query); rows != nil || chunks != 0 {
			t.Errorf("got %v in %d chunks", rows, chunks)
		}
	})
	t.Run("header alone", func(t *testing.T) {
		t.Parallel()
		rows, _ := export(t, exporter(t, sandbox.Options{Forms: sandbox.Forms{HeaderOnlyChunk: true}}), "company", query)
		if diff := cmp.Diff([][]string{{"Name"}}, rows); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an object without rows", func(t *testing.T) {
		t.Parallel()
		if rows, _ := export(t, exporter(t, sandbox.Options{ExportRows: -1}), "usage__gc", `{"select":["Gsid"]}`); rows != nil {
			t.Errorf("got %v", rows)
		}
	})
}

func TestExportStored(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	tests := map[string]struct {
		object, query string
		want          [][]string
	}{
		"lookup path, header as asked": {
			"company", `{"select":["name","Csm__gr.name"],"limit":2}`,
			[][]string{{"name", "Csm__gr.name"}, {"Northwind Traders", "Ada Berg"}, {"Aurora Labs", "Ben Costa"}},
		},
		"where": {"company", `{"select":["Name"],` + whereOne("Name", "CONTAINS", `"Harbor"`) + `}`, [][]string{{"Name"}, {"Blue Harbor"}}},
		"where through a lookup": {
			"gsuser", `{"select":["Email"],` + whereOne("Name", "EQ", `"Alex Kim"`) + `}`,
			[][]string{{"Email"}, {"alex.kim@example.com"}, {"alex.kim11@example.com"}},
		},
		"order": {
			"company", `{"select":["Name"],"orderBy":{"Name":"desc"},"limit":2}`, [][]string{{"Name"}, {"Zephyr Mobility"}, {"Yellowtail"}},
		},
		"order of two": {
			"company", `{"select":["Name","Gsid"],"orderBy":{"Name":"asc","Gsid":"desc"},"offset":18,"limit":2}`,
			[][]string{{"Name", "Gsid"}, {"Northwind Traders", gsid("1P02", "acme", 30)}, {"Northwind Traders", gsid("1P02", "acme", 1)}},
		},
		"offset past the end": {"company", `{"select":["Name"],"offset":1000}`, nil},
		"date-time filter, space form": {
			"call_to_action", `{"select":["Gsid"],` + whereOne("CreatedDate", "LTE", `"2024-02-05 07:17:16"`) + `}`,
			[][]string{{"Gsid"}, {gsid("1S01", "acme", 1)}},
		},
		"date-time filter, offset": {
			"call_to_action", `{"select":["Gsid","CreatedDate"],` + whereOne("CreatedDate", "BTW", `"2024-02-05T08:17:16+01:00","2024-02-05T14:17:16.000Z"`) + `}`,
			[][]string{
				{"Gsid", "CreatedDate"},
				{gsid("1S01", "acme", 1), "2024-02-05T07:17:16Z"},
				{gsid("1S01", "acme", 2), "2024-02-05T14:17:16Z"},
			},
		},
		"configuration": {
			"da_picklist", `{"select":["Name","CtaType"],` + whereOne("Category", "EQ", `"CTA_REASON"`) + `,"limit":1}`,
			[][]string{{"Name", "CtaType"}, {"Bugs Risk", "Risk"}},
		},
		"JSON and booleans": {
			"call_to_action", `{"select":["Payload__gc","IsClosed","Comments"],"limit":2}`,
			[][]string{
				{"Payload__gc", "IsClosed", "Comments"},
				{`{"n":0,"tags":["a","b"]}`, "false", "<p>Seen by rule 0.</p>"},
				{`{"n":1,"tags":["a","b"]}`, "false", ""},
			},
		},
		"a single empty value": {
			"company", `{"select":["RenewalDate"],"limit":2,"offset":3}`, [][]string{{"RenewalDate"}, {"2024-04-08"}, {""}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := export(t, c, tt.object, tt.query)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExportSnapshot(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	url := at(t, c.ok("POST", bulkPath+"call_to_action", `{"select":["Name"]}`).body, "data", "statusURL").(string)
	c.ok("PUT", ctaPath, writeBody(map[string]any{"Gsid": gsid("1S01", "acme", 1), "Name": "Changed"}))
	c.ok("POST", ctaPath, writeBody(goodCTA(nil)))
	status := c.ok("GET", "/"+url, "")
	rows := parseCSV(t, c.do("GET", "/"+at(t, status.body, "data", "chunkDetails", 0, "chunkURL").(string), "").text)
	if len(rows) != 61 || rows[1][0] == "Changed" {
		t.Errorf("%d rows, first %v", len(rows), rows[1])
	}
}

func TestExportRefusals(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	tests := map[string]struct{ body, code, text string }{
		"no select":          {`{}`, "GSOBJ_ESS_9104", "select"},
		"empty select":       {`{"select":[]}`, "GSOBJ_ESS_9104", "select"},
		"unknown field":      {`{"select":["Nam"]}`, "GSOBJ_ESS_9150", "Nam"},
		"a label":            {`{"select":["Company Name"]}`, "GSOBJ_ESS_9150", "Company Name"},
		"malformed":          {`{"select":`, "GSOBJ_ESS_9150", "JSON"},
		"select of numbers":  {`{"select":[1]}`, "GSOBJ_ESS_9150", "select"},
		"dialect 2":          {`{"select":["Name"],"where":{"conditions":[{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}],"expression":"A"}}`, "GSOBJ_ESS_9150", "names no field"},
		"linked records":     {`{"select":["Name"],"where":{"conditions":[{"associatedRecord":true,"alias":"A","operator":"INCLUDES","value":["x"]}],"expression":"A"}}`, "GSOBJ_ESS_9150", "names no field"},
		"a day as date-time": {`{"select":["Name"],"where":{"conditions":[{"name":"CreatedDate","alias":"A","operator":"GT","value":["2024-02-05"]}],"expression":"A"}}`, "GSOBJ_ESS_9150", "not a date"},
		"limit zero":         {`{"select":["Name"],"limit":0}`, "GSOBJ_ESS_9150", "limit"},
		"negative offset":    {`{"select":["Name"],"offset":-1}`, "GSOBJ_ESS_9150", "offset"},
		"order of a list":    {`{"select":["Name"],"orderBy":["Name"]}`, "GSOBJ_ESS_9150", "orderBy"},
		"order direction":    {`{"select":["Name"],"orderBy":{"Name":"up"}}`, "GSOBJ_ESS_9150", "asc or desc"},
		"order field":        {`{"select":["Name"],"orderBy":{"Summary":"asc"}}`, "GSOBJ_ESS_9150", "Summary"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.do("POST", bulkPath+"company", tt.body)
			checkRefusal(t, got, 400, tt.code, tt.text)
			checkShape(t, got.body, `{"result": false, "errorCode": "", "errorDesc": "", "requestId": "", "data": null, "message": null}`)
		})
	}
	t.Run("unknown object", func(t *testing.T) {
		t.Parallel()
		checkShape(t, c.do("POST", bulkPath+"nothing", `{"select":["Name"]}`).body, envelopeD)
	})
	url := at(t, c.ok("POST", bulkPath+"company", `{"select":["Name"]}`).body, "data", "statusURL").(string)
	early := "/" + strings.Replace(url, "status", "chunk", 1) + ".0"
	for name, path := range map[string]string{
		"unknown job":          bulkPath + "status/none",
		"unknown chunk":        bulkPath + "chunk/none.0",
		"chunk without number": bulkPath + "chunk/none",
		"chunk before the end": early,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefusal(t, c.do("GET", path, ""), 400, "GSOBJ_1023", "path")
		})
	}
}

func TestExportGenerated(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	columns, _ := json.Marshal(usageColumns)
	rows, chunks := export(t, c, "usage__gc", `{"select":`+string(columns)+`}`)
	if len(rows) != 45_001 || chunks != 3 {
		t.Fatalf("%d rows in %d chunks", len(rows), chunks)
	}
	var seen struct{ comma, quote, newline, umlaut, empty, noScore bool }
	for i, r := range rows[1:] {
		if r[0] != gsid("1Z02", "acme", i+1) || r[1] != strconv.Itoa(i+1) {
			t.Fatalf("row %d: %v", i+1, r)
		}
		note := r[11]
		seen.comma = seen.comma || strings.Contains(note, ",")
		seen.quote = seen.quote || strings.Contains(note, `"`)
		seen.newline = seen.newline || strings.Contains(note, "\n")
		seen.umlaut = seen.umlaut || strings.Contains(note, "ü")
		seen.empty = seen.empty || note == ""
		seen.noScore = seen.noScore || r[8] == ""
	}
	if !seen.comma || !seen.quote || !seen.newline || !seen.umlaut || !seen.empty || !seen.noScore {
		t.Errorf("text lacks variety: %+v", seen)
	}
	again, _ := export(t, exporter(t, sandbox.Options{}), "usage__gc", `{"select":`+string(columns)+`,"offset":20000,"limit":5}`)
	if diff := cmp.Diff(rows[20_001:20_006], again[1:]); diff != "" {
		t.Errorf("not the same every time:\n%s", diff)
	}
}

func TestExportGeneratedQuery(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	span := func(from, to int) []string {
		var out []string
		for i := from; i <= to; i++ {
			out = append(out, strconv.Itoa(i))
		}
		return out
	}
	tests := map[string]struct {
		query string
		want  []string
	}{
		"EQ":            {`,` + whereOne("Row_Number__gc", "EQ", "44000"), span(44000, 44000)},
		"range":         {`,` + whereOne("Row_Number__gc", "GT", `"44990"`), span(44991, 45000)},
		"GSID":          {`,` + whereOne("Gsid", "EQ", `"`+gsid("1Z02", "acme", 3)+`"`), span(3, 3)},
		"IN":            {`,` + whereOne("Row_Number__gc", "IN", "7,5,6,1"), []string{"1", "5", "6", "7"}},
		"cut of spans":  {`,` + whereOne("Row_Number__gc", "IN", "7,5,6,1,40") + `,"offset":2,"limit":2`, []string{"6", "7"}},
		"by company":    {`,` + whereOne("Company__gr.Name", "EQ", `"Aurora Labs"`) + `,"limit":2`, []string{"2", "34"}},
		"by day":        {`,` + whereOne("Day__gc", "EQ", `"2024-01-02"`) + `,"limit":2`, []string{"2", "732"}},
		"sorted":        {`,"orderBy":{"Row_Number__gc":"desc"},"limit":3`, []string{"45000", "44999", "44998"}},
		"sorted, where": {`,` + whereOne("Row_Number__gc", "LTE", "3") + `,"orderBy":{"Company__gr.Name":"asc"}`, []string{"2", "3", "1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, _ := export(t, c, "usage__gc", `{"select":["Row_Number__gc"]`+tt.query+`}`)
			if diff := cmp.Diff(tt.want, columnOf(rows, 0)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExportDefaultSize(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{JobPolls: -1})
	url := at(t, c.ok("POST", bulkPath+"usage__gc", `{"select":["Gsid"]}`).body, "data", "statusURL").(string)
	data := at(t, c.ok("GET", "/"+url, "").body, "data")
	if n := at(t, data, "totalRecords"); n != json.Number("1000000") {
		t.Errorf("totalRecords %v", n)
	}
	chunks := at(t, data, "chunkDetails").([]any)
	if len(chunks) != 50 {
		t.Fatalf("%d chunks", len(chunks))
	}
	last := parseCSV(t, c.do("GET", "/"+at(t, chunks[49], "chunkURL").(string), "").text)
	if len(last) != 20_001 || last[20_000][0] != gsid("1Z02", "acme", 1_000_000) {
		t.Errorf("last chunk: %d rows, ends with %v", len(last), last[len(last)-1])
	}
}

func TestExportFaults(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{})
	url := at(t, c.ok("POST", bulkPath+"usage__gc", `{"select":["Gsid"]}`).body, "data", "statusURL").(string)
	chunk := "/" + at(t, c.ok("GET", "/"+url, "").body, "data", "chunkDetails", 0, "chunkURL").(string)
	c.tenant.Inject(sandbox.Fault{Path: bulkPath + "chunk/", Kind: sandbox.FaultTruncated, Times: 1, Bytes: 1000})
	got, err := c.try("GET", chunk, "")
	if err == nil || len(got.text) != 1000 || got.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("got %d bytes, %v", len(got.text), err)
	}
	if rows := parseCSV(t, c.do("GET", chunk, "").text); len(rows) != 20_001 {
		t.Errorf("afterwards: %d rows", len(rows))
	}
}

// TestExportPathsAgree holds the fast way of writing generated rows to the slow
// one, which filters use: a row found by the values of its export is itself.
func TestExportPathsAgree(t *testing.T) {
	t.Parallel()
	c := exporter(t, sandbox.Options{ExportRows: 40})
	columns, _ := json.Marshal(usageColumns)
	rows, _ := export(t, c, "usage__gc", `{"select":`+string(columns)+`}`)
	for n, r := range rows[1:] {
		conditions := []string{fmt.Sprintf(`{"name":"Row_Number__gc","alias":"R","operator":"EQ","value":[%d]}`, n+1)}
		aliases := []string{"R"}
		for i, v := range r {
			// The standard reader turns CR LF inside a value into LF.
			v = strings.Replace(v, "\nand a break", "\r\nand a break", 1)
			value, _ := json.Marshal(v)
			op, list := "EQ", "["+string(value)+"]"
			if v == "" {
				op, list = "IS_NULL", "[]"
			}
			conditions = append(conditions, fmt.Sprintf(`{"name":%q,"alias":"C%d","operator":%q,"value":%s}`, usageColumns[i], i, op, list))
			aliases = append(aliases, fmt.Sprintf("C%d", i))
		}
		found, _ := export(t, c, "usage__gc", `{"select":["Gsid"],"where":{"conditions":[`+strings.Join(conditions, ",")+`],"expression":"`+strings.Join(aliases, " AND ")+`"}}`)
		if len(found) != 2 {
			t.Errorf("row %d: export and filter differ: %v", n+1, r)
		}
	}
}
