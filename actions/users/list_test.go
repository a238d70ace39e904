package users_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func sorted(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// column returns one field of all rows.
func column(output map[string]any, field string) []any {
	var values []any
	for _, r := range output["records"].([]any) {
		values = append(values, r.(map[string]any)[field])
	}
	return values
}

func TestListWalksPagesAndResumes(t *testing.T) {
	t.Parallel()
	total := len(sandbox.New(sandbox.Acme(), nil).Users())
	for name, tt := range map[string]struct{ limit, page int }{
		"one page for all":         {1000, 100},
		"pages smaller than limit": {7, 3},
		"a multiple of a page":     {6, 3},
		"limit smaller than page":  {4, 100},
		"one at a time":            {1, 1},
		"all of them":              {total, total},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{"endpoints": map[string]any{
				"user.list": map[string]any{"page_size": tt.page},
			}})
			var names []any
			for cursor := ""; ; {
				_, output := actionstest.Run(t, conn, "user.list",
					fmt.Sprintf(`{"select":["Gsid","Name"],"orderBy":{"Gsid":"desc"},"limit":%d%s}`, tt.limit, cursor))
				ids := column(output, "Gsid")
				if len(ids) > tt.limit {
					t.Fatalf("%d rows for a limit of %d", len(ids), tt.limit)
				}
				names = append(names, ids...)
				next, more := output["nextCursor"].(string)
				if !more {
					break
				}
				cursor = fmt.Sprintf(`,"cursor":%q`, next)
			}
			var want []any
			for n := total; n > 0; n-- {
				want = append(want, userID(n))
			}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms sandbox.Forms
		in    string
		want  []any
	}{
		"a filter":   {sandbox.Forms{}, `{"where":{"conditions":[{"name":"IsActiveUser","operator":"EQ","value":[false]}]}}`, []any{"Mia Rossi"}},
		"no records": {sandbox.Forms{UsersInData: true}, `{"select":["Name"],"orderBy":{"Name":"asc"},"limit":1}`, []any{"Ada Berg"}},
		"two terms": {
			sandbox.Forms{}, `{"where":{"conditions":[{"name":"Email","operator":"EQ","value":["ben.costa@example.com"]},
				{"name":"Manager__gr.Name","operator":"EQ","value":["Ada Berg"]}]}}`, []any{"Ben Costa"},
		},
		"nobody":             {sandbox.Forms{}, `{"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}]}}`, nil},
		"nobody, no result":  {sandbox.Forms{EmptyList: sandbox.EmptyFalse}, `{"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}]}}`, nil},
		"nobody, GSOBJ_1011": {sandbox.Forms{EmptyList: sandbox.EmptyError}, `{"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}]}}`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: tt.forms}), nil)
			_, output := actionstest.Run(t, conn, "user.list", tt.in)
			if diff := cmp.Diff(tt.want, column(output, "Name")); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	for name, tt := range map[string]struct{ in, pointer, message string }{
		"a field that is none": {`{"select":["Emial"]}`, "/select/0", "did you mean Email?"},
		"an order by none":     {`{"orderBy":{"Emial":"asc"}}`, "/orderBy/Emial", "did you mean Email?"},
		"a filter by none": {
			`{"where":{"conditions":[{"name":"IsActive","operator":"EQ","value":[true]}]}}`, "/where/conditions/0/name", "has no field IsActive",
		},
		"a cursor of nobody": {`{"cursor":"abc"}`, "/cursor", "is not one that this action gave out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "user.list", tt.in)
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want INVALID_INPUT", err)
			}
			v := connector.AsError(err).Violations
			if len(v) != 1 || v[0].Pointer != tt.pointer || !strings.Contains(v[0].Message, tt.message) {
				t.Errorf("violations %+v, want %q at %s", v, tt.message, tt.pointer)
			}
		})
	}
}

// TestProposedValues: licences and system types are proposals, since a tenant
// may spell them differently.
func TestProposedValues(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	page, err := conn.Options(t.Context(), connector.OptionsRequest{
		Action: "user.create", Pointer: "/records/0/LicenseType", Query: "viewer", PageSize: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []connector.Option{{Value: "Viewer", Label: "Viewer"}, {Value: "Viewer Analytics", Label: "Viewer Analytics"}}
	if diff := cmp.Diff(want, page.Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	result, _ := actionstest.Run(t, conn, "user.create", input(t, nil, person("sam", map[string]any{"LicenseType": "Viewer_Analytics"})))
	if result.Records.Succeeded != 1 {
		t.Errorf("another spelling is refused: %s", result.Output)
	}
}
