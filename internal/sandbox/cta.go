package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// Cockpit codes (common.md 5.4).
const (
	codeCockpitRequest = "COCKPIT_5101" // DOC2 sample
	codeInvalidCTA     = "COCKPIT_6007" // INFERRED
	codeMissing        = "COCKPIT_9700" // INFERRED
)

// Names of objects that the code knows.
const (
	objectCTA     = "call_to_action"
	objectTask    = "cs_task"
	objectCompany = "company"
	objectUser    = "gsuser"
)

// linksKey is where a CTA record keeps its linked records: no field of the
// object has this name.
const linksKey = "associatedRecords"

// A link is a linked record of a CTA (cta.md, DOC2 sample).
type link struct {
	RecordID   string `json:"recordId"`
	ObjectName string `json:"objectName"`
	Source     string `json:"source"`
}

// A ctaConfig is the Cockpit configuration of a tenant.
type ctaConfig struct {
	types, reasons, statuses, priorities []ctaItem
}

// A ctaItem is a type, reason, status or priority. Reasons and statuses can be
// of one type only (cta.md, INFERRED), and names repeat across types (LIVE,
// MCP).
type ctaItem struct {
	name     string
	gsid     string
	typeName string // "" for every type
	inactive bool
	closed   bool // a status that closes
}

// find returns the active item of a name, or of a GSID, that is valid for a
// type.
func find(items []ctaItem, value, typeName string) (ctaItem, bool) {
	i := slices.IndexFunc(items, func(it ctaItem) bool {
		return (it.name == value || it.gsid == value) && !it.inactive && (it.typeName == "" || it.typeName == typeName)
	})
	if i < 0 {
		return ctaItem{}, false
	}
	return items[i], true
}

// name returns the name of a GSID, or "".
func nameOf(items []ctaItem, gsid string) string {
	for _, it := range items {
		if it.gsid == gsid {
			return it.name
		}
	}
	return ""
}

// ctaRoutes are the Call To Action operations (cta.md).
func (t *Tenant) ctaRoutes() []route {
	const path = "/v2/cockpit/cta"
	routes := []route{
		{method: http.MethodPost, path: path, slash: t.forms.CTASlash, reads: true, handle: t.createCTAs},
		{method: http.MethodPut, path: path, slash: t.forms.CTASlash, reads: true, handle: t.updateCTAs},
		{method: http.MethodPost, path: path + "/list", slash: SlashRefused, reads: true, handle: t.listCTAs},
		{method: http.MethodGet, path: "/v2/cockpit/admin/picklist/lite", slash: SlashRefused, handle: t.getCTAConfig},
	}
	for i := range routes {
		routes[i].bad = codeCockpitRequest
	}
	return routes
}

type ctaConfigPayload struct {
	Name             string `json:"name"`
	GSID             string `json:"gsid"`
	Active           bool   `json:"active"`
	EntityType       string `json:"entityType"`
	PicklistCategory string `json:"picklistCategory"`
	TypeName         string `json:"typeName"`
}

// getCTAConfig is Get Call To Action Configuration (DOC2 summary; the reply is
// INFERRED). A category that is not known is left out of the reply (INFERRED).
func (t *Tenant) getCTAConfig(c *call) answer {
	q := c.request.URL.Query()
	if et := q.Get("et"); et != "COMPANY" && et != "RELATIONSHIP" {
		return c.refuse(codeCockpitRequest, "et must be COMPANY or RELATIONSHIP", c.noData())
	}
	if q.Get("category") == "" {
		return c.refuse(codeCockpitRequest, "category is required", c.noData())
	}
	data := map[string][]ctaConfigPayload{}
	for category := range strings.SplitSeq(q.Get("category"), ",") {
		if items, ok := t.config.category(category, cmp.Or(t.forms.ReasonCategory, "CTA_REASON")); ok {
			data[category] = configPayload(category, items)
		}
	}
	return c.ok(data)
}

func (cfg ctaConfig) category(name, ofReasons string) ([]ctaItem, bool) {
	switch name {
	case "CTA_TYPE":
		return cfg.types, true
	case ofReasons:
		return cfg.reasons, true
	case "CTA_STATUS":
		return cfg.statuses, true
	case "CTA_PRIORITY":
		return cfg.priorities, true
	default:
		return nil, false
	}
}

func configPayload(category string, items []ctaItem) []ctaConfigPayload {
	out := make([]ctaConfigPayload, 0, len(items))
	for _, it := range items {
		p := ctaConfigPayload{
			Name: it.name, GSID: it.gsid, Active: !it.inactive, EntityType: "GLOBAL",
			PicklistCategory: category, TypeName: it.typeName,
		}
		if p.TypeName == "" {
			p.TypeName = "ALL_CTA_TYPE"
		}
		out = append(out, p)
	}
	return out
}

// CTAs returns every CTA of the tenant in order of creation: canonical field
// name to value as the list operation shows it, all fields, nulls left out.
func (t *Tenant) CTAs() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.all(t.schema.object(objectCTA))
}
