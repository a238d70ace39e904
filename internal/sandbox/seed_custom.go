package sandbox

import (
	"fmt"
	"slices"
)

// everyType gives one custom field for every data type of data_management.md
// and two that no source knows, GEOPOINT among them.
func (s *seeder) everyType() []*field {
	severity := s.category("Severity", "Low", "Medium", "High", "Legacy").retire("Legacy")
	region := s.category("Region", "EMEA", "Americas", "APAC")
	country := s.category("Country", "Germany", "France", "United States", "Japan", "Atlantis").retire("Atlantis")
	for label, of := range map[string]string{"Germany": "EMEA", "France": "EMEA", "United States": "Americas", "Japan": "APAC"} {
		country.depend(label, region, of)
	}
	channels := s.category("Channels", "Email", "Phone", "In-app", "Fax").many().retire("Fax")
	regionField := customField("Region", typePicklist, from(region))
	return []*field{
		customField("Short Text", typeString, length(20), help("At most twenty characters.")),
		customField("Long Note", typeRichText),
		customField("Customer Visible", typeBoolean, defaultTo("false")),
		customField("Affected Seats", typeNumber, decimals(0)),
		customField("Adoption", typePercentage, decimals(1)),
		customField("Revenue at Risk", typeCurrency),
		customField("customDate", typeDate, func(f *field) { f.name = "CustomDate__gc" }),
		customField("Escalated At", typeDateTime),
		customField("External GSID", typeGSID),
		customField("Opportunity Id", typeSFDCID),
		customField("Contact Email", typeEmail),
		customField("Ticket URL", typeURL),
		customField("Executive Sponsor", typeLookup, to(objectUser)),
		customField("Partner", typeLookup, to(objectCompany)),
		customField("Severity", typePicklist, from(severity)),
		regionField,
		customField("Country", typePicklist, from(country), controlledBy(regionField)),
		customField("Channels", typeMultiSelect, from(channels)),
		customField("Payload", typeJSON),
		customField("Payload Text", typeJSONString),
		customField("Payload Number", typeJSONNumber),
		customField("Payload Flag", typeJSONBoolean),
		customField("Screenshot", "IMAGE", readOnly),
		customField("Site Position", "GEOPOINT", length(255)),
		customField("Internal Code", typeString, hidden),
		customField("Who", "WHOID", readOnly),
		customField("What", "WHATID", readOnly),
		customField("Context", "CONTEXT", readOnly),
		customField("Event Time", "TIMESTAMP", readOnly),
		customField("Whole", "INTEGER", readOnly),
		customField("Big", "LONG", readOnly),
		customField("Fraction", "DOUBLE", readOnly, decimals(9)),
		customField("Share", "PERCENT", readOnly),
		customField("Health", "SCORE", readOnly),
		customField("List", "ARRAY", readOnly),
	}
}

// wideFields is how many fields the widest object has: what the vendor
// recommends at most (common.md 3, DOC).
const wideFields = 200

// seedWide adds the object wide__gc.
func (s *seeder) seedWide(label string) {
	stage := s.category(label+" Grade", "A", "B", "C", "D", "Retired").retire("Retired")
	tags := s.category(label+" Tags", "Alpha", "Beta", "Gamma").many()
	kinds := []string{
		typeString, typeNumber, typeBoolean, typeDate, typeDateTime, typeCurrency, typePercentage,
		typePicklist, typeMultiSelect, typeLookup, typeEmail, typeURL, typeRichText,
	}
	fields := append(systemFields(), standardField("Name", "Name", typeString, nameField, required))
	for i := len(fields); i < wideFields; i++ {
		f := customField(fmt.Sprintf("Attribute %03d", i+1), kinds[i%len(kinds)])
		switch f.dataType {
		case typePicklist:
			f.category = stage
		case typeMultiSelect:
			f.category = tags
		case typeLookup:
			f.lookup = objectUser
		}
		fields = append(fields, f)
	}
	s.object(&object{
		name: "wide__gc", label: label, plural: label + "s", kind: "CUSTOM",
		keyPrefix: gsidPrefix(prefixCustom, s.seed.Name), fields: fields,
	})
	for i := range 5 {
		r := s.stamp(record{"Gsid": s.gsid(prefixCustom), "Name": fmt.Sprintf("%s %d", label, i+1)}, i)
		for _, f := range fields {
			if f.group == groupCustom {
				r[f.name] = s.sample(f, i)
			}
		}
		s.add("wide__gc", r)
	}
}

// seedUsage adds the object usage__gc, whose rows are generated.
func (s *seeder) seedUsage(label string) {
	s.object(&object{
		name: objectUsage, label: label, plural: label, kind: "CUSTOM", keyPrefix: gsidPrefix(prefixCustom, s.seed.Name),
		fields: slices.Concat(systemFields(), []*field{
			customField("Row Number", typeNumber),
			customField("Company", typeLookup, to(objectCompany)),
			customField("Day", typeDate),
			customField("Recorded At", typeDateTime),
			customField("Logins", typeNumber),
			customField("Minutes", typeNumber, decimals(1)),
			customField("Revenue", typeCurrency),
			customField("Score", typePercentage, decimals(1)),
			customField("Active", typeBoolean),
			customField("Feature", typeString),
			customField("Note", typeString, length(500)),
		}),
	})
}
