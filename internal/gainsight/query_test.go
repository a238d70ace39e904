package gainsight_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func condition(name, operator string, values ...any) gainsight.Condition {
	return gainsight.Condition{Name: name, Operator: operator, Value: values}
}

// TestEncode holds what is sent to the vendor's samples.
func TestEncode(t *testing.T) {
	t.Parallel()
	bulkSample := gainsight.Query{
		Select: []string{"Name", "Csm", "Csm__gr.name", "Billing_State__gc", "Industry", "Segment__gc", "Unique_ID__gc"},
		Where: &gainsight.Where{
			Conditions: []gainsight.Condition{condition("Name", "CONTAINS", "Acme"), condition("Csm__gr.name", "CONTAINS", "Sam")},
			Expression: "A OR B",
		},
		OrderBy: map[string]string{"Name": "asc"},
	}
	ctaSample := gainsight.Query{
		Select: []string{"name", "customDate__gc"},
		Where: &gainsight.Where{Conditions: []gainsight.Condition{
			{AssociatedRecord: true, Operator: "INCLUDES", Value: []any{"5002vEXAMPLE", "1Z02EXAMPLERECORD0000000000000000001"}},
			condition("DueDate", "EQ", "2020-04-14"),
		}},
	}
	tests := map[string]struct {
		dialect gainsight.Dialect
		query   gainsight.Query
		page    *gainsight.Page
		want    string
	}{
		"bulk submit (bulk.md, DOC)": {gainsight.DialectObject, bulkSample, &gainsight.Page{Size: 100_000}, `{
			"select": ["Name", "Csm", "Csm__gr.name", "Billing_State__gc", "Industry", "Segment__gc", "Unique_ID__gc"],
			"where": {
				"conditions": [
					{"name": "Name", "alias": "A", "value": ["Acme"], "operator": "CONTAINS"},
					{"name": "Csm__gr.name", "alias": "B", "value": ["Sam"], "operator": "CONTAINS"}
				],
				"expression": "A OR B"
			},
			"orderBy": {"Name": "asc"}, "limit": 100000, "offset": 0
		}`},
		"CTA list (cta.md, DOC2 sample)": {gainsight.DialectCockpit, ctaSample, &gainsight.Page{Size: 100}, `{
			"select": ["name", "customDate__gc"],
			"where": {
				"conditions": [
					{"associatedRecord": true, "value": ["5002vEXAMPLE", "1Z02EXAMPLERECORD0000000000000000001"],
						"alias": "A", "operator": "INCLUDES"},
					{"fieldName": "DueDate", "value": ["2020-04-14"], "alias": "B", "operator": "EQ"}
				],
				"expression": "A AND B"
			},
			"pageSize": 100, "pageNumber": 1
		}`},
		"null test (cta.md, CODE)": {
			gainsight.DialectCockpit,
			gainsight.Query{Where: &gainsight.Where{Conditions: []gainsight.Condition{condition("ModifiedDate", "IS_NULL")}}}, nil,
			`{"where":{"conditions":[{"fieldName":"ModifiedDate","value":[],"alias":"A","operator":"IS_NULL"}],"expression":"A"}}`,
		},
		"third page, objects": {gainsight.DialectObject, gainsight.Query{}, &gainsight.Page{Number: 2, Size: 50}, `{"limit":50,"offset":100}`},
		"third page, Cockpit": {gainsight.DialectCockpit, gainsight.Query{}, &gainsight.Page{Number: 2, Size: 50}, `{"pageSize":50,"pageNumber":3}`},
		"nothing":             {gainsight.DialectObject, gainsight.Query{Where: &gainsight.Where{Expression: "A"}}, nil, `{}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := tt.dialect.Encode(tt.query, tt.page)
			if err != nil {
				t.Fatal(err)
			}
			sent, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			var got, want any
			if err := json.Unmarshal(sent, &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ given, want string }{
		"none given":        {",,", "A,B,C"},
		"all given":         {"x,Y,z1", "x,Y,z1"},
		"clash":             {"B,,,A", "B,C,D,A"},
		"more than letters": {strings.Repeat(",", 53), "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z," + "A1,B1,C1,D1,E1,F1,G1,H1,I1,J1,K1,L1,M1,N1,O1,P1,Q1,R1,S1,T1,U1,V1,W1,X1,Y1,Z1,A2,B2"},
		"clash with A1":     {"A1" + strings.Repeat(",", 27), "A1,A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z,B1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := &gainsight.Where{}
			for alias := range strings.SplitSeq(tt.given, ",") {
				where.Conditions = append(where.Conditions, gainsight.Condition{Name: "Name", Operator: "EQ", Alias: alias})
			}
			body, err := gainsight.DialectObject.Encode(gainsight.Query{Where: where}, nil)
			if err != nil {
				t.Fatal(err)
			}
			sent := body["where"].(map[string]any)
			var got []string
			for _, c := range sent["conditions"].([]map[string]any) {
				got = append(got, c["alias"].(string))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ",")); diff != "" {
				t.Errorf("aliases (-want +got):\n%s", diff)
			}
			if want := strings.ReplaceAll(tt.want, ",", " AND "); sent["expression"] != want {
				t.Errorf("expression %q", sent["expression"])
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	where := func(expression string, aliases ...string) gainsight.Query {
		w := &gainsight.Where{Expression: expression}
		for _, a := range aliases {
			w.Conditions = append(w.Conditions, gainsight.Condition{Name: "Name", Operator: "EQ", Alias: a})
		}
		return gainsight.Query{Where: w}
	}
	tests := map[string]struct {
		dialect gainsight.Dialect
		query   gainsight.Query
		want    map[string]string // pointer to part of the message
	}{
		"unknown alias":        {gainsight.DialectObject, where("A AND X", "", ""), map[string]string{"/where/expression": "the aliases are A, B"}},
		"case of an alias":     {gainsight.DialectObject, where("a", ""), map[string]string{"/where/expression": "the aliases are A"}},
		"bracket missing":      {gainsight.DialectObject, where("(A OR B", "", ""), map[string]string{"/where/expression": "form"}},
		"bracket too many":     {gainsight.DialectObject, where("A) OR (B", "", ""), map[string]string{"/where/expression": "form"}},
		"brackets around none": {gainsight.DialectObject, where("A OR B AND ()", "", ""), map[string]string{"/where/expression": "form"}},
		"two terms in a row":   {gainsight.DialectObject, where("A B", "", ""), map[string]string{"/where/expression": "form"}},
		"term missing":         {gainsight.DialectObject, where("A OR B OR", "", ""), map[string]string{"/where/expression": "form"}},
		"operators in a row":   {gainsight.DialectObject, where("A AND OR B", "", ""), map[string]string{"/where/expression": "form"}},
		"unused":               {gainsight.DialectObject, where("A OR C", "", "", "", ""), map[string]string{"/where/expression": "alias B, D"}},
		"alias twice":          {gainsight.DialectObject, where("", "A", "", "A"), map[string]string{"/where/conditions/2/alias": "condition 0"}},
		"alias of a word": {gainsight.DialectObject, where("", "or"),
			map[string]string{"/where/conditions/0/alias": "word of expressions"}},
		"linked records of an object": {
			gainsight.DialectObject,
			gainsight.Query{Where: &gainsight.Where{Conditions: []gainsight.Condition{{AssociatedRecord: true, Operator: "INCLUDES"}}}},
			map[string]string{"/where/conditions/0/associatedRecord": "Cockpit"},
		},
		"all at once": {
			gainsight.DialectCockpit,
			gainsight.Query{OrderBy: map[string]string{"Name": "asc"}, Where: where("X", "A", "A").Where},
			map[string]string{"/orderBy": "sort", "/where/expression": "aliases", "/where/conditions/1/alias": "repeats"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.dialect.Encode(tt.query, nil)
			e := connector.AsError(err)
			if e == nil || e.Reason != connector.ReasonInvalidInput || len(e.Violations) != len(tt.want) {
				t.Fatalf("got %v", err)
			}
			for _, v := range e.Violations {
				if part, ok := tt.want[v.Pointer]; !ok || !strings.Contains(v.Message, part) {
					t.Errorf("got %s: %s", v.Pointer, v.Message)
				}
			}
		})
	}
}

func TestExpressionsThatPass(t *testing.T) {
	t.Parallel()
	for expression, aliases := range map[string]int{
		"A": 1, "(A)": 1, "A AND B": 2, "A or B": 2, "A AND (B OR C)": 3, "((A) OR (B AND C))": 3, "A AND(B)OR C": 3, " A OR  A ": 1, "": 4,
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			w := &gainsight.Where{Expression: expression, Conditions: make([]gainsight.Condition, aliases)}
			body, err := gainsight.DialectObject.Encode(gainsight.Query{Where: w}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := body["where"].(map[string]any)["expression"]; expression != "" && got != expression {
				t.Errorf("sent %q", got)
			}
		})
	}
}

// FuzzExpression: what passes has brackets that match, no words but aliases
// and operators, and as many terms as operators and one.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"A", "A AND (B OR C)", "(A", "A)(", "A B", "and", "()", "A OR A", " \t"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, expression string, conditions int) {
		n := 1 + (conditions&0x7fffffff)%30
		w := &gainsight.Where{Expression: expression, Conditions: make([]gainsight.Condition, n)}
		if _, err := gainsight.DialectObject.Encode(gainsight.Query{Where: w}, nil); err != nil {
			if e := connector.AsError(err); e.Reason != connector.ReasonInvalidInput || len(e.Violations) != 1 {
				t.Fatalf("got %+v", e)
			}
			return
		}
		if strings.TrimSpace(expression) == "" {
			return
		}
		terms, operators := 0, 0
		for word := range strings.FieldsSeq(strings.NewReplacer("(", " ", ")", " ").Replace(expression)) {
			if strings.EqualFold(word, "and") || strings.EqualFold(word, "or") {
				operators++
			} else {
				terms++
			}
		}
		if terms != operators+1 || terms < n || strings.Count(expression, "(") != strings.Count(expression, ")") {
			t.Fatalf("%q passed with %d conditions", expression, n)
		}
	})
}

func TestQueryParts(t *testing.T) {
	t.Parallel()
	q := gainsight.Query{
		Select: []string{"Name", "Gsid"}, OrderBy: map[string]string{"Name": "asc", "Age": "desc"},
		Where: &gainsight.Where{Conditions: []gainsight.Condition{
			condition("Stage", "IN", "New", "Won"), condition("Age", "GT", 3), {AssociatedRecord: true, Value: []any{"x"}},
		}},
	}
	if diff := cmp.Diff([]string{"Age", "Gsid", "Name", "Stage"}, q.Fields()); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if got := fmt.Sprint(q.Private()); got != "[[New Won] [3] [x]]" {
		t.Errorf("private: %s", got)
	}
	if got := (gainsight.Query{}).Private(); got != nil {
		t.Errorf("private of nothing: %v", got)
	}
}
