package sandbox

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Original is what is known of a tenant whose twin is wanted. All parts may be
// missing.
type Original struct {
	// Name is the tenant's name.
	Name string
	// Objects are entries of its describe replies.
	Objects []json.RawMessage
	// Dropdowns are the data of its dropdown replies, by category id.
	Dropdowns map[string]json.RawMessage
	// CTAs and Plans are its configurations: items by category, each with
	// name, gsid, active and typeName. Playbooks is the list of its playbooks.
	CTAs, Plans, Playbooks json.RawMessage
	// ActivityTypes and the others are the names that its records have. Nil:
	// not known.
	ActivityTypes, TaskTypes, TaskStatuses, TaskPriorities, GoalStatuses []string
}

// Twin returns a tenant with the fields, picklists and configuration of
// another, and a few records that are made up but fit them. Of objects that the
// simulated API needs and the original lacks, it has plain ones. It describes
// its objects in the original's very words.
func Twin(of Original) Seed {
	s := newSeeder(of.Name, "sandbox-"+of.Name+"-access-key")
	t := twin{seeder: s, original: of, retyped: map[*field]bool{}}
	t.configure()
	t.populate()
	for _, raw := range of.Objects {
		t.adopt(raw)
	}
	for _, o := range s.seed.objects {
		t.connect(o)
	}
	for _, o := range s.seed.objects {
		t.fit(o)
	}
	return s.seed
}

// A twin is a seed in the making.
type twin struct {
	*seeder
	original Original
	adopted  []*object
	retyped  map[*field]bool // fields whose type is not that of the records made up so far
}

// configure takes over the words that records are classified by, or the
// vendor's own.
func (t *twin) configure() {
	s := t.seeder
	var ctas, plans map[string][]wordPayload
	_ = json.Unmarshal(t.original.CTAs, &ctas)   // what cannot be read is not there
	_ = json.Unmarshal(t.original.Plans, &plans) // and the vendor's words serve
	s.seed.config = ctaConfig{
		types:      s.words(ctas["CTA_TYPE"], "Risk", "Opportunity", "Lifecycle", "Activity"),
		priorities: s.words(ctas["CTA_PRIORITY"], "High", "Medium", "Low"),
		statuses:   s.words(ctas["CTA_STATUS"], "New", "Work In Progress", "Closed Success"),
		reasons:    s.words(ctas["CTA_REASON"], "Other"),
	}
	s.seed.plans = planConfig{
		types:      s.words(plans[categoryPlanType], "Onboarding", "Adoption"),
		statuses:   s.words(plans[categoryPlanStatus], "Draft", "Active", "Closed Success"),
		objectives: s.words(plans[categoryPlanObjective], "Product Adoption"),
	}
}

// wordPayload is an item of a configuration.
type wordPayload struct {
	Name     string `json:"name"`
	GSID     string `json:"gsid"`
	Active   *bool  `json:"active"`
	TypeName string `json:"typeName"`
}

// words turns items into those of a seed. Without an active one, the defaults
// serve.
func (s *seeder) words(items []wordPayload, defaults ...string) []ctaItem {
	var all []ctaItem
	usable := false
	for _, p := range items {
		it := ctaItem{name: p.Name, gsid: cmp.Or(p.GSID, s.gsid(prefixPicklist)), inactive: p.Active != nil && !*p.Active}
		if p.TypeName != "ALL_CTA_TYPE" {
			it.typeName = p.TypeName
		}
		it.closed = strings.HasPrefix(it.name, "Closed") // what closes is not told
		usable = usable || !it.inactive
		all = append(all, it)
	}
	if !usable {
		return s.items(defaults...)
	}
	return all
}

// populate adds the objects that the simulated API needs.
func (t *twin) populate() {
	s := t.seeder
	s.seedUsers("User", []string{"Ada Berg", "Ben Costa", "Chloe Dubois"})
	s.seed.bundles = []string{"CSM Bundle"}
	s.seedCompanies("Company", "Companies", []string{"Software"}, []string{"Northwind Traders", "Aurora Labs", "Blue Harbor"})
	s.seedRelationships("Platform")
	s.seedCTAs("Company", 6)
	s.seedTasks(workConfig{
		taskTypes:      s.items(either(t.original.TaskTypes, "Action", "Email", "Call")...),
		taskStatuses:   t.taskStatuses(),
		taskPriorities: s.items(either(t.original.TaskPriorities, "High", "Medium", "Low")...), playbooks: t.playbooksOf(),
		goalStatuses: s.items(either(t.original.GoalStatuses, "New", "In Progress", "Achieved")...), goalObject: t.goalObject(),
	}, 6)
	s.seedGoals("Customer Goal", 3)
	s.seedActivities("Activity", 4, either(t.original.ActivityTypes, "Update", "Call", "Email", "Meeting"))
	s.seedUsage("Usage")
	s.seedPlans("Company", 3, 1)
	s.seedPicklistObject()
}

