package gainsight_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

const jsonType = "application/json"

// TestDoSucceeds: the forms of a success (common.md, section 4).
func TestDoSucceeds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, data string }{
		"A":                       {`{"result":true,"errorCode":null,"errorDesc":null,"requestId":"r-1","data":{"a":1},"message":null}`, `{"a":1}`},
		"A with a list":           {`{"result":true,"errorCode":null,"errorDesc":null,"requestId":"r-1","data":[1, 2],"message":null}`, `[1, 2]`},
		"A with null":             {`{"result":true,"errorCode":null,"errorDesc":null,"requestId":"r-1","data":null,"message":null}`, ""},
		"B":                       {`{"result":true,"requestId":"r-1","data":"x","localizedErrorDesc":null,"localizedMessage":null}`, `"x"`},
		"C":                       {`{"requestId":"r-1","result":true,"data":[]}`, `[]`},
		"G, result true":          {`{"result":true,"requestId":"r-1","data":{"records":[]}}`, `{"records":[]}`},
		"H, keys beside":          {`{"result":true,"requestId":"r-1","data":[],"pageSize":100,"currentPageNum":1}`, `[]`},
		"no data":                 {`{"result":true,"requestId":"r-1"}`, ""},
		"result as a string":      {`{"result":"true","requestId":"r-1","data":1}`, "1"},
		"request id as a number":  {`{"result":true,"requestId":7,"data":1}`, "1"},
		"text where none is due":  {`{"result":true,"requestId":"r-1","data":1,"errorCode":{},"message":["x"]}`, "1"},
		"space around and a mark": {" \r\n{\"result\":true,\"requestId\":\"r-1\",\"data\":1}\n", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(200, jsonType, tt.body))
			session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
			answer, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
			if err != nil {
				t.Fatal(err)
			}
			if string(answer.Data) != tt.data || (answer.RequestID != "r-1" && answer.RequestID != "7") {
				t.Errorf("got %s, request id %q", answer.Data, answer.RequestID)
			}
			want := connector.Stats{Calls: 1, RequestIDs: []string{answer.RequestID}}
			if diff := cmp.Diff(want, session.Stats(), cmpopts.IgnoreFields(connector.Stats{}, "Budgets")); diff != "" {
				t.Errorf("stats (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDoSendsWhatTheEndpointSays(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(200, jsonType, `{"result":true}`))
	client := connect(t, s.URL+"/gs",
		settings{"endpoints": map[string]any{"cta.create": map[string]any{"auth_header": "authentication", "query": "x=1"}}},
		gainsight.Options{})
	for _, r := range []gainsight.Request{
		{
			Endpoint: gainsight.CTACreate, Effect: connector.EffectUnsafeWrite, Body: map[string]any{"note": "<b>&</b>"},
			Query: map[string][]string{"x": {"2"}, "y": {"a,b c"}},
		},
		{Endpoint: gainsight.CTAConfig, Effect: connector.EffectRead, Query: map[string][]string{"category": {"CTA_TYPE,CTA_REASON"}}},
		{Endpoint: gainsight.ObjectDescribe, Path: map[string]string{"objectName": "a/b c%{}?#"}, Effect: connector.EffectRead},
		{Endpoint: gainsight.BulkStatus, Path: map[string]string{"url": "v3/x?sig=%2F+a,&t"}, Effect: connector.EffectRead},
	} {
		if _, err := client.Session(false).Do(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	accept := "application/json, text/plain, */*"
	head := func(key, contentType string) http.Header {
		h := http.Header{"Accept": {accept}, key: {accessKey}}
		if contentType != "" {
			h.Set("Content-Type", contentType)
		}
		return h
	}
	want := []arrival{
		{"POST", "/gs/v2/cockpit/cta/", "x=2&y=a,b+c", `{"note":"<b>&</b>"}`, head("Authentication", jsonType)},
		{"GET", "/gs/v2/cockpit/admin/picklist/lite", "category=CTA_TYPE,CTA_REASON", "", head("Accesskey", "")},
		{"GET", "/gs/v1/meta/services/objects/a%2Fb%20c%25%7B%7D%3F%23/describe", "cl=0&ic=false&idd=false&ihc=false&piec=false", "", head("Accesskey", "")},
		{"GET", "/gs/v3/x", "sig=%2F+a,&t", "", head("Accesskey", "")},
	}
	got := s.got()
	for i := range got {
		for _, name := range []string{"User-Agent", "Accept-Encoding", "Content-Length"} {
			got[i].Header.Del(name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestDoRefusesAPathThatClimbs(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(200, jsonType, `{"result":true}`))
	session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
	for _, name := range []string{"..", "."} {
		_, err := session.Do(t.Context(), gainsight.Request{
			Endpoint: gainsight.ObjectDescribe, Path: map[string]string{"objectName": name}, Effect: connector.EffectRead,
		})
		if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonInvalidInput {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if n := len(s.got()); n > 0 {
		t.Errorf("%d requests arrived", n)
	}
}

const errorBody = `{"result":false,"errorCode":"%s","errorDesc":"%s","requestId":"r-1","data":null,"message":null}`

// TestDoFails: what the forms of a failure mean. A read that may pass is sent
// three times, an unsafe write once.
func TestDoFails(t *testing.T) {
	t.Parallel()
	page := "<html><body>Sign in</body></html>"
	problem := `{"requestId":"r-1","result":false,"instance":"2021-02-03","title":"OBJECT_NOT_FOUND",` +
		`"detail":"Requested object not found.","errorDesc":"Requested object not found."}`
	gateway := `{"result":false,"errorCode":"GS_APIG_%s","errorDesc":"Refused","requestId":"r-1","message":"Refused"}`
	tests := map[string]struct {
		status  int
		body    string
		want    connector.Error // Reason, Retry, RetryAfter, Downstream; Message is a part
		unknown bool            // for writes
		passing bool
		hint    string
	}{
		"result false with 200": {
			status: 200, body: fmt.Sprintf(errorBody, "COCKPIT_5101", "Invalid fields in select clause - gsidasdf"),
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "COCKPIT_5101 Invalid fields in select clause - gsidasdf"},
		},
		"result false with 400": {
			status: 400, body: fmt.Sprintf(errorBody, "GSOBJ_1012", "Invalid picklist value (Stage = xyz)."),
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "GSOBJ_1012 Invalid picklist value (Stage)."},
		},
		"a value of the request in the text": {
			status: 400, body: fmt.Sprintf(errorBody, "GSOBJ_1001", "Quarterly review is too long"),
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "GSOBJ_1001 [value] is too long"},
		},
		"result true with 400": {
			status: 400, body: `{"result":true,"requestId":"r-1"}`,
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "it gives no reason"},
		},
		"no reason given": {
			status: 200, body: `{"result":false,"requestId":"r-1"}`,
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "it gives no reason"},
		},
		"a title in words": {
			status: 400, body: `{"result":false,"requestId":"r-1","title":"Quarterly review"}`,
			want: connector.Error{Reason: connector.ReasonInvalidInput, Message: "refused the request: [value]"},
		},
		"D at 400": {
			status: 400, body: problem,
			want: connector.Error{Reason: connector.ReasonNotFound, Message: "Requested object not found."},
		},
		"D at 404": {
			status: 404, body: problem,
			want: connector.Error{Reason: connector.ReasonNotFound, Message: "Requested object not found."},
		},
		"D at 200": {
			status: 200, body: problem,
			want: connector.Error{Reason: connector.ReasonNotFound, Message: "Requested object not found."},
		},
		"E": {
			status: 401, body: fmt.Sprintf(gateway, "2401"),
			want: connector.Error{Reason: connector.ReasonAuthFailed, Message: `refused the access key sent in header "accesskey"`},
			hint: "auth_header",
		},
		"E with 200": {
			status: 200, body: fmt.Sprintf(gateway, "2401"),
			want: connector.Error{Reason: connector.ReasonAuthFailed, Message: "tenant acme (127.0.0.1"}, hint: "auth.access_key",
		},
		"address not allowed": {
			status: 403, body: fmt.Sprintf(gateway, "2402"),
			want: connector.Error{Reason: connector.ReasonPermissionDenied, Message: "IP address"}, hint: "IP list",
		},
		"address not allowed, 200": {
			status: 200, body: fmt.Sprintf(gateway, "2402"),
			want: connector.Error{Reason: connector.ReasonPermissionDenied, Message: "IP address"}, hint: "IP list",
		},
		"no route": {
			status: 404, body: fmt.Sprintf(gateway, "1000"),
			want: connector.Error{Reason: connector.ReasonNotFound, Message: "no such path"}, hint: `endpoints."cta.create"`,
		},
		"throttled by the gateway, 429": {
			status: 429, body: fmt.Sprintf(gateway, "2404"),
			want: connector.Error{Reason: connector.ReasonRateLimited, RetryAfter: 18 * time.Second, Message: "call budget of tenant acme"},
		},
		"throttled by the gateway, 200": {
			status: 200, body: fmt.Sprintf(gateway, "2404"),
			want: connector.Error{Reason: connector.ReasonRateLimited, RetryAfter: 18 * time.Second, Message: "call budget"},
		},
		"throttled by a service, 429": {
			status: 429, body: fmt.Sprintf(errorBody, "GU_2400", "Too many request"),
			want: connector.Error{Reason: connector.ReasonRateLimited, RetryAfter: 18 * time.Second, Message: "call budget"},
		},
		"throttled by a service, 200": {
			status: 200, body: fmt.Sprintf(errorBody, "GU_2400", "Too many request"),
			want: connector.Error{Reason: connector.ReasonRateLimited, RetryAfter: 18 * time.Second, Message: "call budget"},
		},
		"throttled without an envelope": {
			status: 429, body: page,
			want: connector.Error{Reason: connector.ReasonRateLimited, RetryAfter: 18 * time.Second, Message: "call budget"},
		},
		"conflict": {
			status: 400, body: fmt.Sprintf(errorBody, "GU_2411", "Duplicate"),
			want: connector.Error{Reason: connector.ReasonConflict, Message: "GU_2411 Duplicate"},
		},
		"server error with a code and 500": {
			status: 500, body: fmt.Sprintf(errorBody, "GSOBJ_1003", "Delete failed"),
			want: connector.Error{Reason: connector.ReasonDownstreamUnavailable, Message: "HTTP 500"}, unknown: true, passing: true,
		},
		"server error with a code and 200": {
			status: 200, body: fmt.Sprintf(errorBody, "GU_1101", "Unexpected"),
			want: connector.Error{Reason: connector.ReasonDownstreamUnavailable, Message: "HTTP 200"}, unknown: true, passing: true,
		},
		"server error of a proxy": {
			status: 502, body: page,
			want: connector.Error{Reason: connector.ReasonDownstreamUnavailable, Message: "HTTP 502"}, unknown: true, passing: true,
		},
		"server error, bare": {
			status: 500, body: "",
			want: connector.Error{Reason: connector.ReasonDownstreamUnavailable, Message: "HTTP 500"}, unknown: true, passing: true,
		},
		"unauthorised by a proxy": {
			status: 401, body: page, want: connector.Error{Reason: connector.ReasonAuthFailed, Message: "access key"}, hint: "access_key",
		},
		"forbidden by a proxy": {
			status: 403, body: page, want: connector.Error{Reason: connector.ReasonPermissionDenied, Message: "it gives no reason"},
		},
		"too large for a proxy": {
			status: 413, body: page, want: connector.Error{Reason: connector.ReasonTooLarge, Message: "it gives no reason"},
		},
		"no such page": {
			status: 404, body: page, want: connector.Error{Reason: connector.ReasonNotFound, Message: "no such path"}, hint: "endpoints",
		},
		"bad request of a proxy": {
			status: 400, body: page,
			want: connector.Error{Reason: connector.ReasonDownstreamContract, Message: "HTTP 400"}, hint: "proxy",
		},
		"a page with 200": {
			status: 200, body: page,
			want: connector.Error{Reason: connector.ReasonDownstreamContract, Message: "33 bytes (HTTP 200) is not one of this API"},
			hint: "proxy", unknown: true,
		},
		"JSON that stops too early": {
			status: 200, body: `{"result":true,"requestId":"r-1","data":[1,2`,
			want: connector.Error{Reason: connector.ReasonDownstreamContract, Message: "not one of this API"}, hint: "proxy", unknown: true,
		},
		"another document": {
			status: 200, body: `{"openapi":"3.0"}`,
			want: connector.Error{Reason: connector.ReasonDownstreamContract, Message: "not one of this API"}, hint: "proxy", unknown: true,
		},
		"a list":  {status: 200, body: `[]`, want: connector.Error{Reason: connector.ReasonDownstreamContract}, hint: "proxy", unknown: true},
		"null":    {status: 200, body: `null`, want: connector.Error{Reason: connector.ReasonDownstreamContract}, hint: "proxy", unknown: true},
		"nothing": {status: 200, body: ``, want: connector.Error{Reason: connector.ReasonDownstreamContract}, hint: "proxy", unknown: true},
		"redirect": {
			status: 302, body: "",
			want: connector.Error{Reason: connector.ReasonDownstreamContract, Message: "redirects"}, hint: "base_url",
		},
	}
	for name, tt := range tests {
		for _, effect := range effects {
			t.Run(name+"/"+string(effect), func(t *testing.T) {
				t.Parallel()
				s := serve(t, answering(tt.status, jsonType, tt.body))
				session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
				_, err := session.Do(t.Context(), request(effect))
				e := connector.AsError(err)
				if e == nil {
					t.Fatal("no error")
				}
				tries := 1
				switch {
				case tt.passing && effect != connector.EffectUnsafeWrite:
					tries = 3
				case tt.want.Reason == connector.ReasonRateLimited:
					tries = 6 // nothing was done, so that waiting and sending again does no harm
				}
				if n, stats := len(s.got()), session.Stats(); n != tries || stats.Calls != tries || stats.Retries != tries-1 {
					t.Errorf("%d requests, %d calls, %d retries; want %d", n, stats.Calls, stats.Retries, tries)
				}
				origin, retry := usual(tt.want.Reason)
				if e.Reason != tt.want.Reason || e.Origin != origin || e.Retry != retry || e.RetryAfter != tt.want.RetryAfter {
					t.Errorf("got %s, %s, %s, %s", e.Reason, e.Origin, e.Retry, e.RetryAfter)
				}
				if want := tt.unknown && effect != connector.EffectRead; e.OutcomeUnknown != want {
					t.Errorf("outcome unknown is %t", e.OutcomeUnknown)
				}
				if !strings.Contains(e.Message, tt.want.Message) || !strings.HasPrefix(e.Message, "POST /v2/cockpit/cta/: ") ||
					!strings.Contains(e.Hint, tt.hint) {
					t.Errorf("got %q, hint %q", e.Message, e.Hint)
				}
				id := ""
				if strings.Contains(tt.body, "r-1") && strings.HasSuffix(tt.body, "}") {
					id = "r-1"
				}
				if e.Downstream.Status != tt.status || e.Downstream.RequestID != id || strings.Contains(e.Downstream.Code, " ") {
					t.Errorf("downstream %+v", e.Downstream)
				}
				if strings.Contains(err.Error()+e.Hint+e.Downstream.Code, "Quarterly") {
					t.Errorf("the error repeats a value: %v", err)
				}
			})
		}
	}
}

// usual returns origin and retry hint of a reason.
func usual(r connector.Reason) (connector.Origin, connector.Retry) {
	e := connector.Errorf(r, "x")
	return e.Origin, e.Retry
}

// TestEmptyResults: a query that found nothing, in the forms that are failures
// (common.md, form G), and what is none.
// TestRefusalComesWithItsAnswer: the data may tell of single records.
func TestRefusalComesWithItsAnswer(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"with status 200": 200, "with status 400": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(status, jsonType, `{"result":false,"errorCode":"GU_2401","requestId":"r-1","data":{"errors":[1]}}`))
			answer, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
			if e := connector.AsError(err); e == nil || e.Downstream.Code != "GU_2401" {
				t.Fatalf("error %v, want one of code GU_2401", err)
			}
			if answer == nil || string(answer.Data) != `{"errors":[1]}` || answer.RequestID != "r-1" {
				t.Errorf("answer %+v, want the data of the refusal", answer)
			}
		})
	}
}

