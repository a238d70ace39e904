package gainsight

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
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
	// Path is the path, with placeholders such as {objectName}.
	Path string `json:"path"`
	// Query is the query string that is always sent. Empty: none.
	Query string `json:"query,omitempty"`
	// AuthHeader is the header of the access key.
	AuthHeader string `json:"auth_header,omitempty"`
	// RecordsPerRequest is how many records a request carries; 0: the
	// operation takes no records.
	RecordsPerRequest int `json:"records_per_request,omitempty"`
	// PageSize is the largest page that is asked for; 0: there are no pages.
	PageSize int `json:"page_size,omitempty"`
	// Keys say where in an answer a value is looked for, in this order, as
	// dotted paths from the top of the answer.
	Keys map[string][]string `json:"keys,omitempty"`
	// Evidence says how well method and path are proven.
	Evidence connector.Evidence `json:"-"`
}

// Names of the endpoints, as a connection's "endpoints" spells them.
const (
	ObjectDescribe     = "object.describe"
	ObjectDescribeMany = "object.describe_many"
	ObjectList         = "object.list"
	ObjectListFiltered = "object.list_filtered"
	CTAConfig          = "cta.config"
	CTACreate          = "cta.create"
	CTAUpdate          = "cta.update"
	CTAList            = "cta.list"
	BulkSubmit         = "bulk.submit"
	BulkStatus         = "bulk.status"
	BulkChunk          = "bulk.chunk"
	Dropdown           = "dropdown"
)

// Keys of [Endpoint.Keys].
const (
	// KeyStatusURL is the address to poll, in the answer to a bulk submit.
	KeyStatusURL = "status_url"
	// KeyJobStatus is the state of a bulk job.
	KeyJobStatus = "job_status"
	// KeyTotalRecords is the number of rows of a finished bulk job.
	KeyTotalRecords = "total_records"
	// KeyChunks is the list of chunks of a finished bulk job.
	KeyChunks = "chunks"
)

// accessKeyHeader carries the access key (common.md 2.1, DOC).
const accessKeyHeader = "accesskey"

