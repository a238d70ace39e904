package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// A workConfig is the configuration of tasks, playbooks and goals.
type workConfig struct {
	taskTypes, taskStatuses, taskPriorities []ctaItem
	playbooks                               []ctaItem
	goalStatuses                            []ctaItem
	goalObject                              string // API name of the object behind goals
}

// playbooks makes playbooks for a CTA type; "" is every type.
func (s *seeder) playbooks(typeName string, names ...string) []ctaItem {
	out := make([]ctaItem, len(names))
	for i, n := range names {
		out[i] = ctaItem{name: n, gsid: s.gsid(prefixPlaybook), typeName: typeName}
	}
	return out
}

// taskFields are the standard fields of cs_task: the columns of a real tenant
// (task_playbook.md, GITLAB, LIVE) in PascalCase (INFERRED), with the types
// INFERRED.
func taskFields() []*field {
	const picklist = "da_picklist"
	return []*field{
		standardField("Gsid", "GSID", typeGSID, readOnly),
		standardField("Name", "Name", typeString, nameField, required),
		standardField("CtaId", "Call To Action", typeLookup, to(objectCTA), required, createOnly),
		standardField("OwnerId", "Owner", typeLookup, to(objectUser), required),
		standardField("CompanyId", "Company", typeLookup, to(objectCompany), readOnly),
		standardField("StatusId", "Status", typeLookup, to(picklist)),
		standardField("PriorityId", "Priority", typeLookup, to(picklist)),
		standardField("TypeId", "Type", typeLookup, to(picklist)),
		standardField("Description", "Description", typeRichText),
		standardField("DueDate", "Due Date", typeDate, required),
		standardField("OriginalDueDate", "Original Due Date", typeDate, readOnly),
		standardField("StartDate", "Start Date", typeDate),
		standardField("ClosedDate", "Closed Date", typeDateTime, readOnly),
		standardField("CreatedDate", "Created Date", typeDateTime, readOnly),
		standardField("ModifiedDate", "Modified Date", typeDateTime, readOnly),
		standardField("EntityType", "Entity Type", typeString, readOnly),
		standardField("ParentId", "Parent", typeLookup, to(objectTask), readOnly),
		standardField("PlaybookId", "Playbook", typeLookup, to("playbook"), bareLookup, readOnly),
		standardField("IsClosed", "Is Closed", typeBoolean, readOnly),
		standardField("IsImportant", "Is Important", typeBoolean),
		standardField("IsOverdue", "Is Overdue", typeBoolean, readOnly),
		standardField("DisplayOrder", "Display Order", typeNumber, readOnly, hidden),
	}
}

var taskTitles = []string{"Call the sponsor", "Send the summary", "Book the review", "Check the usage"}

// seedTasks adds the configuration of tasks and the object cs_task with count
// records, two for each of the first CTAs.
func (s *seeder) seedTasks(work workConfig, count int, custom ...*field) {
	s.seed.work = work
	for category, items := range map[string][]ctaItem{
		"TASK_TYPE": work.taskTypes, "TASK_STATUS": work.taskStatuses, "TASK_PRIORITY": work.taskPriorities,
	} { // the names of the categories are INFERRED
		for _, it := range items {
			s.add("da_picklist", record{"Gsid": it.gsid, "Name": it.name, "Category": category, "IsActive": true, "Deleted": false})
		}
	}
	s.object(&object{
		name: objectTask, label: "CS Task", plural: "CS Tasks", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixTask, s.seed.Name), fields: slices.Concat(taskFields(), custom),
	})
	for i := range count {
		status := work.taskStatuses[i%len(work.taskStatuses)]
		cta := s.seed.records[objectCTA][i/2%len(s.seed.records[objectCTA])]
		at := seedTime.Add(time.Duration(i) * 5 * time.Hour)
		r := record{
			"Gsid": s.gsid(prefixTask), "Name": fmt.Sprintf("%s (%d)", taskTitles[i%len(taskTitles)], i+1),
			"CtaId": cta.gsid(), "CompanyId": cta["CompanyId"], "OwnerId": s.of(objectUser, i), "StatusId": status.gsid,
			"PriorityId": work.taskPriorities[i%len(work.taskPriorities)].gsid, "TypeId": work.taskTypes[i%len(work.taskTypes)].gsid,
			"DueDate": day(i - 3), "OriginalDueDate": day(i - 3), "EntityType": "COMPANY", "IsClosed": status.closed,
			"IsImportant": i%5 == 0, "IsOverdue": false, "CreatedDate": at, "ModifiedDate": at,
		}
		if status.closed {
			r["ClosedDate"] = at
		}
		for _, f := range custom {
			if v := s.sample(f, i); v != nil && i%3 != 2 {
				r[f.name] = v
			}
		}
		s.add(objectTask, r)
	}
}
