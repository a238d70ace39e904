package gainsight

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Query is a list request in the connector's one grammar, which is the
// vendor's words: select, where, orderBy.
type Query struct {
	// Select names the fields.
	Select []string `json:"select,omitempty"`
	// Where restricts the rows. Nil: all rows.
	Where *Where `json:"where,omitempty"`
	// OrderBy sorts by fields, "asc" or "desc" each.
	OrderBy map[string]string `json:"orderBy,omitempty"`
}

// Where is a set of conditions and how they combine.
type Where struct {
	// Conditions are the conditions.
	Conditions []Condition `json:"conditions"`
	// Expression combines the aliases of the conditions with AND, OR and
	// brackets. Empty: all must hold.
	Expression string `json:"expression,omitempty"`
}

// Condition compares one field.
type Condition struct {
	// Name is the field. Empty only with AssociatedRecord.
	Name string `json:"name,omitempty"`
	// AssociatedRecord compares the ids of linked records instead of a field;
	// Cockpit lists only (cta.md, DOC2 sample).
	AssociatedRecord bool `json:"associatedRecord,omitempty"`
	// Operator is the vendor's, e.g. "EQ".
	Operator string `json:"operator"`
	// Value holds the operands; empty for the null tests.
	Value []any `json:"value,omitempty"`
	// Alias stands for the condition in the expression. Empty: the next free
	// letter.
	Alias string `json:"alias,omitempty"`
}

// Dialect is one of the ways in which the vendor's APIs spell a query
// (common.md, section 7).
type Dialect int

// The dialects in use.
const (
	// DialectObject is dialect 1: object queries and bulk exports; conditions
	// by "name", paging by limit and offset.
	DialectObject Dialect = iota + 1
	// DialectCockpit is dialect 2: CTA lists; conditions by "fieldName",
	// paging by pageSize and 1-based pageNumber, no order.
	DialectCockpit
	// DialectUsers is dialect 3: the list of users; conditions by "name",
	// paging by limit and 0-based page.
	DialectUsers
)

// Page is a part of a list.
type Page struct {
	// Number counts pages of Size rows from 0.
	Number int
	// Size is the number of rows in a page.
	Size int
}

// Encode writes a query in a dialect, ready to be marshalled. page is nil for
// a bulk export, which has no pages. Conditions without an alias get one, and
// an expression is always sent with conditions because the vendor asks for it.
// A query that the dialect cannot say is a [connector.ReasonInvalidInput]
// error with pointers into the query.
func (d Dialect) Encode(q Query, page *Page) (map[string]any, error) {
	body := map[string]any{}
	if len(q.Select) > 0 {
		body["select"] = q.Select
	}
	where, violations := d.where(q.Where)
	if where != nil {
		body["where"] = where
	}
	if len(q.OrderBy) > 0 {
		if d == DialectCockpit {
			violations = append(violations, connector.Violation{
				Pointer: "/orderBy", Message: "is not known to this operation of the vendor; sort after the call",
			})
		}
		body["orderBy"] = q.OrderBy
	}
	if len(violations) > 0 {
		return nil, connector.Invalid("the query cannot be sent", violations)
	}
	if page != nil {
		d.page(body, *page)
	}
	return body, nil
}

func (d Dialect) page(body map[string]any, page Page) {
	switch d {
	case DialectCockpit:
		body["pageSize"], body["pageNumber"] = page.Size, page.Number+1
	case DialectObject:
		body["limit"], body["offset"] = page.Size, page.Number*page.Size
	case DialectUsers:
		body["limit"], body["page"] = page.Size, page.Number
	}
}

