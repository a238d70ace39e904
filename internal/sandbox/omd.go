package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// codeMetadataRequest is the code of a metadata request that cannot be read.
// The vendor's is UNKNOWN; this one means an invalid value (common.md 5.2).
const codeMetadataRequest = "GSOBJ_1002"

// objectRoutes are the object metadata (OMD) operations (data_management.md).
func (t *Tenant) objectRoutes() []route {
	const base = "/v1/meta/services/objects"
	return []route{
		{method: http.MethodGet, path: base + "/{object}/describe", slash: SlashRefused, handle: t.getDescribe},
		{
			method: http.MethodPost, path: base + "/describe", slash: SlashRefused,
			reads: true, bad: codeMetadataRequest, handle: t.postDescribe,
		},
		{method: http.MethodGet, path: base + "/list", slash: SlashRefused, handle: t.listObjects},
		{
			method: http.MethodPost, path: base, slash: t.forms.ObjectListSlash,
			reads: true, bad: codeMetadataRequest, handle: t.postObjects,
		},
	}
}

// getDescribe is Get Describe OMD (LIVE). ic and cl add the looked-up objects
// ("returns the object and related objects", DOC2; how deep: INFERRED).
func (t *Tenant) getDescribe(c *call) answer {
	q := c.request.URL.Query()
	if t.forms.DescribeConnection && !strings.EqualFold(q.Get("ci"), "mda") {
		return c.badRequest("ci is required")
	}
	var flags describeFlags
	if q.Get("ic") == "true" {
		flags.children, _ = strconv.Atoi(q.Get("cl"))
	}
	return t.describe(c, []string{c.params["object"]}, flags)
}

// postDescribe is Post Describe OMD (DOC2 sample). Only objectNames is
// required (INFERRED).
func (t *Tenant) postDescribe(c *call) answer {
	var body map[string]any
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	list, _ := body["objectNames"].([]any)
	names := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return c.badRequest("objectNames must be a list of strings")
		}
		names = append(names, s)
	}
	if len(names) == 0 {
		return c.badRequest("objectNames is required")
	}
	read := flagReader{body: body, strict: t.forms.StringFlags, typed: t.forms.TypedFlags}
	flags := describeFlags{
		noOptions:  !read.bool("populatePickListOptions", true),
		noHidden:   read.bool("removeHidden", false),
		sortLabels: read.bool("sortFieldsByLabel", false),
		children:   read.int("childLevels"),
	}
	if !read.bool("includeChilds", false) {
		flags.children = 0
	}
	for _, name := range []string{
		"useCollectionId", "removeDeleted", "populateFieldId", "honorUserContext",
		"honorCustomLookup", "populateAutoSuggestDetails", "externalContext",
	} {
		read.bool(name, false)
	}
	if read.invalid != "" {
		return c.badRequest("Invalid value for " + read.invalid)
	}
	return t.describe(c, names, flags)
}

// describe answers envelope C, or D for all when one name is unknown (the
// batch fails as a whole: INFERRED).
func (t *Tenant) describe(c *call, names []string, flags describeFlags) answer {
	objects := make([]*object, 0, len(names))
	for _, name := range names {
		o := t.schema.object(name)
		if o == nil || t.hides(o) {
			return c.notFound()
		}
		objects = append(objects, o)
	}
	data := make([]any, 0, len(objects))
	for _, o := range t.schema.withChildren(objects, flags.children) {
		if o.described != nil {
			data = append(data, o.described)
			continue
		}
		data = append(data, t.schema.describe(o, flags))
	}
	return c.metadata(data)
}

// withChildren adds the objects that the fields of objects look up, level by
// level, each once.
func (s *schema) withChildren(objects []*object, levels int) []*object {
	added := objects
	for range min(levels, maxHops) {
		var next []*object
		for _, o := range added {
			for _, f := range o.fields {
				child := s.byName[f.lookup]
				if child != nil && !f.bareLookup && !slices.Contains(objects, child) && !slices.Contains(next, child) {
					next = append(next, child)
				}
			}
		}
		objects, added = slices.Concat(objects, next), next
	}
	return objects
}

// listObjects is Get Lite API Call OMD (DOC2 sample). The effect of po and em
// is UNKNOWN; the sample for po=company lists unrelated objects too.
func (t *Tenant) listObjects(c *call) answer { return t.objectList(c, false, t.filtered(nil)) }

// postObjects is Post Lite API Call OMD (LIVE). The key of its name filter is
// UNKNOWN, so unknown keys, and with them any filter, are ignored.
func (t *Tenant) postObjects(c *call) answer {
	var body map[string]any
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	read := flagReader{body: body, strict: t.forms.StringFlags, typed: t.forms.TypedFlags}
	sorted := read.bool("sortByLabel", false)
	read.bool("externalUse", false)
	read.bool("excludeMappings", false)
	if read.invalid != "" {
		return c.badRequest("Invalid value for " + read.invalid)
	}
	return t.objectList(c, sorted, t.filtered(body))
}

// filtered reports which objects a body asks for: all, unless the forms know the
// key of the filter.
func (t *Tenant) filtered(body map[string]any) func(*object) bool {
	names, given := body["objectNames"].([]any)
	if !t.forms.ObjectFilter || !given {
		return func(*object) bool { return true }
	}
	return func(o *object) bool {
		return slices.ContainsFunc(names, func(v any) bool { name, _ := v.(string); return strings.EqualFold(name, o.name) })
	}
}

func (t *Tenant) objectList(c *call, sorted bool, wanted func(*object) bool) answer {
	data := make([]listPayload, 0, len(t.schema.objects))
	for _, o := range t.schema.objects {
		if !t.hides(o) && wanted(o) {
			data = append(data, o.list())
		}
	}
	if sorted {
		slices.SortStableFunc(data, func(a, b listPayload) int { return strings.Compare(a.Label, b.Label) })
	}
	return c.metadata(data)
}

// A flagReader reads the flags of a metadata body. In the samples booleans and
// numbers are JSON strings (DOC2, LIVE); whether real ones are accepted is
// UNKNOWN, strict says no; typed says no to strings.
type flagReader struct {
	body    map[string]any
	strict  bool
	typed   bool
	invalid string // the last flag that had no valid value
}

func (r *flagReader) bool(name string, absent bool) bool {
	switch v := r.body[name].(type) {
	case nil:
		return absent
	case bool:
		if !r.strict {
			return v
		}
	case string:
		if !r.typed && (v == "true" || v == "false") {
			return v == "true"
		}
	}
	r.invalid = name
	return absent
}

func (r *flagReader) int(name string) int {
	text := ""
	switch v := r.body[name].(type) {
	case nil:
		return 0
	case string:
		if !r.typed {
			text = v
		}
	case interface{ String() string }: // json.Number
		if !r.strict {
			text = v.String()
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		r.invalid = name
		return 0
	}
	return n
}
