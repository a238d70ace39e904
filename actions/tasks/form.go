package tasks

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// forms are the ways to ask for the tasks of one CTA, or of all.
type forms struct {
	// cta is the CTA's id. Empty: all tasks.
	cta string
	// key is the field that holds it.
	key string
}

// fetch lists in one of the forms of [gainsight.TaskList].
func (f forms) fetch(ctx context.Context, c *actions.Call, form string) (any, error) {
	if v := f.check(form, c.Input); v != nil {
		return nil, connector.Invalid("the query cannot be sent", []connector.Violation{*v})
	}
	list := f.list(form)
	return list.Fetch(ctx, c)
}

func (f forms) list(form string) *actions.List {
	list := &actions.List{
		Endpoint: gainsight.TaskList, Dialect: gainsight.DialectCockpit,
		Object: object, Adapt: actions.WithID,
	}
	ofCTA := func(map[string]any) map[string]string { return map[string]string{"ctaId": f.cta} }
	switch form {
	case gainsight.TaskFormOfCTA:
		list.Endpoint, list.Path = gainsight.TaskListOfCTA, ofCTA
	case gainsight.TaskFormGet:
		list.Endpoint, list.Path, list.AtOnce = gainsight.TaskListGet, ofCTA, true
	case gainsight.TaskFormQuery:
		list.Endpoint, list.Dialect = gainsight.TaskQuery, gainsight.DialectObject
		list.Adapt = func(q gainsight.Query, input map[string]any) gainsight.Query {
			q = f.narrow(actions.WithID(q, input))
			if len(q.OrderBy) == 0 {
				q.OrderBy = map[string]string{"ModifiedDate": "asc"} // task_playbook.md, the body that ran in production
			}
			return q
		}
	default:
		list.Adapt = func(q gainsight.Query, input map[string]any) gainsight.Query {
			return f.narrow(actions.WithID(q, input))
		}
	}
	return list
}

// check returns what a form cannot say.
func (f forms) check(form string, input map[string]any) *connector.Violation {
	switch {
	case f.cta == "" && (form == gainsight.TaskFormOfCTA || form == gainsight.TaskFormGet):
		return &connector.Violation{Pointer: "/ctaId", Message: "is required by the form " + form + ", which the connection sets for task.list"}
	case form == gainsight.TaskFormGet && input["where"] != nil:
		return &connector.Violation{Pointer: "/where", Message: "cannot be sent in the form " + form + ", which the connection sets for task.list"}
	}
	return nil
}

// narrow adds the condition on the CTA.
func (f forms) narrow(q gainsight.Query) gainsight.Query {
	if f.cta == "" {
		return q
	}
	added := gainsight.Condition{Name: f.key, Operator: "EQ", Value: []any{f.cta}}
	where := gainsight.Where{}
	if q.Where != nil {
		where.Conditions = slices.Clone(q.Where.Conditions)
		where.Expression = q.Where.Expression
	}
	if expression := where.Expression; strings.TrimSpace(expression) != "" {
		added.Alias = freeAlias(where)
		if strings.Contains(strings.ToUpper(expression), "OR") { // brackets are not confirmed; none without need
			expression = "(" + expression + ")"
		}
		where.Expression = fmt.Sprintf("%s AND %s", expression, added.Alias)
	}
	where.Conditions = append(where.Conditions, added)
	q.Where = &where
	return q
}

// freeAlias returns an alias that neither a condition nor the expression has.
func freeAlias(w gainsight.Where) string {
	words := strings.FieldsFunc(w.Expression, func(r rune) bool { return r == '(' || r == ')' || r == ' ' })
	for _, c := range w.Conditions {
		words = append(words, c.Alias)
	}
	for letter := 'Z'; letter >= 'A'; letter-- {
		if !slices.Contains(words, string(letter)) {
			return string(letter)
		}
	}
	return "CTA"
}
