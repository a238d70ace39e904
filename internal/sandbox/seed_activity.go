package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// prefixActivity stands for the type prefix of activities, which is UNKNOWN.
const prefixActivity = "1X04"

// antField makes a custom field of activities: Ant__Name__c, not __gc
// (common.md 10, DOC2; LIVE).
func antField(label, dataType string, traits ...trait) *field {
	f := customField(label, dataType)
	f.name = "Ant__" + strings.TrimSuffix(f.name, "__gc") + "__c"
	for _, t := range traits {
		t(f)
	}
	return f
}

// activityFields are the standard fields of activity_timeline: the columns seen
// live (timeline.md, Read Activity), with types INFERRED. Which of the lesser
// ones can be written is UNKNOWN: none.
func activityFields() []*field {
	return []*field{
		standardField("Gsid", "GSID", typeGSID, readOnly),
		standardField("ExternalId", "External Id", typeString, createOnly),
		standardField("ContextName", "Context Name", typeString, createOnly),
		standardField("ContextId", "Context Id", typeGSID, createOnly),
		standardField("TypeName", "Type Name", typeString),
		standardField("Subject", "Subject", typeString, nameField, required, length(750)),
		standardField("Notes", "Notes", typeRichText),
		standardField("NotesPlainText", "Notes Plain Text", typeString, readOnly, length(32768)),
		standardField("ActivityDate", "Activity Date", typeDateTime),
		standardField("AuthorId", "Author", typeLookup, to(objectUser)),
		standardField("GsCompanyId", "Company", typeLookup, to(objectCompany)),
		standardField("GsRelationshipId", "Relationship", typeLookup, to("relationship")),
		standardField("GsRelationshipTypeId", "Relationship Type", typeGSID, readOnly),
		standardField("InternalAttendees", "Internal Attendees", typeString, length(4000)),
		standardField("ExternalAttendees", "External Attendees", typeString, length(4000)),
		standardField("DurationInMins", "Duration In Mins", typeNumber),
		standardField("MilestoneType", "Milestone Type", typeString, readOnly),
		standardField("ReportingCategory", "Reporting Category", typeString, readOnly),
		standardField("Scorecard", "Scorecard", typeString, readOnly),
		standardField("ScorecardMeasure", "Scorecard Measure", typeString, readOnly),
		standardField("ScoreDetails", "Score Details", typeString, readOnly),
		standardField("Source", "Source", typeString, readOnly),
		standardField("ExternalSource", "External Source", typeString, readOnly),
		standardField("SfTaskId", "SF Task Id", typeString, readOnly),
		standardField("SfEventId", "SF Event Id", typeString, readOnly),
		standardField("UserEmail", "User Email", typeEmail, readOnly),
		standardField("UserName", "User Name", typeString, readOnly),
		standardField("CreatedBy", "Created By", typeLookup, to(objectUser), readOnly),
		standardField("CreatedDate", "Created Date", typeDateTime, readOnly),
		standardField("LastModifiedBy", "Last Modified By", typeLookup, to(objectUser), readOnly),
		standardField("LastModifiedDate", "Last Modified Date", typeDateTime, readOnly),
	}
}

// seedActivities adds the objects activity_timeline and person, and count
// activities. The fields of metadata that say nothing of activities, the types,
// are part of the tenant (open question 45).
func (s *seeder) seedActivities(label string, count int, types []string, custom ...*field) {
	s.seedPersons()
	s.seed.types = types
	s.object(&object{
		name: objectActivity, label: label, plural: label + "s", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixActivity, s.seed.Name), fields: slices.Concat(activityFields(), custom),
	})
	for i := range count {
		at := seedTime.Add(time.Duration(i) * 11 * time.Hour)
		author := s.seed.records[objectUser][i%len(s.seed.records[objectUser])]
		r := record{
			"Gsid": s.gsid(prefixActivity), activityIDKey: fmt.Sprintf("%s-a-%04d", s.seed.Name, i+1),
			"ExternalId": fmt.Sprintf("%s-activity-%04d", s.seed.Name, i+1), "ContextName": "Company",
			"TypeName": types[i%len(types)], "Subject": fmt.Sprintf("%s %d", label, i+1),
			"Notes": fmt.Sprintf("<p>Note %d</p>", i+1), "NotesPlainText": fmt.Sprintf("Note %d", i+1),
			"ActivityDate": at, "AuthorId": author.gsid(), "GsCompanyId": s.of(objectCompany, i),
			"InternalAttendees": author["Name"], "Source": "C360", "DurationInMins": number(15 * (i%4 + 1)),
			"CreatedBy": author.gsid(), "CreatedDate": at, "LastModifiedBy": author.gsid(), "LastModifiedDate": at.Add(time.Hour),
		}
		for _, f := range custom {
			if v := s.sample(f, i); v != nil && i%3 != 2 {
				r[f.name] = v
			}
		}
		s.add(objectActivity, r)
	}
}

// seedPersons adds the object person, among which external attendees are
// looked up (open question 22).
func (s *seeder) seedPersons() {
	s.object(&object{
		name: "person", label: "Person", plural: "Persons", kind: "STANDARD", keyPrefix: gsidPrefix(prefixOther, s.seed.Name),
		fields: slices.Concat(systemFields(), []*field{
			standardField("Name", "Name", typeString, nameField, required),
			standardField("Email", "Email", typeEmail),
		}),
	})
	for i, name := range []string{"Pat Quinn", "Robin Stone"} {
		email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@" + s.seed.Name + ".example.org"
		s.add("person", s.stamp(record{"Gsid": s.gsid(prefixOther), "Name": name, "Email": email}, i))
	}
}
