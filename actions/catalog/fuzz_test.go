package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// answering is a transport without a network, fast enough for fuzzing.
type answering struct {
	status int
	body   []byte
	// tenant answers reads in its place. Nil: it does not.
	tenant http.Handler
	waits  int
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.tenant != nil && (r.Method == http.MethodGet || readPath.MatchString(r.URL.Path)) {
		w := httptest.NewRecorder()
		a.tenant.ServeHTTP(w, r)
		return w.Result(), nil
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: -1,
	}, nil
}

// readPath matches the paths that a POST reads from, as far as writes need
// them.
var readPath = regexp.MustCompile(`/meta/|/query/`)

// errTired ends a wait for a job that never ends.
var errTired = errors.New("the job never ends")

func (a *answering) sleep(context.Context, time.Duration) error {
	a.waits++
	if a.waits > 20 {
		return errTired
	}
	return nil
}

// connector returns a connector in this process, whose tenants all are a.
func (a *answering) connector() plugin.Connector {
	return catalog.Connector(actions.Options{Transport: a, Sleep: a.sleep})
}

// open returns a connection that knows nothing of its tenant yet.
func open(tb testing.TB, c plugin.Connector) plugin.Connection {
	tb.Helper()
	conn, err := c.Open(tb.Context(), connector.Settings{
		Tenant: "acme", Config: json.RawMessage(`{"base_url":"https://acme.gainsightcloud.com","auth":{"type":"access_key"}}`),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(sandbox.Acme().AccessKey)},
	}, func(connector.Event) {})
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

// answers are seeds: every form of an answer that the vendor's APIs are known to
// have, and some that they should not have.
func answers() []string {
	return []string{
		`{"result":true,"requestId":"r","data":{"success":[{"a":"1S01"}],"failure":[{"b":"COCKPIT_9700: Missing"}]}}`,
		`{"result":true,"data":{"success":{"a":[{"activityId":"1"}]},"failures":{"b":[{"errorCode":"X_1","message":"y"}]}}}`,
		`{"result":false,"errorCode":"GSOBJ_1012","data":{"count":0,"records":null,"errors":[[{"success":false,"errors":[{"errorCode":"X_1"}]}]]}}`,
		`{"result":true,"data":[{"Gsid":"1S01","DueDate":1707091200000},{"Gsid":"1S02","DueDate":""},null,7,"x",[]]}`,
		`{"result":true,"data":{"records":[{"gsid":"1S01"},{"fields":[]}],"jobStatus":"COMPLETED","chunkDetails":[{"chunkURL":"x"}]}}`,
		`{"result":true,"data":{"CTA_TYPE":[{"name":"Risk","gsid":"1I00","active":false}],"childItems":[{"name":"a","gsid":"b"}]}}`,
		`{"result":true,"data":[{"objectName":"company","fields":[{"fieldName":"Name","dataType":"PICKLIST","options":[{"value":"x"}]}]}]}`,
		`{"result":true,"data":{"jobId":7,"statusURL":"v3/x","jobStatus":"FAILED"}}`, `{"result":true,"data":null}`, `{"result":true,"data":"1X02"}`,
		`{"result":false,"errorCode":"GSOBJ_1XXX","errorDesc":"No data found for given criteria","data":null}`,
		`{"title":"OBJECT_NOT_FOUND","result":false}`, `[]`, `null`, ``, `<html>`, `{"result":true,"data":{"success":2,"errors":{"a":1}}}`,
	}
}

// firstExamples are the smallest inputs of the actions of a kind.
func firstExamples(tb testing.TB, ofKind func(connector.Action) bool) (ids []string, inputs []json.RawMessage) {
	tb.Helper()
	c := catalog.Connector(actions.Options{})
	for _, a := range c.Manifest().Actions {
		if !ofKind(a) || a.Mode != connector.ModeExecute {
			continue
		}
		d, err := c.Describe(tb.Context(), connector.DescribeRequest{Action: a.ID})
		if err != nil {
			tb.Fatal(err)
		}
		var input struct {
			Examples []json.RawMessage `json:"examples"`
		}
		if err := json.Unmarshal(d.Input, &input); err != nil {
			tb.Fatal(err)
		}
		ids, inputs = append(ids, a.ID), append(inputs, input.Examples[0])
	}
	return ids, inputs
}

// envelope is what a test reads of an answer.
type envelope struct {
	Result any             `json:"result"`
	Data   json.RawMessage `json:"data"`
}

func (e envelope) good(status int) bool {
	text, _ := e.Result.(string)
	return status/100 == 2 && (e.Result == true || strings.EqualFold(text, "true"))
}

// FuzzWrites: whatever a tenant answers to a write, there is one result for
// each record, in order; none is a success without a word of it in the answer.
func FuzzWrites(f *testing.F) {
	ids, inputs := firstExamples(f, func(a connector.Action) bool { return a.Effect.Writes() })
	for i, body := range answers() {
		for _, status := range []uint16{200, 400, 503} {
			for which := i % 3; which < len(ids); which += 3 {
				f.Add(uint8(which), status, []byte(body))
			}
		}
	}
	a := &answering{tenant: sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})}
	conn := open(f, a.connector())
	f.Fuzz(func(t *testing.T, which uint8, status uint16, body []byte) {
		id, input := ids[int(which)%len(ids)], twice(t, inputs[int(which)%len(ids)])
		if input == nil {
			return // no records: an export, a path of the API, a job
		}
		a.status, a.body, a.waits = int(status), body, 0
		result, err := conn.Execute(t.Context(), connector.Call{Action: id, Input: input})
		if err != nil {
			if e := connector.AsError(err); e.Reason == "" || e.Reason == connector.ReasonInternal || e.Message == "" {
				t.Fatalf("%s: error %+v", id, e)
			}
			return
		}
		var output struct{ Results []actions.RecordResult }
		if err := json.Unmarshal(result.Output, &output); err != nil {
			t.Fatal(err)
		}
		var said envelope
		_ = json.Unmarshal(body, &said) // anything else says nothing
		for i, r := range output.Results {
			if r.Index != i || r.Status == actions.StatusSucceeded != (r.Error == nil) {
				t.Errorf("%s: result %d is %+v", id, i, r)
			}
			if r.Status == actions.StatusSucceeded && !said.good(int(status)) && !tellsOfSuccess(body) {
				t.Errorf("%s: record %d is a success by the answer %d %s", id, i, status, body)
			}
		}
		if s := result.Records; len(output.Results) != 2 || s.Total != 2 || s.Succeeded+s.Failed+s.Unknown != 2 {
			t.Errorf("%s: results %s", id, result.Output)
		}
	})
}

