package gainsight

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// placeholder matches the parts of a path that values take the place of.
var placeholder = regexp.MustCompile(`\{\w+\}`)

// tailor returns e with every part that own, a JSON object at pointer, names
// replaced. Of Keys, FieldNames, Body and Lookups, single entries are replaced.
// What would change nothing, or what no request could be made of, is a
// violation.
func (e Endpoint) tailor(pointer string, own json.RawMessage) (Endpoint, []connector.Violation) {
	t := e
	t.Keys, t.FieldNames = maps.Clone(e.Keys), maps.Clone(e.FieldNames)
	t.Body, t.Lookups, t.Budgets, t.CSV = maps.Clone(e.Body), maps.Clone(e.Lookups), slices.Clone(e.Budgets), e.CSV.clone()
	if json.Unmarshal(own, &t) != nil {
		return e, []connector.Violation{{Pointer: pointer, Message: "is not what the connection schema says"}}
	}
	if t.Method = strings.ToUpper(t.Method); t.Method != e.Method {
		t.OtherMethod = ""
	}
	c := tailoring{pointer: pointer, usual: e, own: t}
	c.address()
	c.means("records_per_request", t.RecordsPerRequest > 0 && e.RecordsPerRequest == 0 && e.BodyBytes == 0, "the operation takes no records")
	c.means("field_names", len(t.FieldNames) > 0 && e.RecordsPerRequest == 0 && e.FieldNames == nil, "the operation takes no records")
	c.means("page_size", t.PageSize > 0 && e.PageSize == 0, "the operation has no pages")
	c.means("body_bytes", t.BodyBytes > 0 && e.BodyBytes == 0, "the body has no limit")
	c.means("csv", t.CSV != nil && e.CSV == nil, "the operation writes no CSV")
	c.means("lookups", t.Lookups != nil && e.Lookups == nil, "the operation takes no lookups")
	c.means("order_by", t.OrderBy != "" && e.OrderBy == "", "whether the operation sorts is not open")
	c.means("date_form", t.DateForm != "" && e.DateForm == "", "the request holds no point in time")
	c.body()
	c.form()
	c.violations = append(c.violations, unknownBudgets(pointer+"/budgets/", t.Budgets)...)
	c.violations = append(c.violations, strangers(pointer+"/keys/", "is not looked for here", t.Keys, e.Keys)...)
	return t, c.violations
}

// tailoring checks the overrides of one endpoint.
type tailoring struct {
	pointer    string
	usual, own Endpoint
	violations []connector.Violation
}

func (c *tailoring) wrong(part, message string) {
	c.violations = append(c.violations, connector.Violation{Pointer: c.pointer + "/" + part, Message: message})
}

// means refuses a part that would change nothing, because of something.
func (c *tailoring) means(part string, nothing bool, because string) {
	if nothing {
		c.wrong(part, "means nothing here: "+because)
	}
}

func (c *tailoring) address() {
	holders, own := placeholder.FindAllString(c.usual.Path, -1), placeholder.FindAllString(c.own.Path, -1)
	switch {
	case c.own.Path == c.usual.Path:
	case !c.usual.settable():
		c.wrong("path", "comes with each call and cannot be set")
	case !slices.Equal(holders, own) && len(holders) > 0:
		c.wrong("path", "must hold the same placeholders as the default: "+strings.Join(holders, ", "))
	case !slices.Equal(holders, own):
		c.wrong("path", "must not hold placeholders: the default has none")
	}
	if _, err := url.ParseQuery(c.own.Query); err != nil {
		c.wrong("query", "is malformed")
	}
}

// body refuses what no body could hold, and what the connector fills in itself.
func (c *tailoring) body() {
	added := maps.Clone(c.own.Body)
	maps.DeleteFunc(added, func(name string, _ json.RawMessage) bool { return c.usual.Body[name] != nil })
	switch {
	case len(added) == 0:
		return
	case c.own.Method == http.MethodGet, !c.usual.settable():
		c.wrong("body", "means nothing here: the request has no body of the connector's")
	case c.usual.NoObject:
		c.wrong("body", "means nothing here: the body is no JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		if slices.Contains(filled(), name) {
			c.wrong("body/"+jsonpointer.Token(name), "is filled by the connector itself")
		}
	}
}

// filled are the parts of a body that come from an action's input.
func filled() []string {
	return []string{
		"records", "requests", "lookups", "select", "where", "orderBy", "limit", "offset", "page", "pageSize", "pageNumber", "objectNames",
	}
}

func (c *tailoring) form() {
	switch forms := c.usual.Forms; {
	case c.own.Form == c.usual.Form, slices.Contains(forms, c.own.Form):
	case len(forms) == 0:
		c.wrong("form", "means nothing here: there is but one")
	default:
		c.violations = append(c.violations, unknown(c.pointer+"/form", "must be one of "+strings.Join(forms, ", "), c.own.Form, forms))
	}
}

// unknownBudgets returns a violation for every name that is no budget's.
func unknownBudgets(pointer string, names []string) []connector.Violation {
	var known []string
	for _, b := range Budgets() {
		known = append(known, b.Name)
	}
	var violations []connector.Violation
	for i, name := range names {
		if !slices.Contains(known, name) {
			violations = append(violations, unknown(pointer+strconv.Itoa(i), "is not a budget", name, known))
		}
	}
	return violations
}

// strangers returns a violation for every name in own that is not in known.
func strangers[V, W any](pointer, message string, own map[string]V, known map[string]W) []connector.Violation {
	names := slices.Sorted(maps.Keys(known))
	var violations []connector.Violation
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !slices.Contains(names, name) {
			violations = append(violations, unknown(pointer+jsonpointer.Token(name), message, name, names))
		}
	}
	return violations
}
