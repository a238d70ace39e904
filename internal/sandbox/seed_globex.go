package sandbox

import "slices"

// Globex is a tenant that made Gainsight its own: other labels and custom
// fields, reasons whose names repeat across types, picklists that describe
// leaves empty, and a mandatory custom field that describe does not call
// required.
func Globex() Seed {
	s := newSeeder("globex", "sandbox-globex-access-key")
	s.seedUsers("Team Member", []string{
		"Olga Peters", "Paul Quist", "Rita Sato", "Sven Torres", "Tara Ueda", "Umar Vance", "Vera Weiss",
		"Will Xu", "Yara Zaki", "Zoe Abbas", "Aron Blum", "Bea Cruz",
	}, customField("Cost Center", typeNumber), customField("Works Council", typeBoolean))
	s.seed.bundles = []string{"Key Account", "Back Office"}
	s.seedCompanies("Account", "Accounts",
		[]string{"Public Sector", "Manufacturing", "Energy"},
		[]string{
			"Alpine Rail", "Borealis Steel", "City of Springdale", "Drumlin Water", "Estuary Ports", "Fjord Power",
			"Glacier Paper", "Heath Robotics", "Inlet Shipping", "Jetty Marine", "Karst Cement", "Lagoon Chemicals",
			"Moraine Parts", "Nunatak Research", "Oasis Solar", "Prairie Grain", "Quay Logistics", "Ravine Timber",
			"Savanna Textiles", "Tundra Gas", "Upland Dairy", "Valley Motors", "Wadi Copper", "Xeric Seeds", "Yardang Glass",
			"Zenith Transit", "Atoll Telecom", "Bayou Plastics", "Canyon Aerospace", "Delta Hydro",
		},
		customField("Contract Number", typeString),
	)
	s.seedRelationships("Plant 1")
	s.seed.config = ctaConfig{
		types:      s.items("Risk", "Expansion", "Onboarding", "Executive"),
		priorities: s.items("Critical", "High", "Normal"),
		statuses: mark(slices.Concat(
			s.items("New", "In Progress", "Closed Success", "Closed Lost"),
			s.typed("Executive", "Board Review"),
		), closing, "Closed Success", "Closed Lost"),
		reasons: slices.Concat(
			s.typed("Risk", "Contract", "Usage", "Other"),
			s.typed("Expansion", "Contract", "Usage", "Other"),
			s.typed("Onboarding", "Data Load", "Other"),
			s.typed("Executive", "Escalation", "Other"),
		),
	}
	impact := s.category("Business Impact", "Production stopped", "Delayed", "None", "Unknown").retire("Unknown")
	plant := s.category("Plant", "Hamburg", "Lyon", "Osaka", "Closed Plant").retire("Closed Plant")
	skills := s.category("Skills", "Data", "Process", "Training").many()
	s.seedCTAs("Account", 60,
		customField("Business Impact", typePicklist, from(impact), enforced),
		customField("Plant", typePicklist, from(plant), bareOptions),
		customField("Skills Needed", typeMultiSelect, from(skills), bareOptions),
		customField("Penalty", typeCurrency, claimed),
		customField("Approver", typeLookup, to(objectUser)),
		customField("Go Live", typeDate),
		customField("Blueprint", "BLUEPRINT"),
	)
	s.seedTasks(workConfig{
		taskTypes:      s.items("Action", "Site Visit"),
		taskStatuses:   mark(s.items("Open", "Done", "Dropped"), closing, "Done", "Dropped"),
		taskPriorities: s.items("Critical", "Normal"),
		playbooks:      s.playbooks("Risk", "Restart the line"),
		goalStatuses:   s.items("Draft", "Agreed", "Reached"),
		goalObject:     "objective_master",
	}, 20, customField("Plant Id", typeString))
	s.seedDecoy("goal__gc", "Goal")
	s.seedGoals("Goal", 12, customField("Tonnes Saved", typeNumber, required))
	s.seedActivities("Visit Log", 12, []string{"Visit", "Board Review", "Update"},
		antField("Site Visited", typePicklist, from(s.category("Site Visited", "Hamburg", "Lyon"))),
		antField("Visitors", typeNumber, required),
	)
	s.seedUsage("Meter Readings")
	s.seedWide("Asset")
	s.seedLogs()
	s.seed.plans = planConfig{
		types: s.items("Rollout", "Modernization"),
		statuses: mark(slices.Concat(
			s.items("Planned", "Running", "Done"),
			s.typed("Modernization", "Permit Pending"),
		), closing, "Done"),
		objectives: s.items("Safety", "Output"),
		templates:  s.typed("Rollout", "Plant Rollout"),
	}
	s.seedPlans("Account", 12, 1,
		customField("Site Manager", typeLookup, to(objectUser)),
		customField("Shift Model", typePicklist, from(s.category("Shift Model", "Two", "Three")), bareOptions),
	)
	s.seedPicklistObject()
	return s.seed
}
