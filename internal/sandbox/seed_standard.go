package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// seedUsers adds the object gsuser and its records. Names may repeat; emails
// do not. The fields are those that user management names (users.md); their
// types are INFERRED, and text where the values are UNKNOWN.
func (s *seeder) seedUsers(label string, names []string, custom ...*field) {
	s.object(&object{
		name: objectUser, label: label, plural: label + "s", kind: "STANDARD", keyPrefix: "P01",
		fields: slices.Concat(systemFields(), []*field{
			standardField("Name", "Name", typeString, nameField, required),
			standardField("FirstName", "First Name", typeString),
			standardField("LastName", "Last Name", typeString),
			standardField("Email", "Email", typeEmail, required),
			standardField("Title", "Title", typeString),
			standardField("Manager", "Manager", typeLookup, to(objectUser)),
			standardField("SFDCUserName", "SFDC User Name", typeString),
			standardField("SfdcUserId", "SFDC User Id", typeSFDCID),
			standardField("IsActiveUser", "Is Active User", typeBoolean),
			standardField("IsSuperAdmin", "Is Super Admin", typeBoolean),
			standardField("LicenseType", "License Type", typeString),
			standardField("SystemType", "System Type", typeString),
			standardField("CompanyID", "Company", typeLookup, to(objectCompany)),
			standardField("Timezone", "Timezone", typeString),
			standardField("Locale", "Locale", typeString),
		}, custom),
	})
	for i, name := range names {
		first, last, _ := strings.Cut(name, " ")
		email := strings.ToLower(first + "." + last + "@example.com")
		if slices.Index(names, name) < i {
			email = strings.ToLower(first+"."+last) + fmt.Sprintf("%d@example.com", i)
		}
		r := s.stamp(record{
			"Gsid": s.gsid(prefixUser), "Name": name, "FirstName": first, "LastName": last, "Email": email,
			"Title": "Customer Success Manager", "SFDCUserName": email, "IsActiveUser": i != len(names)-1,
			"SfdcUserId": fmt.Sprintf("0055e00000EXMP%04d", i), "IsSuperAdmin": i == 0,
			"LicenseType": []string{"Full", "Viewer"}[i%2], "SystemType": "Internal", "Timezone": "Europe/Berlin", "Locale": "en_US",
		}, i)
		if i > 0 {
			r["Manager"] = s.of(objectUser, 0)
		}
		s.add(objectUser, r)
	}
}

// seedCompanies adds the object company and its records. Names may repeat.
func (s *seeder) seedCompanies(label, plural string, industries, names []string, custom ...*field) {
	industry := s.category("Industry", industries...)
	stage := s.category("Stage", "New", "Adopting", "Mature", "At Risk", "Sunset").retire("Sunset")
	s.object(&object{
		name: objectCompany, label: label, plural: plural, kind: "STANDARD", keyPrefix: "P02",
		fields: slices.Concat(systemFields(), []*field{
			standardField("Name", label+" Name", typeString, nameField, required),
			standardField("Csm", "CSM", typeLookup, to(objectUser)),
			standardField("ParentCompany", "Parent "+label, typeLookup, to(objectCompany)),
			standardField("Industry", "Industry", typePicklist, from(industry)),
			standardField("Stage", "Stage", typePicklist, from(stage)),
			standardField("ARR", "ARR", typeCurrency),
			standardField("Employees", "Employees", typeNumber),
			standardField("RenewalDate", "Renewal Date", typeDate),
			standardField("Website", "Website", typeURL),
			standardField("SfdcAccountId", "SFDC Account Id", typeSFDCID),
			standardField("Summary", "Summary", typeRichText),
		}, custom),
	})
	for i, name := range names {
		slug := strings.ToLower(strings.ReplaceAll(name, " ", "-"))
		r := s.stamp(record{
			"Gsid": s.gsid(prefixCompany), "Name": name, "Csm": s.of(objectUser, i), "Industry": industry.pick(i),
			"Stage": stage.pick(i), "ARR": cents(1_250_000 + i*377_700), "Employees": number(40 + i*i*7),
			"RenewalDate": day(30 + i*11), "Website": "https://" + slug + ".example.com",
			"SfdcAccountId": fmt.Sprintf("0015e00000EXMP%04d", i),
		}, i)
		for _, f := range custom {
			if f.dataType == typeString {
				r[f.name] = fmt.Sprintf("%s %d", f.label, i+1)
			}
		}
		if i%5 == 4 {
			delete(r, "RenewalDate")
			r["ParentCompany"] = s.of(objectCompany, i-1)
		}
		s.add(objectCompany, r)
	}
}

// seedRelationships adds the object relationship.
func (s *seeder) seedRelationships(names ...string) {
	s.object(&object{
		name: "relationship", label: "Relationship", plural: "Relationships", kind: "STANDARD",
		keyPrefix: gsidPrefix(prefixOther, s.seed.Name),
		fields: slices.Concat(systemFields(), []*field{
			standardField("Name", "Name", typeString, nameField, required),
			standardField("CompanyId", "Company", typeLookup, to(objectCompany)),
		}),
	})
	for i, name := range names {
		s.add("relationship", s.stamp(record{"Gsid": s.gsid(prefixOther), "Name": name, "CompanyId": s.of(objectCompany, i)}, i))
	}
}

// seedPicklistObject adds the object da_picklist, which holds the Cockpit and
// plan configuration as records (common.md 12: columns LIVE, EST). It comes last,
// when the configuration is known.
func (s *seeder) seedPicklistObject() {
	s.object(&object{
		name: "da_picklist", label: "DA Picklist", plural: "DA Picklists", kind: "SYSTEM",
		fields: []*field{
			standardField("Gsid", "GSID", typeGSID, readOnly),
			standardField("Name", "Name", typeString, nameField),
			standardField("Category", "Category", typeString),
			standardField("IsActive", "Is Active", typeBoolean),
			standardField("Deleted", "Deleted", typeBoolean),
			standardField("CtaType", "CTA Type", typeString),
			standardField("SpType", "SP Type", typeString),
		},
	})
	for _, category := range []string{"CTA_TYPE", "CTA_REASON", "CTA_STATUS", "CTA_PRIORITY"} {
		items, _ := s.seed.config.category(category, "CTA_REASON")
		for _, it := range items {
			r := record{"Gsid": it.gsid, "Name": it.name, "Category": category, "IsActive": !it.inactive, "Deleted": false}
			if it.typeName != "" {
				r["CtaType"] = it.typeName
			}
			s.add("da_picklist", r)
		}
	}
	for _, category := range []string{categoryPlanType, categoryPlanStatus, categoryPlanObjective} {
		for _, it := range s.seed.plans.category(category) {
			r := record{"Gsid": it.gsid, "Name": it.name, "Category": category, "IsActive": !it.inactive, "Deleted": false}
			if it.typeName != "" {
				r["SpType"] = it.typeName // a name, as CtaType (INFERRED)
			}
			s.add("da_picklist", r)
		}
	}
}

// seedLogs adds objects as tenants have them without any use here: email_logs
// has no Gsid (data_management.md, LIVE) and no keyPrefix (DOC2).
func (s *seeder) seedLogs() {
	s.object(&object{
		name: "email_logs", label: "Email Logs", plural: "Email Logs", kind: "SYSTEM",
		fields: []*field{
			standardField("Subject", "Subject", typeString),
			standardField("SentDate", "Sent Date", typeDateTime),
			standardField("Recipient", "Recipient", typeEmail),
		},
	})
}
