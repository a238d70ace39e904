package gainsight

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Endpoint is where one operation of the vendor's API lives and what of its
// wire format is open. A connection can override every part but the name.
type Endpoint struct {
	// Name is the key in a connection's "endpoints".
	Name string `json:"-"`
	// Method is the HTTP method.
	Method string `json:"method"`
	// OtherMethod is tried if the tenant knows no such path by Method, which is
	// then not known to be right. Empty, and where a connection sets a method:
	// none.
	OtherMethod string `json:"-"`
	// Path is the path, with placeholders such as {objectName}.
	Path string `json:"path"`
	// Query is the query string that is always sent. Empty: none.
	Query string `json:"query,omitempty"`
	// AuthHeader is the header of the access key. Empty in a default: the
	// usual one.
	AuthHeader string `json:"auth_header,omitempty"`
	// RecordsPerRequest is how many records a request carries; 0: the
	// operation takes no records.
	RecordsPerRequest int `json:"records_per_request,omitempty"`
	// PageSize is the largest page that is asked for; 0: there are no pages.
	PageSize int `json:"page_size,omitempty"`
	// BodyBytes is the largest body of a request; 0: no limit is known.
	BodyBytes int64 `json:"body_bytes,omitempty"`
	// Keys say where in an answer a value is looked for, in this order, as
	// dotted paths from the top of the answer.
	Keys map[string][]string `json:"keys,omitempty"`
	// FieldNames say how the operation spells fields of a record, and what stands
	// beside one, by the name that the action has for them. Nil: all as the
	// action does.
	FieldNames map[string]string `json:"field_names,omitempty"`
	// Form is which of several ways the operation is asked for. Empty: there
	// is but one.
	Form string `json:"form,omitempty"`
	// Forms are what Form may be.
	Forms []string `json:"-"`
	// CSV is how the operation writes CSV. Nil: it writes none.
	CSV *CSV `json:"csv,omitempty"`
	// Budgets name the budgets that a request counts against. Nil in a
	// default: [BudgetSynchronous]; empty: none.
	Budgets []string `json:"budgets,omitempty"`
	// Evidence says how well method and path are proven.
	Evidence connector.Evidence `json:"-"`
}

// accessKeyHeader carries the access key (common.md 2.1, DOC).
const accessKeyHeader = "accesskey"

// Endpoints returns the defaults of all endpoints. The comment on each says
// where it comes from; the evidence labels are those of the connector's
// documentation.
func Endpoints() []Endpoint {
	all := slices.Concat(
		bulkEndpoints(), goalEndpoints(), metadataEndpoints(), usersEndpoints(), timelineEndpoints(), cockpitEndpoints(), taskEndpoints(),
		successPlanEndpoints(), apiEndpoints(),
	)
	for i := range all {
		all[i].AuthHeader = cmp.Or(all[i].AuthHeader, accessKeyHeader)
		if all[i].Budgets == nil {
			all[i].Budgets = []string{BudgetSynchronous}
		}
	}
	return all
}

// placeholder matches the parts of a path that values take the place of.
var placeholder = regexp.MustCompile(`\{\w+\}`)

// tailor returns e with every part that own, a JSON object at pointer, names
// replaced. Of Keys and FieldNames, single entries are replaced. What would
// change nothing, or what no request could be made of, is a violation.
func (e Endpoint) tailor(pointer string, own json.RawMessage) (Endpoint, []connector.Violation) {
	t := e
	t.Keys, t.FieldNames, t.Budgets, t.CSV = maps.Clone(e.Keys), maps.Clone(e.FieldNames), slices.Clone(e.Budgets), e.CSV.clone()
	if json.Unmarshal(own, &t) != nil {
		return e, []connector.Violation{{Pointer: pointer, Message: "is not what the connection schema says"}}
	}
	if t.Method = strings.ToUpper(t.Method); t.Method != e.Method {
		t.OtherMethod = ""
	}
	var violations []connector.Violation
	wrong := func(part, message string) {
		violations = append(violations, connector.Violation{Pointer: pointer + "/" + part, Message: message})
	}
	switch holders := placeholder.FindAllString(e.Path, -1); {
	case t.Path == e.Path:
	case !e.settable():
		wrong("path", "comes with each call and cannot be set")
	case !slices.Equal(holders, placeholder.FindAllString(t.Path, -1)) && len(holders) > 0:
		wrong("path", "must hold the same placeholders as the default: "+strings.Join(holders, ", "))
	case !slices.Equal(holders, placeholder.FindAllString(t.Path, -1)):
		wrong("path", "must not hold placeholders: the default has none")
	}
	if _, err := url.ParseQuery(t.Query); err != nil {
		wrong("query", "is malformed")
	}
	if t.RecordsPerRequest > 0 && e.RecordsPerRequest == 0 {
		wrong("records_per_request", "means nothing here: the operation takes no records")
	}
	if len(t.FieldNames) > 0 && e.RecordsPerRequest == 0 && e.FieldNames == nil {
		wrong("field_names", "means nothing here: the operation takes no records")
	}
	if t.PageSize > 0 && e.PageSize == 0 {
		wrong("page_size", "means nothing here: the operation has no pages")
	}
	if t.BodyBytes > 0 && e.BodyBytes == 0 {
		wrong("body_bytes", "means nothing here: the body has no limit")
	}
	if t.CSV != nil && e.CSV == nil {
		wrong("csv", "means nothing here: the operation writes no CSV")
	}
	switch {
	case t.Form == e.Form, slices.Contains(e.Forms, t.Form):
	case len(e.Forms) == 0:
		wrong("form", "means nothing here: there is but one")
	default:
		violations = append(violations, unknown(pointer+"/form", "must be one of "+strings.Join(e.Forms, ", "), t.Form, e.Forms))
	}
	violations = append(violations, unknownBudgets(pointer+"/budgets/", t.Budgets)...)
	violations = append(violations, strangers(pointer+"/keys/", "is not looked for here", t.Keys, e.Keys)...)
	return t, violations
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
			violations = append(violations, unknown(pointer+pointerToken.Replace(name), message, name, names))
		}
	}
	return violations
}

// settable reports whether a connection may set the path: some come with each
// call, from an earlier answer or from the caller.
func (e Endpoint) settable() bool { return e.Path != "{url}" }

// address fills the placeholders of the path, each value escaped as one
// segment, but {url}, which stands for a whole address.
func (e Endpoint) address(values map[string]string) string {
	path := e.Path
	for name, value := range values {
		if name != "url" {
			value = url.PathEscape(value)
		}
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}