func TestEmptyResults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   bool
	}{
		"by its code":        {400, fmt.Sprintf(errorBody, "GSOBJ_1011", "No entity matches the given criteria"), true},
		"by the placeholder": {200, fmt.Sprintf(errorBody, "GSOBJ_1XXX", "No data found for given criteria"), true},
		"by its text":        {200, fmt.Sprintf(errorBody, "GSOBJ_1234", "No data found for given criteria"), true},
		"another refusal":    {400, fmt.Sprintf(errorBody, "GSOBJ_1001", "Too long"), false},
		"throttled":          {429, fmt.Sprintf(errorBody, "GU_2400", "No data found for given criteria"), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(tt.status, jsonType, tt.body))
			_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectRead))
			if err == nil || gainsight.IsEmptyResult(err) != tt.want || gainsight.IsObjectNotFound(err) {
				t.Errorf("got %v", err)
			}
			if gainsight.IsEmptyResult(nil) || gainsight.IsObjectNotFound(nil) {
				t.Error("no error is an empty result")
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const dayOff = 24*time.Hour + time.Second // it is too long to wait for, and told with the slack of clocks
	for name, tt := range map[string]struct {
		header string
		want   time.Duration
	}{
		"none":           {"", 18 * time.Second},
		"seconds":        {"7", 7 * time.Second},
		"a day at most":  {"86401", dayOff},
		"beyond time":    {"9223372037", dayOff},           // as nanoseconds more than 63 bits have
		"beyond numbers": {"99999999999999999999", dayOff}, // as seconds, too
		"date":           {noon.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second},
		"date far off":   {noon.AddDate(400, 0, 0).Format(http.TimeFormat), dayOff},
		"date gone by":   {noon.Add(-time.Hour).Format(http.TimeFormat), 18 * time.Second},
		"negative":       {"-1", 18 * time.Second},
		"very negative":  {"-99999999999999999999", 18 * time.Second},
		"something else": {"soon", 18 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				answering(429, jsonType, fmt.Sprintf(errorBody, "GU_2400", "Too many request"))(w, r)
			})
			_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectRead))
			if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonRateLimited || e.RetryAfter != tt.want {
				t.Errorf("got %v, retry after %s, want %s", err, e.RetryAfter, tt.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(200, jsonType, `{"result":true,"total":3,"data":{"list":[1],"nothing":null,"in":{"deep":"x"}}}`))
	answer, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectRead))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		paths []string
		want  string
	}{
		"first":                {[]string{"data.list", "total"}, "[1]"},
		"second":               {[]string{"data.lists", "total"}, "3"},
		"null is not there":    {[]string{"data.nothing", "data.in.deep"}, `"x"`},
		"through a scalar":     {[]string{"total.x", "data.list.x"}, ""},
		"none":                 {[]string{"x"}, ""},
		"no paths":             {nil, ""},
		"the whole by no name": {[]string{""}, ""},
	} {
		for part, answer := range map[string]*gainsight.Answer{"answer": answer, "body": {Body: answer.Body}} {
			if got := string(answer.Find(tt.paths)); got != tt.want {
				t.Errorf("%s of the %s: got %q, want %q", name, part, got, tt.want)
			}
		}
	}
}