// either returns the names, or the defaults if there are none.
func either(names []string, defaults ...string) []string {
	if len(names) > 0 {
		return names
	}
	return defaults
}

// taskStatuses are those of the original; which of them close is not told.
func (t *twin) taskStatuses() []ctaItem {
	statuses := t.items(either(t.original.TaskStatuses, "New", "Closed")...)
	for i := range statuses {
		statuses[i].closed = strings.HasPrefix(statuses[i].name, "Closed")
	}
	return statuses
}

func (t *twin) playbooksOf() []ctaItem {
	var list struct {
		Playbooks []wordPayload `json:"playbooks"`
	}
	if json.Unmarshal(t.original.Playbooks, &list) != nil || len(list.Playbooks) == 0 {
		return t.seeder.playbooks("", "Save the renewal")
	}
	return t.words(list.Playbooks, "Save the renewal")
}

// goalObject is the name of the original's object behind goals, which is known
// by its label alone (goals.md, UNKNOWN).
func (t *twin) goalObject() string {
	for _, raw := range t.original.Objects {
		o, _ := readObject(raw)
		label := strings.TrimSuffix(strings.ToLower(o.label), "s")
		if o.kind != groupCustom && (label == "customer goal" || label == "goal") {
			return o.name
		}
	}
	return "cs_goal"
}

// adopt takes over an object. The fields that the simulated API needs keep
// their spelling and their place in records, and those that the original lacks
// stay without being described.
func (t *twin) adopt(raw json.RawMessage) {
	o, ok := readObject(raw)
	if !ok || slices.ContainsFunc(t.adopted, func(other *object) bool { return other.name == o.name }) {
		return
	}
	o.described = raw
	i := slices.IndexFunc(t.seed.objects, func(base *object) bool { return base.name == o.name })
	if i < 0 {
		t.object(o)
		t.adopted = append(t.adopted, o)
		return
	}
	base := t.seed.objects[i]
	o.pseudo = base.pseudo
	o.index()
	for _, b := range base.fields {
		f := o.field(b.name)
		if f == nil {
			o.fields = append(o.fields, b)
			continue
		}
		t.retyped[f] = f.dataType != b.dataType
		f.name, f.required, f.claimed = b.name, b.required, f.claimed && !b.required
	}
	o.index()
	t.seed.objects[i] = o
	t.adopted = append(t.adopted, o)
}

// connect gives the fields of an object what they refer to.
func (t *twin) connect(o *object) {
	for _, f := range o.fields {
		if f.category != nil && len(f.category.items) == 0 {
			f.category.items = readDropdown(t.original.Dropdowns[f.category.gsid])
		}
		switch {
		case f.category == nil:
		case len(f.category.items) == 0: // nothing is known of its values, so that any text goes
			f.dataType, f.category = typeString, nil
		case !slices.ContainsFunc(t.seed.categories, func(c *category) bool { return c.gsid == f.category.gsid }):
			t.seed.categories = append(t.seed.categories, f.category)
		}
		known := slices.ContainsFunc(t.seed.objects, func(other *object) bool { return other.name == f.lookup })
		f.bareLookup = f.bareLookup || f.lookup != "" && !known
	}
	for _, f := range o.fields {
		f.controller = o.controllerOf(f)
	}
	o.index()
}

// controllerOf finds the picklist that has all values on which the items of f
// depend: the metadata do not name it.
func (o *object) controllerOf(f *field) *field {
	if f.category == nil {
		return f.controller
	}
	for _, other := range o.fields {
		if other == f || other.category == nil {
			continue
		}
		some, all := false, true
		for _, it := range f.category.items {
			for _, value := range it.controlled {
				some, all = true, all && other.category.item(value) != nil
			}
		}
		if some && all {
			return other
		}
	}
	return nil
}

// twinRows is how many records an object gets that the simulated API does not
// need.
const twinRows = 3

// fit makes the records of an object ones that its fields allow.
func (t *twin) fit(o *object) {
	if o.described == nil {
		return
	}
	rows := t.seed.records[o.name]
	if len(rows) == 0 {
		for i := range twinRows {
			rows = append(rows, t.stamp(record{"Gsid": t.gsid(prefixOther)}, i))
		}
	}
	fitted := make([]record, len(rows))
	for i, r := range rows {
		fitted[i] = r.with(nil)
		for _, f := range o.fields {
			if r[f.name] == nil || f.category != nil || t.retyped[f] {
				fitted[i] = fitted[i].with(record{f.name: t.fitting(f, i)})
			}
		}
	}
	t.seed.records[o.name] = fitted
}

// fitting is a sample that is not too long.
func (t *twin) fitting(f *field, n int) any {
	if f.controller != nil && f.controller.category == nil {
		return nil
	}
	v := t.sample(f, n)
	if text, ok := v.(string); ok && f.length > 0 && utf8.RuneCountInString(text) > f.length {
		if f.dataType == typeString {
			return strconv.Itoa(n)[:1]
		}
		return nil
	}
	return v
}
