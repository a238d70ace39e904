package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// planFields are the standard fields of cta_group: the column list of a real
// tenant (success_plan.md, GITLAB, LIVE) in PascalCase (INFERRED), with the
// types INFERRED.
func planFields(companyLabel string) []*field {
	const picklist = "da_picklist"
	return []*field{
		standardField("Gsid", "GSID", typeGSID, readOnly),
		standardField("Name", "Name", typeString, nameField, required),
		standardField("CompanyId", companyLabel, typeLookup, to(objectCompany), required, createOnly),
		standardField("OwnerId", "Owner", typeLookup, to(objectUser), required),
		standardField("SuccessPlanTypeId", "Type", typeLookup, to(picklist)),
		standardField("StatusId", "Status", typeLookup, to(picklist)),
		standardField("ActionPlan", "Action Plan", typeRichText),
		standardField("Highlights", "Highlights", typeRichText),
		standardField("Description", "Description", typeRichText),
		standardField("EntityType", "Entity Type", typeString, createOnly, length(50), defaultTo("COMPANY")),
		standardField("SharingType", "Sharing Type", typeString, readOnly),
		standardField("Source", "Source", typeString, readOnly),
		standardField("CloseSource", "Close Source", typeString, readOnly),
		standardField("DueDate", "Due Date", typeDate, required),
		standardField("OriginalDueDate", "Original Due Date", typeDate, readOnly),
		standardField("StartDate", "Start Date", typeDate),
		standardField("ActiveDate", "Active Date", typeDate, readOnly),
		standardField("ClosedDate", "Closed Date", typeDateTime, readOnly),
		standardField("CreatedDate", "Created Date", typeDateTime, readOnly),
		standardField("ModifiedDate", "Modified Date", typeDateTime, readOnly),
		standardField("CreatedById", "Created By", typeLookup, to(objectUser), readOnly),
		standardField("ModifiedById", "Modified By", typeLookup, to(objectUser), readOnly),
		standardField("IsClosed", "Is Closed", typeBoolean, readOnly),
		standardField("IsOverdue", "Is Overdue", typeBoolean, readOnly),
		standardField("IsClosedOverdue", "Is Closed Overdue", typeBoolean, readOnly),
		standardField("OverDueType", "Over Due Type", typeString, readOnly),
		standardField("PercentComplete", "Percent Complete", typePercentage, readOnly),
		standardField("DueDateVariance", "Due Date Variance", typeNumber, readOnly),
		standardField("OpenObjectiveCount", "Open Objective Count", typeNumber, readOnly),
		standardField("TotalObjectiveCount", "Total Objective Count", typeNumber, readOnly),
		standardField("ClosedWonObjectiveCount", "Closed Won Objective Count", typeNumber, readOnly),
		standardField("ClosedLostObjectiveCount", "Closed Lost Objective Count", typeNumber, readOnly),
		standardField("OpenTaskCount", "Open Task Count", typeNumber, readOnly),
		standardField("ClosedTaskCount", "Closed Task Count", typeNumber, readOnly),
	}
}

// seedPlans adds the object cta_group, which holds success plans: some that
// exist and some that were deleted.
func (s *seeder) seedPlans(companyLabel string, count, deleted int, custom ...*field) {
	s.object(&object{
		name: objectPlan, label: "Success Plan", plural: "Success Plans", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixPlan, s.seed.Name), fields: slices.Concat(planFields(companyLabel), custom),
		pseudo: map[string]string{"StatusName": "StatusId__gr.Name", "TypeName": "SuccessPlanTypeId__gr.Name"},
	})
	for i := range count + deleted {
		r := s.plan(i)
		for _, f := range custom {
			if v := s.sample(f, i); v != nil && i%2 == 0 {
				r[f.name] = v
			}
		}
		if i < count {
			s.add(objectPlan, r)
		} else {
			s.add(deletedPlans, r)
		}
	}
}

// plan is the nth seeded plan without its custom fields.
func (s *seeder) plan(n int) record {
	cfg := s.seed.plans
	kind := pickFor(cfg.types, "", n)
	status := pickFor(cfg.statuses, kind.name, n)
	created := seedTime.Add(time.Duration(n) * 9 * time.Hour)
	r := record{
		"Gsid": s.gsid(prefixPlan), "Name": fmt.Sprintf("%s plan (%d)", kind.name, n+1),
		"CompanyId": s.of(objectCompany, n), "OwnerId": s.of(objectUser, n), "SuccessPlanTypeId": kind.gsid,
		"StatusId": status.gsid, "EntityType": "COMPANY", "SharingType": "PUBLIC", "Source": "UI",
		"DueDate": day(90 + n*3), "OriginalDueDate": day(80 + n*3), "StartDate": day(n), "CreatedDate": created,
		"ModifiedDate": created.Add(3 * time.Hour), "CreatedById": s.of(objectUser, 0), "ModifiedById": s.of(objectUser, n),
		"IsClosed": status.closed, "PercentComplete": number(n * 11 % 101), "TotalObjectiveCount": number(n % 4),
		"OpenObjectiveCount": number(n % 4 / 2),
	}
	if status.closed {
		r["ClosedDate"] = created.Add(72 * time.Hour)
	}
	if n%2 == 0 {
		r["ActionPlan"] = "<p>Step " + number(n).String() + " of the plan.</p>"
	}
	return r
}
