package sandbox

import (
	"slices"
	"strings"
)

// A category is a dropdown category and its items (common.md 12).
type category struct {
	name  string
	gsid  string
	multi bool
	items []*item
}

// An item is one choice of a category.
type item struct {
	gsid       string
	label      string
	inactive   bool
	isDefault  bool
	order      int
	controlled []string // GSIDs of the controlling items; empty: always valid
}

// systemName is the label in lower case with underscores (common.md 12,
// sample: "new" for "New").
func systemName(label string) string {
	return strings.ReplaceAll(strings.ToLower(label), " ", "_")
}

// item finds an item by GSID or by label. On write both are taken: values are
// GSIDs (LIVE), labels are allowed (common.md 12, INFERRED).
func (c *category) item(value string) *item {
	i := slices.IndexFunc(c.items, func(it *item) bool { return it.gsid == value || it.label == value })
	if i < 0 {
		return nil
	}
	return c.items[i]
}

// label returns the label of an item's GSID, or "".
func (c *category) label(gsid string) string {
	if it := c.item(gsid); it != nil {
		return it.label
	}
	return ""
}