// successWord matches what a part of an answer is called that tells of records
// that were written; \u may begin the code of any letter in it.
var successWord = regexp.MustCompile(`(?i)success|succeeded|records|\\u|GS_TL_10_0213`)

// tellsOfSuccess reports whether a refusal may tell of records that were
// written, or of one that a deletion before has taken away.
func tellsOfSuccess(body []byte) bool {
	return successWord.Match(body)
}

// twice returns an input with two records, a and b. Nil: it has no records.
func twice(t *testing.T, input json.RawMessage) json.RawMessage {
	t.Helper()
	var in map[string]any
	if err := json.Unmarshal(input, &in); err != nil {
		t.Fatal(err)
	}
	list, _ := in["records"].([]any)
	if len(list) == 0 {
		return nil
	}
	var records []any
	for _, name := range []string{"a", "b"} {
		record := map[string]any{}
		maps.Copy(record, list[0].(map[string]any))
		for _, key := range []string{"ExternalId", "ActivityId", "SFDCUserName", "referenceId"} {
			if _, has := record[key]; has || key == "referenceId" {
				record[key] = name
			}
		}
		records = append(records, record)
	}
	in["records"] = records
	out, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzReads: whatever a tenant answers to a read, or to a question about its
// metadata, nothing breaks, and a list has as many rows as the answer.
func FuzzReads(f *testing.F) {
	ids, inputs := firstExamples(f, func(a connector.Action) bool { return !a.Effect.Writes() })
	for i := range ids {
		for _, body := range answers() {
			f.Add(uint8(i), uint16(200), []byte(body))
		}
	}
	a := &answering{}
	c := a.connector()
	f.Fuzz(func(t *testing.T, which uint8, status uint16, body []byte) {
		id, input := ids[int(which)%len(ids)], inputs[int(which)%len(ids)]
		a.status, a.body, a.waits = int(status), body, 0
		conn := open(t, c)
		result, err := conn.Execute(t.Context(), connector.Call{Action: id, Input: input})
		var output struct{ Records []json.RawMessage }
		switch {
		case err != nil:
			if e := connector.AsError(err); e.Reason == "" || e.Reason == connector.ReasonInternal || e.Message == "" {
				t.Fatalf("%s: error %+v", id, e)
			}
			return
		case json.Unmarshal(result.Output, &output) != nil:
			t.Fatalf("%s: output %s", id, result.Output)
		case !strings.HasSuffix(id, ".list") && id != "activity.read" && id != "activity.list_deleted":
			return
		}
		if want := min(100, rowsOf(body, int(status))); len(output.Records) != want && want < 100 {
			t.Errorf("%s: %d rows of %d in %s", id, len(output.Records), want, body)
		}
	})
}

// rowsOf counts the rows of an answer.
func rowsOf(body []byte, status int) int {
	var said envelope
	if json.Unmarshal(body, &said) != nil || !said.good(status) {
		return 0
	}
	var within struct{ Records json.RawMessage }
	var rows []json.RawMessage
	if json.Unmarshal(said.Data, &within) == nil && len(within.Records) > 0 && string(within.Records) != "null" {
		said.Data = within.Records
	}
	_ = json.Unmarshal(said.Data, &rows) // anything else has no rows
	return len(rows)
}

// FuzzMetadata: whatever a tenant says of itself, schemas and options are there
// or an error that says why.
func FuzzMetadata(f *testing.F) {
	ids, _ := firstExamples(f, func(connector.Action) bool { return true })
	pointers := []string{
		"/records/0/Severity__gc", "/records/0/type", "/select/0", "/objectName", "/records/0/PlaybookId", "/records/0/TypeName",
	}
	for i, body := range answers() {
		for which := i % 3; which < len(ids); which += 3 {
			f.Add(uint8(which), uint8(i), []byte(body))
		}
	}
	a := &answering{}
	c := a.connector()
	f.Fuzz(func(t *testing.T, which, where uint8, body []byte) {
		id, pointer := ids[int(which)%len(ids)], pointers[int(where)%len(pointers)]
		a.status, a.body, a.waits = http.StatusOK, body, 0
		conn := open(t, c)
		errs := []error{}
		_, err := conn.(plugin.Describer).Describe(t.Context(), connector.DescribeRequest{Action: id})
		errs = append(errs, err)
		_, err = conn.(plugin.OptionLister).Options(t.Context(), connector.OptionsRequest{
			Action: id, Pointer: pointer, PageSize: 10,
		})
		errs = append(errs, err)
		_, err = conn.(plugin.Checker).Check(t.Context())
		for _, err := range append(errs, err) {
			if e := connector.AsError(err); e != nil && (e.Reason == "" || e.Reason == connector.ReasonInternal || e.Message == "") {
				t.Errorf("%s: %s", id, fmt.Sprintf("%+v", e))
			}
		}
	})
}
