package gainsight

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
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
	// OtherPaths are paths that a tenant may have in place of Path, the likeliest
	// first. Only a probe tries them.
	OtherPaths []string `json:"-"`
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
	// Body is what goes beside the request's own at the top level of its body,
	// which wins over it. A null is not sent. Nil: nothing.
	Body map[string]json.RawMessage `json:"body,omitempty"`
	// NoObject is set if the body is no JSON object, so that nothing can go
	// beside it.
	NoObject bool `json:"-"`
	// Lookups are laid over the entries of the vendor's lookups, by the field
	// that gets the id; a null takes a key away. Nil: the operation takes no
	// lookups.
	Lookups map[string]map[string]json.RawMessage `json:"lookups,omitempty"`
	// OrderBy says whether a list is asked for in an order. Empty: it is, and
	// that is not open.
	OrderBy Order `json:"order_by,omitempty"`
	// DateForm is how the points in time of a request are written. Empty: there
	// are none.
	DateForm DateForm `json:"date_form,omitempty"`
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

// Order says whether a list is asked for in an order where it is not known that
// the tenant sorts (open question 32).
type Order string

// The choices.
const (
	// OrderRefused refuses an order before anything is sent. The default.
	OrderRefused Order = "refused"
	// OrderSent sends it.
	OrderSent Order = "sent"
)

// KeyRecords is the list of rows in the answer to a query, in [Endpoint.Keys]
// (open question 29).
const KeyRecords = "records"

// rows is where the rows of a query can be.
func rows() map[string][]string {
	return map[string][]string{KeyRecords: {"data.records", "data"}}
}

// Keys of [Endpoint.Keys] for the results of a write, whose places no source
// documents (open questions 18, 25 to 27). Without a setting the parts of data
// by all names that the vendor's APIs use are read.
const (
	// KeyWritten is what was written.
	KeyWritten = "written"
	// KeyRefused is what was not.
	KeyRefused = "refused"
)

func results() map[string][]string {
	return map[string][]string{KeyWritten: nil, KeyRefused: nil}
}

// noLookups are the lookups of a write: none of its own.
func noLookups() map[string]map[string]json.RawMessage {
	return map[string]map[string]json.RawMessage{}
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