// where writes the conditions; nil if there are none.
func (d Dialect) where(w *Where) (map[string]any, []connector.Violation) {
	if w == nil || len(w.Conditions) == 0 {
		return nil, nil
	}
	aliases, violations := w.aliases()
	conditions := make([]map[string]any, len(w.Conditions))
	for i, c := range w.Conditions {
		value := c.Value
		if value == nil {
			value = []any{}
		}
		out := map[string]any{"alias": aliases[i], "operator": c.Operator, "value": value}
		switch {
		case !c.AssociatedRecord && d == DialectCockpit:
			out["fieldName"] = c.Name
		case !c.AssociatedRecord:
			out["name"] = c.Name
		case d == DialectCockpit:
			out["associatedRecord"] = true
		default:
			violations = append(violations, connector.Violation{
				Pointer: fmt.Sprintf("/where/conditions/%d/associatedRecord", i), Message: "is known to Cockpit lists only",
			})
		}
		conditions[i] = out
	}
	expression := w.Expression
	if strings.TrimSpace(expression) == "" {
		expression = strings.Join(aliases, " AND ")
	} else {
		violations = append(violations, checkExpression(expression, aliases)...)
	}
	return map[string]any{"conditions": conditions, "expression": expression}, violations
}

// aliases gives every condition a name of its own.
func (w *Where) aliases() ([]string, []connector.Violation) {
	taken := map[string]int{}
	var violations []connector.Violation
	for i, c := range w.Conditions {
		if c.Alias == "" {
			continue
		}
		pointer := fmt.Sprintf("/where/conditions/%d/alias", i)
		if first, twice := taken[c.Alias]; twice {
			message := fmt.Sprintf("repeats the alias of condition %d", first)
			violations = append(violations, connector.Violation{Pointer: pointer, Message: message})
			continue
		}
		if isOperator(c.Alias) {
			violations = append(violations, connector.Violation{Pointer: pointer, Message: "is a word of expressions"})
		}
		taken[c.Alias] = i
	}
	aliases := make([]string, len(w.Conditions))
	next := 0
	for i, c := range w.Conditions {
		for aliases[i] = c.Alias; aliases[i] == ""; next++ {
			if _, used := taken[letter(next)]; !used {
				aliases[i] = letter(next)
			}
		}
	}
	return aliases, violations
}

// letter names the nth condition: A to Z, then A1, B1 and so on.
func letter(n int) string {
	l := string(rune('A' + n%26))
	if n < 26 {
		return l
	}
	return fmt.Sprintf("%s%d", l, n/26)
}

// checkExpression reports what the vendor would refuse: a name that is no
// alias, a condition that is not used, terms and brackets that do not fit.
func checkExpression(expression string, aliases []string) []connector.Violation {
	bad := func(message string) []connector.Violation {
		return []connector.Violation{{Pointer: "/where/expression", Message: message}}
	}
	used := map[string]bool{}
	depth, term := 0, false // term: the last word ends a term
	fits := true
	for word := range strings.FieldsSeq(brackets.Replace(expression)) {
		switch {
		case word == "(":
			fits = fits && !term
			depth++
		case word == ")":
			fits = fits && term && depth > 0
			depth--
		case isOperator(word):
			fits = fits && term
			term = false
		case slices.Contains(aliases, word):
			fits = fits && !term
			used[word], term = true, true
		default:
			return bad("names something that is neither the alias of a condition nor AND or OR; the aliases are " + strings.Join(aliases, ", "))
		}
	}
	if !fits || !term || depth != 0 {
		return bad("is not of a form such as A AND (B OR C)")
	}
	if unused := slices.DeleteFunc(slices.Clone(aliases), func(a string) bool { return used[a] }); len(unused) > 0 {
		return bad("leaves out the condition with alias " + strings.Join(unused, ", "))
	}
	return nil
}

// brackets makes a word of every bracket.
var brackets = strings.NewReplacer("(", " ( ", ")", " ) ")

func isOperator(word string) bool {
	return strings.EqualFold(word, "AND") || strings.EqualFold(word, "OR")
}

// Private returns the operands of all conditions, which an error must not
// repeat.
func (q Query) Private() []any {
	var values []any
	if q.Where != nil {
		for _, c := range q.Where.Conditions {
			values = append(values, c.Value)
		}
	}
	return values
}

// Fields returns every field that the query names, sorted, each once.
func (q Query) Fields() []string {
	names := slices.Clone(q.Select)
	if q.Where != nil {
		for _, c := range q.Where.Conditions {
			if c.Name != "" {
				names = append(names, c.Name)
			}
		}
	}
	names = slices.AppendSeq(names, maps.Keys(q.OrderBy))
	slices.Sort(names)
	return slices.Compact(names)
}
