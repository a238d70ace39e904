package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// items turns names into configuration items.
func (s *seeder) items(names ...string) []ctaItem {
	out := make([]ctaItem, len(names))
	for i, n := range names {
		out[i] = ctaItem{name: n, gsid: s.gsid(prefixPicklist)}
	}
	return out
}

// typed makes items that are valid for one type only.
func (s *seeder) typed(typeName string, names ...string) []ctaItem {
	out := s.items(names...)
	for i := range out {
		out[i].typeName = typeName
	}
	return out
}

// mark changes the items of the given names.
func mark(items []ctaItem, change func(*ctaItem), names ...string) []ctaItem {
	for i := range items {
		if slices.Contains(names, items[i].name) {
			change(&items[i])
		}
	}
	return items
}

func closing(it *ctaItem)  { it.closed = true }
func inactive(it *ctaItem) { it.inactive = true }

// ctaFields are the standard fields of call_to_action: the column list of a
// real tenant (cta.md, GITLAB, LIVE) in PascalCase (INFERRED), with the types
// INFERRED. That the classifying fields look up da_picklist is INFERRED from
// their __gr.Name and __gr.IsActive columns.
func ctaFields(companyLabel string) []*field {
	const picklist = "da_picklist"
	return []*field{
		standardField("Gsid", "GSID", typeGSID, readOnly),
		standardField("Name", "Name", typeString, nameField, required),
		standardField("CompanyId", companyLabel, typeLookup, to(objectCompany), required),
		standardField("OwnerId", "Owner", typeLookup, to(objectUser), required),
		standardField("TypeId", "Type", typeLookup, to(picklist)),
		standardField("ReasonId", "Reason", typeLookup, to(picklist)),
		standardField("StatusId", "Status", typeLookup, to(picklist)),
		standardField("PriorityId", "Priority", typeLookup, to(picklist)),
		standardField("PlaybookId", "Playbook", typeLookup, to("playbook"), bareLookup),
		standardField("CtaGroupId", "Success Plan", typeLookup, to("cta_group"), createOnly),
		standardField("ObjectiveCategoryId", "Objective Category", typeLookup, to(picklist)),
		standardField("RelationshipId", "Relationship", typeLookup, to("relationship"), createOnly),
		standardField("RelationshipTypeId", "Relationship Type", typeGSID, createOnly),
		standardField("RuleActionId", "Rule Action", typeString, readOnly, hidden),
		standardField("Comments", "Comments", typeRichText),
		standardField("SuccessCriteria", "Success Criteria", typeRichText),
		standardField("EntityType", "Entity Type", typeString, createOnly, length(50), defaultTo("COMPANY")),
		standardField("SharingType", "Sharing Type", typeString, readOnly),
		standardField("Source", "Source", typeString, readOnly),
		standardField("CloseSource", "Close Source", typeString, readOnly),
		standardField("DueDate", "Due Date", typeDate, required),
		standardField("OriginalDueDate", "Original Due Date", typeDate, readOnly),
		standardField("StartDate", "Start Date", typeDate),
		standardField("NextTaskDueDate", "Next Task Due Date", typeDate, readOnly),
		standardField("ClosedDate", "Closed Date", typeDateTime, readOnly),
		standardField("CreatedDate", "Created Date", typeDateTime, readOnly),
		standardField("ModifiedDate", "Modified Date", typeDateTime, readOnly),
		standardField("CreatedById", "Created By", typeLookup, to(objectUser), readOnly),
		standardField("ModifiedById", "Modified By", typeLookup, to(objectUser), readOnly),
		standardField("IsClosed", "Is Closed", typeBoolean),
		standardField("IsDraft", "Is Draft", typeBoolean, readOnly),
		standardField("IsImportant", "Is Important", typeBoolean),
		standardField("IsOverdue", "Is Overdue", typeBoolean, readOnly),
		standardField("IsClosedOverdue", "Is Closed Overdue", typeBoolean, readOnly),
		standardField("IsRecurring", "Is Recurring", typeBoolean, readOnly),
		standardField("IsSnoozed", "Is Snoozed", typeBoolean, readOnly),
		standardField("OverDueType", "Over Due Type", typeString, readOnly),
		standardField("Age", "Age", typeNumber, readOnly),
		standardField("DaysDue", "Days Due", typeNumber, readOnly),
		standardField("DaysPastDueDate", "Days Past Due Date", typeNumber, readOnly),
		standardField("DaysAllocated", "Days Allocated", typeNumber, readOnly),
		standardField("DueDateVariance", "Due Date Variance", typeNumber, readOnly),
		standardField("PercentComplete", "Percent Complete", typePercentage, readOnly),
		standardField("TotalTaskCount", "Total Task Count", typeNumber, readOnly),
		standardField("OpenTaskCount", "Open Task Count", typeNumber, readOnly),
		standardField("ClosedTaskCount", "Closed Task Count", typeNumber, readOnly),
		standardField("TemplateDisplayOrder", "Template Display Order", typeNumber, readOnly, hidden),
	}
}