// Endpoints returns the defaults of all endpoints, in the order of the
// catalog. The comment on each says where it comes from; the evidence labels
// are those of the connector's documentation.
func Endpoints() []Endpoint {
	return []Endpoint{
		// bulk.md: path DOC; the key of the status URL is not documented (open
		// question 10), nor is it settled whether /v3 wants the header
		// "accesskey" or "authentication" (open question 15).
		{
			Name: BulkSubmit, Method: "POST", Path: "/v3/exports/data/bulk/{objectName}", AuthHeader: accessKeyHeader,
			Keys:     map[string][]string{KeyStatusURL: {"data.statusURL", "data.statusUrl", "statusURL"}},
			Evidence: connector.EvidenceDocumented,
		},
		// bulk.md: DOC2; the path is what the submit answered.
		{
			Name: BulkStatus, Method: "GET", Path: "{url}", AuthHeader: accessKeyHeader,
			Keys: map[string][]string{
				KeyJobStatus:    {"data.jobStatus", "jobStatus"},
				KeyTotalRecords: {"data.totalRecords", "totalRecords"},
				KeyChunks:       {"data.chunkDetails", "chunkDetails"},
			},
			Evidence: connector.EvidenceDocumented,
		},
		// bulk.md: DOC2; the path is what the status answered.
		{Name: BulkChunk, Method: "GET", Path: "{url}", AuthHeader: accessKeyHeader, Evidence: connector.EvidenceDocumented},
		// data_management.md: LIVE, with the flags of a production client (open
		// question 39).
		{
			Name: ObjectDescribe, Method: "GET", Path: "/v1/meta/services/objects/{objectName}/describe",
			Query: "ic=false&cl=0&idd=false&ihc=false&piec=false", AuthHeader: accessKeyHeader, Evidence: connector.EvidenceObserved,
		},
		// data_management.md: DOC2 (sample); 25 names a request as a live
		// client does (open question 40).
		{
			Name: ObjectDescribeMany, Method: "POST", Path: "/v1/meta/services/objects/describe", AuthHeader: accessKeyHeader,
			RecordsPerRequest: 25, Evidence: connector.EvidenceDocumented,
		},
		// data_management.md: DOC2 (sample); what po and em do is not known
		// (open question 42).
		{
			Name: ObjectList, Method: "GET", Path: "/v1/meta/services/objects/list", Query: "po=company&em=false",
			AuthHeader: accessKeyHeader, Evidence: connector.EvidenceDocumented,
		},
		// data_management.md: LIVE; with or without a trailing slash (open
		// question 41).
		{
			Name: ObjectListFiltered, Method: "POST", Path: "/v1/meta/services/objects",
			AuthHeader: accessKeyHeader, Evidence: connector.EvidenceObserved,
		},
		// cta.md: DOC2 (summary), CODE; one record a request until more is
		// proven (open question 23).
		{
			Name: CTACreate, Method: "POST", Path: "/v2/cockpit/cta/", AuthHeader: accessKeyHeader,
			RecordsPerRequest: 1, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary).
		{
			Name: CTAUpdate, Method: "PUT", Path: "/v2/cockpit/cta/", AuthHeader: accessKeyHeader,
			RecordsPerRequest: 1, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (sample); at most 1000 rows a page.
		{
			Name: CTAList, Method: "POST", Path: "/v2/cockpit/cta/list", AuthHeader: accessKeyHeader,
			PageSize: 1000, Evidence: connector.EvidenceDocumented,
		},
		// cta.md: DOC2 (summary); CTA_REASON INFERRED.
		{
			Name: CTAConfig, Method: "GET", Path: "/v2/cockpit/admin/picklist/lite",
			Query: "category=CTA_STATUS,CTA_PRIORITY,CTA_TYPE,CTA_REASON", AuthHeader: accessKeyHeader,
			Evidence: connector.EvidenceDocumented,
		},
		// common.md, section 12: DOC2 (sample).
		{
			Name: Dropdown, Method: "GET", Path: "/v1/meta/services/dropdowns/{categoryId}",
			AuthHeader: accessKeyHeader, Evidence: connector.EvidenceDocumented,
		},
	}
}

// placeholder matches the parts of a path that values take the place of.
var placeholder = regexp.MustCompile(`\{\w+\}`)

// tailor returns e with every part that own, a JSON object at pointer, names
// replaced. Of Keys, single entries are replaced. What would change nothing,
// or what no request could be made of, is a violation.
func (e Endpoint) tailor(pointer string, own json.RawMessage) (Endpoint, []connector.Violation) {
	t := e
	t.Keys = maps.Clone(e.Keys)
	if json.Unmarshal(own, &t) != nil {
		return e, []connector.Violation{{Pointer: pointer, Message: "is not what the connection schema says"}}
	}
	t.Method = strings.ToUpper(t.Method)
	var violations []connector.Violation
	wrong := func(part, message string) {
		violations = append(violations, connector.Violation{Pointer: pointer + "/" + part, Message: message})
	}
	switch holders := placeholder.FindAllString(e.Path, -1); {
	case t.Path == e.Path:
	case e.Path == "{url}":
		wrong("path", "is what the tenant answers and cannot be set")
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
	if t.PageSize > 0 && e.PageSize == 0 {
		wrong("page_size", "means nothing here: the operation has no pages")
	}
	known := slices.Sorted(maps.Keys(e.Keys))
	for _, name := range slices.Sorted(maps.Keys(t.Keys)) {
		if !slices.Contains(known, name) {
			violations = append(violations, unknown(pointer+"/keys/"+pointerToken.Replace(name), "is not looked for here", name, known))
		}
	}
	return t, violations
}

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
