package sandbox

import (
	"net/http"
	"time"
)

// seedTime is when the seeded records and categories were created: early
// enough that every clock a test would inject is later.
var seedTime = time.Date(2024, time.February, 5, 7, 17, 16, 0, time.UTC)

// itemLimit is the number of items a category may hold (common.md 12, DOC2
// sample; the meaning is INFERRED).
const itemLimit = 500

// dropdownRoutes are the dropdown categories (common.md 12, DOC2 sample).
func (t *Tenant) dropdownRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/v1/meta/services/dropdowns/{category}", slash: SlashRefused, handle: t.getDropdown},
	}
}

type dropdownPayload struct {
	CategoryDetails categoryPayload `json:"categoryDetails"`
	ChildItems      []itemPayload   `json:"childItems"`
}

type categoryPayload struct {
	CreatedAt   int64   `json:"createdAt"`
	Deleted     bool    `json:"deleted"`
	ModifiedAt  int64   `json:"modifiedAt"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	Type        string  `json:"type"`
	Count       int     `json:"count"`
	Limit       int     `json:"limit"`
	Variant     string  `json:"variant"`
	SystemName  string  `json:"systemName"`
	GSID        string  `json:"gsid"`
}

type itemPayload struct {
	CreatedAt     int64   `json:"createdAt"`
	Deleted       bool    `json:"deleted"`
	ModifiedAt    int64   `json:"modifiedAt"`
	Name          string  `json:"name"`
	Description   *string `json:"description"`
	DisplayOrder  int     `json:"displayOrder"`
	ShortName     *string `json:"shortName"`
	Color         *string `json:"color"`
	Active        bool    `json:"active"`
	SystemDefined bool    `json:"systemDefined"`
	SystemName    string  `json:"systemName"`
	Default       bool    `json:"default"`
	CategoryID    string  `json:"categoryId"`
	GSID          string  `json:"gsid"`
}

// codeNoCategory means that a picklist category does not exist (common.md 5.3,
// DOC, on another page).
const codeNoCategory = "GSOBJ_VDTPKLST1001"

// getDropdown answers envelope C, and envelope E for an unknown category
// (common.md 12, DOC2; code and status are INFERRED).
func (t *Tenant) getDropdown(c *call) answer {
	cat := t.schema.categories[c.params["category"]]
	if cat == nil {
		return c.gateway(http.StatusBadRequest, codeNoCategory, "Requested category not found.")
	}
	at := seedTime.UnixMilli()
	p := dropdownPayload{
		CategoryDetails: categoryPayload{
			CreatedAt: at, ModifiedAt: at, Name: cat.name, Type: "SYSTEM", Count: len(cat.items), Limit: itemLimit,
			Variant: "SINGLE_SELECT", SystemName: systemName(cat.name), GSID: cat.gsid,
		},
		ChildItems: make([]itemPayload, 0, len(cat.items)),
	}
	if cat.multi {
		p.CategoryDetails.Variant = "MULTI_SELECT"
	}
	for _, it := range cat.items {
		p.ChildItems = append(p.ChildItems, itemPayload{
			CreatedAt: at, ModifiedAt: at, Name: it.label, DisplayOrder: it.order, Active: !it.inactive,
			SystemName: systemName(it.label), Default: it.isDefault, CategoryID: cat.gsid, GSID: it.gsid,
		})
	}
	return c.metadata(p)
}
