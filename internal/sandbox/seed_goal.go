package sandbox

import (
	"fmt"
	"slices"
)

// goalFields are the fields of a goal that goals.md knows from the create
// sample (DOC); the types are INFERRED.
func goalFields() []*field {
	return []*field{
		standardField("Name", "Goal Name", typeString, nameField, required),
		standardField("StatusName", "Status", typeString, required),
		standardField("CompanyId", "Company", typeLookup, to(objectCompany)),
		standardField("RelationshipId", "Relationship", typeLookup, to("relationship")),
		standardField("OpportunityId", "Opportunity", typeGSID),
		standardField("EntityType", "Entity Type", typeString, createOnly, length(50)),
		standardField("DueDate", "Due Date", typeDate),
		standardField("Description", "Description", typeRichText),
	}
}

// seedGoals adds the object behind goals, whose name is UNKNOWN, and count
// records.
func (s *seeder) seedGoals(label string, count int, custom ...*field) {
	name := s.seed.work.goalObject
	s.object(&object{
		name: name, label: label, plural: label + "s", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixGoal, s.seed.Name), fields: slices.Concat(systemFields(), goalFields(), custom),
	})
	statuses := s.seed.work.goalStatuses
	for i := range count {
		r := s.stamp(record{
			"Gsid": s.gsid(prefixGoal), "Name": fmt.Sprintf("Raise adoption (%d)", i+1), "StatusName": statuses[i%len(statuses)].name,
			"CompanyId": s.of(objectCompany, i), "EntityType": "COMPANY", "DueDate": day(60 + i),
		}, i)
		for _, f := range custom {
			r[f.name] = s.sample(f, i)
		}
		s.add(name, r)
	}
}

// seedDecoy adds an administrator's own object whose label is that of a
// standard one.
func (s *seeder) seedDecoy(name, label string) {
	s.object(&object{
		name: name, label: label, plural: label + "s", kind: "CUSTOM", keyPrefix: gsidPrefix(prefixCustom, s.seed.Name),
		fields: append(systemFields(), standardField("Name", "Name", typeString, nameField)),
	})
}