// seedCTAs adds the object call_to_action and count records, each made from its
// number.
func (s *seeder) seedCTAs(companyLabel string, count int, custom ...*field) {
	s.object(&object{
		name: objectCTA, label: "Call To Action", plural: "Call To Actions", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixCTA, s.seed.Name), fields: slices.Concat(ctaFields(companyLabel), custom),
	})
	for i := range count {
		r := s.cta(i)
		for _, f := range custom {
			if v := s.sample(f, i); v != nil && i%3 != 2 {
				r[f.name] = v
			}
		}
		s.add(objectCTA, r)
	}
}

var ctaTitles = []string{
	"Adoption is falling", "Renewal in 90 days", "Sponsor left", "Open support escalation", "Expansion talk",
	"Quarterly review", "Onboarding is late",
}

// cta is the nth seeded CTA without its custom fields.
func (s *seeder) cta(n int) record {
	cfg := s.seed.config
	kind := cfg.types[n%len(cfg.types)]
	if kind.inactive {
		kind = cfg.types[0]
	}
	status := pickFor(cfg.statuses, kind.name, n)
	created := seedTime.Add(time.Duration(n) * 7 * time.Hour)
	r := record{
		"Gsid": s.gsid(prefixCTA), "Name": fmt.Sprintf("%s (%d)", ctaTitles[n%len(ctaTitles)], n+1),
		"CompanyId": s.of(objectCompany, n), "OwnerId": s.of(objectUser, n), "TypeId": kind.gsid,
		"ReasonId": pickFor(cfg.reasons, kind.name, n).gsid, "StatusId": status.gsid,
		"PriorityId": pickFor(cfg.priorities, kind.name, n).gsid, "EntityType": "COMPANY", "SharingType": "PUBLIC",
		"Source": "RULES", "DueDate": day(n - 10), "OriginalDueDate": day(n - 12), "CreatedDate": created,
		"ModifiedDate": created.Add(90*time.Minute + 253*time.Millisecond), "CreatedById": s.of(objectUser, 0),
		"ModifiedById": s.of(objectUser, n), "IsClosed": status.closed, "IsDraft": false, "IsImportant": n%4 == 0,
		"TotalTaskCount": number(n % 5), "OpenTaskCount": number(n % 3), "PercentComplete": number(n * 7 % 101),
	}
	if status.closed {
		r["ClosedDate"] = created.Add(48 * time.Hour)
	}
	if n%2 == 0 {
		r["Comments"] = "<p>Seen by rule " + number(n).String() + ".</p>"
	}
	if n%6 == 0 {
		r[linksKey] = []link{
			{RecordID: fmt.Sprintf("5002v00000EXMP%04d", n), ObjectName: "Case", Source: "SFDC"},
			{RecordID: newGSID(prefixCustom, s.seed.Name, n+1), ObjectName: objectUsage, Source: "MDA"},
		}
	}
	return r
}

// pickFor chooses an active item that is valid for a type.
func pickFor(items []ctaItem, typeName string, n int) ctaItem {
	var valid []ctaItem
	for _, it := range items {
		if !it.inactive && (it.typeName == "" || it.typeName == typeName) {
			valid = append(valid, it)
		}
	}
	if len(valid) == 0 {
		return ctaItem{} // a type of a twin may have none
	}
	return valid[n%len(valid)]
}

// choice picks an item. For a dependent picklist it is one that is valid for
// the choice of its controller at the same number.
func (s *seeder) choice(f *field, n int) any {
	if f.controller == nil {
		return f.category.pick(n)
	}
	controlling := f.controller.category.pick(n)
	for _, it := range f.category.items {
		if slices.Contains(it.controlled, controlling) {
			return it.gsid
		}
	}
	return nil
}

// sample is a value of a field, made from a number; nil for types without one.
func (s *seeder) sample(f *field, n int) any {
	switch f.dataType {
	case typeString:
		return fmt.Sprintf("%s %d", f.label, n)
	case typeRichText:
		return fmt.Sprintf("<p><b>%s</b>, number %d</p>", f.label, n)
	case typeBoolean, typeJSONBoolean:
		return n%2 == 0
	case typeNumber, typeJSONNumber, typePercentage:
		return number(n * 3)
	case typeCurrency:
		return cents(99_950 + n*1_234)
	case typeDate:
		return day(n)
	case typeDateTime:
		return day(n).Add(22 * time.Hour)
	case typeGSID:
		return newGSID(prefixCustom, s.seed.Name, n+1)
	case typeSFDCID:
		return fmt.Sprintf("0065e00000EXMP%04d", n)
	case typeEmail:
		return fmt.Sprintf("contact%d@example.com", n)
	case typeURL:
		return fmt.Sprintf("https://example.com/records/%d", n)
	case typeLookup:
		if rs := s.seed.records[f.lookup]; len(rs) > 0 {
			return s.of(f.lookup, n)
		}
	case typePicklist:
		return s.choice(f, n)
	case typeMultiSelect:
		return f.category.pick(n) + ";" + f.category.pick(n+1)
	case typeJSON:
		return map[string]any{"n": number(n), "tags": []any{"a", "b"}}
	case typeJSONString:
		return fmt.Sprintf("text %d", n)
	case "GEOPOINT":
		return fmt.Sprintf("52.%04d,13.%04d", n, n)
	}
	return nil
}
