package sandbox

import "slices"

// Acme is a tenant with the vendor's own words: the default Call To Action
// configuration, and a custom field of every data type on call_to_action.
func Acme() Seed {
	s := newSeeder("acme", "sandbox-acme-access-key")
	s.seedUsers("User", []string{
		"Ada Berg", "Ben Costa", "Chloe Dubois", "Dan Evans", "Ella Fischer", "Femi Okafor", "Grace Hall",
		"Hugo Ito", "Alex Kim", "Jana Novak", "Kofi Mensah", "Alex Kim", "Mia Rossi",
	}, customField("Department", typeString, length(40)))
	s.seed.bundles = []string{"CSM Bundle", "Analyst Bundle", "Support Bundle"}
	s.seedCompanies("Company", "Companies",
		[]string{"Software", "Finance", "Retail", "Health"},
		[]string{
			"Northwind Traders", "Aurora Labs", "Blue Harbor", "Cedar Systems", "Delta Freight", "Evergreen Foods",
			"Fabrikam", "Granite Bank", "Helios Energy", "Ironwood", "Juniper Media", "Kestrel Air", "Lakeside Health",
			"Meridian Works", "Nimbus Cloud", "Orchard Retail", "Pinecrest", "Quarry Tools", "Redwood Insurance",
			"Silverline", "Tidewater", "Umbra Optics", "Verdant", "Westfall", "Xenon Lighting", "Yellowtail",
			"Zephyr Mobility", "Amber Analytics", "Basalt Mining", "Northwind Traders", "Müller & Söhne", "Coral Hotels",
		},
		customField("Billing State", typeString),
		customField("Unique ID", typeString),
		customField("Segment", typePicklist, from(s.category("Segment", "Enterprise", "Mid Market", "SMB"))),
	)
	s.seedRelationships("Platform", "Mobile")
	s.seed.config = ctaConfig{
		types:      mark(s.items("Risk", "Opportunity", "Lifecycle", "Activity", "Objective", "Campaign"), inactive, "Campaign"),
		priorities: s.items("High", "Medium", "Low"),
		statuses: mark(mark(
			s.items("New", "Work In Progress", "Closed Success", "Closed No Action", "Closed Invalid", "Parked"),
			closing, "Closed Success", "Closed No Action", "Closed Invalid"), inactive, "Parked"),
		reasons: mark(slices.Concat(
			s.typed("Risk", "Bugs Risk", "Support Risk", "Habits", "Sponsor Change", "Weather"),
			s.typed("Opportunity", "Upsell", "Renewal", "Advocacy"),
			s.typed("Lifecycle", "Onboarding", "Kickoff"),
			s.typed("Activity", "Meeting", "Follow Up"),
			s.typed("Objective", "Product Adoption"),
			s.items("Other"),
		), inactive, "Weather"),
	}
	s.seedCTAs("Company", 60, s.everyType()...)
	s.seedTasks(workConfig{
		taskTypes:      s.items("Action", "Email", "Call", "Other"),
		taskStatuses:   mark(s.items("New", "Work In Progress", "Closed", "Not Applicable"), closing, "Closed", "Not Applicable"),
		taskPriorities: s.items("High", "Medium", "Low"),
		playbooks: mark(slices.Concat(
			s.playbooks("Risk", "Save the renewal", "Win the sponsor back", "Retired save plan"),
			s.playbooks("Lifecycle", "Onboard in 30 days"), s.playbooks("", "Escalate")), inactive, "Retired save plan"),
		goalStatuses: s.items("New", "In Progress", "Achieved", "Missed"),
		goalObject:   "cs_goal",
	}, 45,
		customField("Effort", typeNumber),
		customField("Channel", typePicklist, from(s.category("Task Channel", "Phone", "Video", "On Site"))))
	s.seedGoals("Customer Goal", 30, s.goalFieldsOfAcme()...)
	s.seedActivities("Account Note", 25, []string{"Update", "Call", "Email", "Meeting", "Milestone"},
		antField("Sentiment", typePicklist,
			from(s.category("Sentiment", "Positive", "Neutral", "Negative", "Ecstatic").retire("Ecstatic"))),
		antField("Channels", typeMultiSelect, from(s.category("Activity Channels", "Phone", "Email", "On Site").many())),
		antField("CustomNumber", typeNumber),
		antField("CustomText", typeString),
		antField("CustomCheckbox", typeBoolean),
		antField("Next Step At", typeDateTime),
	)
	s.seedUsage("Usage")
	s.seedWide("Wide Record")
	s.seedLogs()
	s.seed.plans = planConfig{
		types: mark(s.items("Onboarding", "Adoption", "Renewal", "Pilot"), inactive, "Pilot"),
		statuses: mark(mark(slices.Concat(
			s.items("Draft", "Active", "Closed Success", "Closed Invalid", "On Hold"),
			s.typed("Renewal", "In Negotiation"),
		), closing, "Closed Success", "Closed Invalid"), inactive, "On Hold"),
		objectives: s.items("Product Adoption", "Return on Investment", "Time to Value"),
		templates:  slices.Concat(s.typed("Onboarding", "Enterprise Template", "Quick Start"), s.typed("Renewal", "Renewal Template")),
	}
	s.seedPlans("Company", 20, 3,
		customField("Executive Goal", typeString),
		customField("Budget", typeCurrency),
		customField("Plan Risk", typePicklist, from(s.category("Plan Risk", "Low", "High"))),
	)
	s.seedPicklistObject()
	return s.seed
}

// goalFieldsOfAcme are the fields that acme's administrator gave goals.
func (s *seeder) goalFieldsOfAcme() []*field {
	return []*field{
		customField("cf_picklist", typePicklist, from(s.category("Goal Product", "CISCO", "JUNIPER", "ARISTA"))),
		customField("Target Value", typeNumber),
		customField("Focus Areas", typeMultiSelect, from(s.category("Goal Focus Areas", "Adoption", "Training", "Support").many())),
		customField("Reviewed At", typeDateTime),
	}
}
