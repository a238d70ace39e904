package sandbox

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// payload reads JSON of a real tenant, whose flags and numbers may be strings
// (data_management.md, DOC2 sample).
type payload map[string]any

func readPayload(raw json.RawMessage) payload {
	var p payload
	_ = json.Unmarshal(raw, &p) // what is no object has nothing in it
	return p
}

func (p payload) text(key string) string {
	switch v := p[key].(type) {
	case string:
		return v
	case float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}

func (p payload) flag(key string, absent bool) bool {
	b, err := strconv.ParseBool(strings.ToLower(p.text(key)))
	if err != nil {
		return absent
	}
	return b
}

func (p payload) count(key string) int {
	n, err := strconv.Atoi(p.text(key))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (p payload) inner(key string) payload {
	m, _ := p[key].(map[string]any)
	return m
}

func (p payload) list(key string) []payload {
	items, _ := p[key].([]any)
	var list []payload
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

// readObject reads an entry of a describe reply; false if it has no name.
func readObject(raw json.RawMessage) (*object, bool) {
	p := readPayload(raw)
	o := &object{
		name: strings.ToLower(p.text("objectName")), label: p.text("label"), plural: p.text("labelPlural"),
		kind: p.text("objectType"), keyPrefix: p.text("keyPrefix"),
	}
	seen := map[string]bool{}
	for _, entry := range p.list("fields") {
		f := readField(entry)
		if key := strings.ToLower(f.name); key != "" && !seen[key] {
			seen[key] = true
			o.fields = append(o.fields, f)
		}
	}
	return o, o.name != ""
}

func readField(p payload) *field {
	meta := p.inner("meta")
	createable, updateable := meta.flag("createable", true), meta.flag("updateable", true)
	f := &field{
		name: p.text("fieldName"), label: p.text("label"), dataType: strings.ToUpper(p.text("dataType")),
		group: meta.text("fieldGroupType"), help: meta.text("description"), defaultValue: meta.text("defaultValue"),
		length: meta.count("length"), decimals: meta.count("decimalPlaces"),
		readOnly:    meta.flag("readOnly", false) || meta.flag("formulaField", false) || !createable && !updateable,
		notOnUpdate: !updateable, claimed: meta.flag("required", false), hidden: meta.flag("hidden", false),
		nameField: meta.flag("nameField", false), indexed: meta.flag("indexed", false),
	}
	switch f.dataType {
	case typeLookup:
		targets := meta.inner("lookupDetail").list("lookupObjects")
		if f.bareLookup = len(targets) == 0; !f.bareLookup {
			f.lookup = strings.ToLower(targets[0].text("objectName"))
		}
	case typePicklist, typeMultiSelect:
		f.category = readCategory(p, meta.inner("properties"))
		f.category.multi = f.dataType == typeMultiSelect
	}
	return f
}

// readCategory reads the options of a field, which may be none.
func readCategory(field, properties payload) *category {
	c := &category{name: properties.text("PICKLIST_CATEGORY"), gsid: properties.text("PICKLIST_CATEGORY_ID")}
	for i, p := range field.list("options") {
		it := &item{
			gsid: p.text("value"), label: p.text("label"), inactive: !p.flag("active", true),
			isDefault: p.flag("defaultValue", false), order: i,
		}
		values, _ := p["controllerValues"].([]any)
		for _, v := range values {
			if s, ok := v.(string); ok {
				it.controlled = append(it.controlled, s)
			}
		}
		if it.gsid != "" {
			c.items = append(c.items, it)
		}
	}
	return c
}

// readDropdown reads the items of a dropdown reply (common.md 12, DOC2 sample).
func readDropdown(raw json.RawMessage) []*item {
	var items []*item
	for i, p := range readPayload(raw).list("childItems") {
		if gsid := p.text("gsid"); gsid != "" {
			items = append(items, &item{
				gsid: gsid, label: p.text("name"), inactive: !p.flag("active", true), isDefault: p.flag("default", false), order: i,
			})
		}
	}
	return items
}