func TestAnswerTooLarge(t *testing.T) {
	t.Parallel()
	client := connect(t, "acme", nil, gainsight.Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(endless{}), ContentLength: -1}, nil
	})})
	session := client.Session(false)
	_, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
	e := connector.AsError(err)
	if e == nil || e.Reason != connector.ReasonDownstreamContract || !strings.Contains(e.Message, "larger than") || !e.OutcomeUnknown {
		t.Errorf("got %v", err)
	}
	if got := session.Stats().Calls; got != 1 {
		t.Errorf("%d calls", got)
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestWaitsForTheBudget: a throttled request is sent again once the budget has
// started anew, unless the caller's deadline comes first.
func TestWaitsForTheBudget(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 15, 10, 0, 20, 0, time.UTC)
	throttledOnce := func(t *testing.T) *server {
		t.Helper()
		first := true
		return serve(t, func(w http.ResponseWriter, r *http.Request) {
			if first {
				first = false
				answering(429, jsonType, `{"result":false,"errorCode":"GU_2400"}`)(w, r)
				return
			}
			answering(200, jsonType, `{"result":true,"data":{}}`)(w, r)
		})
	}
	var waited []time.Duration
	opts := gainsight.Options{
		Clock: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error {
			waited = append(waited, d)
			return nil
		},
	}
	s := throttledOnce(t)
	if _, err := connect(t, s.URL, nil, opts).Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
		t.Errorf("got %v, want success after waiting", err)
	}
	if len(waited) != 1 || waited[0] != 41*time.Second {
		t.Errorf("waited %v, want until a second into the next clock minute", waited)
	}

	now = time.Now().Add(time.Hour) // the deadline is real, the budget's time is not
	ctx, cancel := context.WithDeadline(t.Context(), now)
	defer cancel()
	s = throttledOnce(t)
	_, err := connect(t, s.URL, nil, opts).Session(false).Do(ctx, request(connector.EffectRead))
	if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonRateLimited || len(waited) != 1 {
		t.Errorf("got %v after waiting %v, want RATE_LIMITED at once", err, waited)
	}
}
