package gainsight_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestConfigDefaults(t *testing.T) {
	t.Parallel()
	config, err := settings{}.parse("acme.us2")
	if err != nil {
		t.Fatal(err)
	}
	if config.Tenant != "acme" || config.Base.String() != "https://acme.us2.gainsightcloud.com" || config.Timeout != time.Minute ||
		config.Validation != gainsight.ValidationWarn || config.Drift != connector.DriftWarn ||
		config.Auth.AccessKey.Reveal() != accessKey {
		t.Errorf("got %+v", config)
	}
	for _, e := range gainsight.Endpoints() {
		if diff := cmp.Diff(e, config.Endpoint(e.Name)); diff != "" {
			t.Errorf("%s (-default +got):\n%s", e.Name, diff)
		}
		if e.Method == "" || e.Path == "" || e.AuthHeader == "" || e.Evidence == "" {
			t.Errorf("endpoint %+v is not complete", e)
		}
	}
}

func TestConfigOwnSettings(t *testing.T) {
	t.Parallel()
	config, err := settings{
		"timeout_seconds": 1.5, "validation": "strict", "drift": "hold", "objects": map[string]string{"goal": "cs_goal"},
		"endpoints": map[string]any{
			"cta.create":      map[string]any{"method": "put", "path": "/v2/cockpit/cta", "records_per_request": 50},
			"object.describe": map[string]any{"path": "/v2/{objectName}", "query": ""},
			"cta.list":        map[string]any{"page_size": 200, "query": "a=b"},
			"bulk.submit":     map[string]any{"auth_header": "authentication"},
			"goal.update":     map[string]any{"field_names": map[string]string{"dissociation": "remove"}, "method": "post"},
			"task.list":       map[string]any{"form": "object-query"},
			"bulk.status":     map[string]any{"keys": map[string]any{"job_status": []string{"data.state"}}},
		},
	}.parse("acme")
	if err != nil {
		t.Fatal(err)
	}
	if config.Timeout != 1500*time.Millisecond || config.Validation != gainsight.ValidationStrict ||
		config.Drift != connector.DriftHold {
		t.Errorf("got %+v", config)
	}
	if config.Object(gainsight.ObjectGoal) != "cs_goal" {
		t.Errorf("the object is %q", config.Object(gainsight.ObjectGoal))
	}
	want := map[string]gainsight.Endpoint{}
	for _, e := range gainsight.Endpoints() {
		want[e.Name] = e
	}
	change := func(name string, f func(e *gainsight.Endpoint)) {
		e := want[name]
		f(&e)
		want[name] = e
	}
	change("cta.create", func(e *gainsight.Endpoint) { e.Method, e.Path, e.RecordsPerRequest = "PUT", "/v2/cockpit/cta", 50 })
	change("object.describe", func(e *gainsight.Endpoint) { e.Path, e.Query = "/v2/{objectName}", "" })
	change("cta.list", func(e *gainsight.Endpoint) { e.PageSize, e.Query = 200, "a=b" })
	change("bulk.submit", func(e *gainsight.Endpoint) { e.AuthHeader = "authentication" })
	change("goal.update", func(e *gainsight.Endpoint) {
		e.Method, e.OtherMethod, e.FieldNames = "POST", "", map[string]string{"dissociation": "remove"}
	})
	change("task.list", func(e *gainsight.Endpoint) { e.Form = gainsight.TaskFormQuery })
	change("bulk.status", func(e *gainsight.Endpoint) { e.Keys["job_status"] = []string{"data.state"} })
	for name, e := range want {
		if diff := cmp.Diff(e, config.Endpoint(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestConfigViolations: all that is wrong comes back at once, with where it is.
func TestConfigViolations(t *testing.T) {
	t.Parallel()
	config := `{"base_url": "http://acme.gainsightcloud.com", "endpoints": {
		"cta.creat": {},
		"a/b~c": {},
		"dropdown": {"path": "/v1/{category}", "query": "%zz"},
		"object.list": {"path": "/v1/{objectName}", "page_size": 5, "records_per_request": 5, "field_names": {"a": "b"}},
		"success_plan.update": {"field_names": {"referenceId": "ReferenceId"}},
		"bulk.chunk": {"path": "/v3/chunk"},
		"bulk.submit": {"keys": {"status_ur": ["x"]}, "method": 7},
		"bulk.status": {"keys": {"jobstatus": ["x"]}},
		"goal.update": {"form": "post"},
		"task.list": {"form": "object_query"},
		"activity.delete": {"form": "recods", "body_bytes": 7},
		"activity.read": {"form": "records", "order_by": "sent", "lookups": {}, "records_per_request": 7},
		"cta.list": {"body": {"where": {}, "a/b": 1}, "budgets": ["synchronous", "user"]},
		"cta.config": {"body": {"a": 1}, "date_form": "utc"},
		"user.set_status": {"body": {"a": 1}, "lookups": {}},
		"api.request": {"body": {"a": 1}}
	}, "objects": {"gaol": "x"}, "time_zone": "Mars/Olympus", "answers": {"codes": 7},
	"field_types": {"STRING": "STRING", "IMAGE": "STRING"},
	"limits": {"timeline_buk": {}, "users": {"per_hour": "all"}, "longest_wait_seconds": true}}`
	_, err := gainsight.ParseConfig(connector.Settings{
		Config: json.RawMessage(config), Secrets: map[string]connector.Secret{gainsight.AccessKeyPointer: connector.NewSecret(" \n")},
	})
	e := connector.AsError(err)
	if e == nil || e.Reason != connector.ReasonInvalidConnection {
		t.Fatalf("got %v", err)
	}
	got := map[string]string{}
	for _, v := range e.Violations {
		got[v.Pointer] = v.Message
	}
	want := map[string]string{
		"/base_url":                                  "plain http",
		"/auth/access_key":                           "required",
		"/endpoints/cta.creat":                       "cta.create",
		"/endpoints/a~1b~0c":                         "not an endpoint",
		"/endpoints/dropdown/path":                   "{categoryId}",
		"/endpoints/dropdown/query":                  "malformed",
		"/endpoints/object.list/path":                "no",
		"/endpoints/object.list/page_size":           "no pages",
		"/endpoints/object.list/records_per_request": "no records",
		"/endpoints/object.list/field_names":         "no records",
		"/endpoints/bulk.chunk/path":                 "cannot be set",
		"/endpoints/bulk.submit":                     "schema",
		"/endpoints/bulk.status/keys/jobstatus":      "job_status",
		"/endpoints/goal.update/form":                "but one",
		"/endpoints/task.list/form":                  "object-query",
		"/objects/gaol":                              "goal",
		"/endpoints/activity.delete/form":            "records, ids, list, query",
		"/endpoints/activity.delete/body_bytes":      "no limit",
		"/endpoints/activity.read/form":              "but one",
		"/endpoints/cta.list/budgets/1":              "users",
		"/limits/timeline_buk":                       "timeline_bulk",
		"/limits/users":                              "schema",
		"/limits/longest_wait_seconds":               "schema",
		"/endpoints/activity.read/order_by":          "not open",
		"/endpoints/activity.read/lookups":           "no lookups",

		"/endpoints/activity.read/records_per_request": "no records",
		"/endpoints/cta.list/body/where":               "by the connector itself",
		"/endpoints/cta.config/body":                   "no body",
		"/endpoints/cta.config/date_form":              "no point in time",
		"/endpoints/user.set_status/body":              "no JSON object",
		"/endpoints/user.set_status/lookups":           "no lookups",
		"/endpoints/api.request/body":                  "no body",
		"/time_zone":                                   "Europe/Berlin",
		"/field_types/STRING":                          "type itself",
		"/answers":                                     "schema",
	}
	for pointer, part := range want {
		if !strings.Contains(got[pointer], part) {
			t.Errorf("%s: got %q, want something with %q", pointer, got[pointer], part)
		}
		delete(got, pointer)
	}
	if len(got) > 0 {
		t.Errorf("not expected: %v", got)
	}
}

func TestConfigErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"with a line break": accessKey + "\n", "with a null": accessKey + "\x00"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := gainsight.ParseConfig(connector.Settings{
				Config:  json.RawMessage(`{"base_url":"acme"}`),
				Secrets: map[string]connector.Secret{gainsight.AccessKeyPointer: connector.NewSecret(key)},
			})
			e := connector.AsError(err)
			if e == nil || len(e.Violations) != 1 || e.Violations[0].Pointer != gainsight.AccessKeyPointer {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), accessKey) {
				t.Errorf("the error holds the key: %v", err)
			}
		})
	}
	_, err := gainsight.ParseConfig(connector.Settings{Config: json.RawMessage(`[]`)})
	if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonInvalidConnection {
		t.Errorf("settings of another type: got %v", err)
	}
}
