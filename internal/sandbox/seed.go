package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Field groups (data_management.md, fieldGroupType).
const (
	groupStandard = "STANDARD"
	groupCustom   = "CUSTOM"
	groupSystem   = "SYSTEM"
)

// A seeder builds a seed. Everything it makes is the same every time.
type seeder struct {
	seed    Seed
	serials map[string]int // by GSID prefix
}

func newSeeder(name, accessKey string) *seeder {
	return &seeder{
		seed: Seed{
			Name: name, AccessKey: accessKey, records: map[string][]record{},
			Machine:     Client{ID: "sandbox-" + name + "-machine", Secret: "sandbox-" + name + "-machine-secret"},
			Application: Client{ID: "sandbox-" + name + "-application", Secret: "sandbox-" + name + "-application-secret"},
		},
		serials: map[string]int{},
	}
}

// gsid returns the next GSID of a type.
func (s *seeder) gsid(kind string) string {
	s.serials[kind]++
	return newGSID(kind, s.seed.Name, s.serials[kind])
}

// object adds an object.
func (s *seeder) object(o *object) {
	o.index()
	s.seed.objects = append(s.seed.objects, o)
}

// category adds a dropdown category with active items; the first is the
// default.
func (s *seeder) category(name string, labels ...string) *category {
	c := &category{name: name, gsid: s.gsid(prefixPicklist)}
	for i, l := range labels {
		c.items = append(c.items, &item{gsid: s.gsid(prefixPicklist), label: l, order: i, isDefault: i == 0})
	}
	s.seed.categories = append(s.seed.categories, c)
	return c
}

// retire makes items of a category inactive.
func (c *category) retire(labels ...string) *category {
	for _, l := range labels {
		c.item(l).inactive = true
	}
	return c
}

// depend makes an item valid for the given items of a controlling category
// only.
func (c *category) depend(label string, on *category, controlling ...string) {
	it := c.item(label)
	for _, l := range controlling {
		it.controlled = append(it.controlled, on.item(l).gsid)
	}
}

// pick returns the GSID of the item at i, counted around.
func (c *category) pick(i int) string { return c.items[i%len(c.items)].gsid }

// add stores a record.
func (s *seeder) add(object string, r record) {
	s.seed.records[object] = append(s.seed.records[object], r)
}

// of returns the GSID of a stored record, counted around.
func (s *seeder) of(object string, i int) string {
	rs := s.seed.records[object]
	return rs[i%len(rs)].gsid()
}

// lengths are the lengths of data types that have one (data_management.md,
// dataType values).
var lengths = map[string]int{
	typeString: 255, typeRichText: 32768, typeEmail: 255, typeURL: 500, typePicklist: 255,
	typeMultiSelect: 500, typeGSID: 220, typeLookup: 220, typeSFDCID: 18,
}

// A trait changes a new field.
type trait func(*field)

// standard makes a standard field.
func standardField(name, label, dataType string, traits ...trait) *field {
	f := &field{name: name, label: label, dataType: dataType, group: groupStandard, length: lengths[dataType]}
	if dataType == typeCurrency {
		f.decimals = 2
	}
	for _, t := range traits {
		t(f)
	}
	return f
}

// customField makes a custom field; its name is the label plus __gc, special
// characters trimmed (common.md 10, DOC).
func customField(label, dataType string, traits ...trait) *field {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '_':
			return '_'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
			return r
		default:
			return -1
		}
	}, label) + "__gc"
	f := standardField(name, label, dataType)
	f.group = groupCustom
	for _, t := range traits {
		t(f)
	}
	return f
}

func readOnly(f *field)    { f.readOnly = true }
func claimed(f *field)     { f.claimed = true }
func required(f *field)    { f.required = true }
func enforced(f *field)    { f.enforced = true }
func hidden(f *field)      { f.hidden = true }
func nameField(f *field)   { f.nameField = true }
func createOnly(f *field)  { f.notOnUpdate = true }
func bareLookup(f *field)  { f.bareLookup = true }
func bareOptions(f *field) { f.bareOptions = true }

func length(n int) trait           { return func(f *field) { f.length = n } }
func decimals(n int) trait         { return func(f *field) { f.decimals = n } }
func help(text string) trait       { return func(f *field) { f.help = text } }
func defaultTo(text string) trait  { return func(f *field) { f.defaultValue = text } }
func to(object string) trait       { return func(f *field) { f.lookup = object } }
func from(c *category) trait       { return func(f *field) { f.category = c } }
func controlledBy(on *field) trait { return func(f *field) { f.controller = on } }

// many marks the category of a multi-select.
func (c *category) many() *category {
	c.multi = true
	return c
}

// systemFields are the five fields that every custom object has
// (data_management.md, DOC2).
func systemFields() []*field {
	out := []*field{
		standardField("Gsid", "GSID", typeGSID, readOnly, func(f *field) { f.indexed = true }),
		standardField("CreatedDate", "GS Created Date", typeDateTime, readOnly),
		standardField("ModifiedDate", "GS Modified Date", typeDateTime, readOnly),
		standardField("CreatedBy", "GS Created By", typeLookup, readOnly, to(objectUser)),
		standardField("ModifiedBy", "GS Modified By", typeLookup, readOnly, to(objectUser)),
	}
	for _, f := range out {
		f.group = groupSystem
	}
	return out
}

// stamp adds the values of the system fields.
func (s *seeder) stamp(r record, n int) record {
	at := seedTime.Add(time.Duration(n) * time.Hour)
	r["CreatedDate"], r["ModifiedDate"] = at, at
	if len(s.seed.records[objectUser]) > 0 {
		r["CreatedBy"], r["ModifiedBy"] = s.of(objectUser, n), s.of(objectUser, n+1)
	}
	return r
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func cents(n int) json.Number { return json.Number(appendDecimal(nil, n, 2)) }

// day is a date near the seed time.
func day(n int) time.Time { return seedTime.Truncate(24*time.Hour).AddDate(0, 0, n) }
