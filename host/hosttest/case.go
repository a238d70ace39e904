package hosttest

import "slices"

// Case is one thing that a connector must do.
type Case struct {
	// Group is the part of the contract that it belongs to.
	Group string
	// Name is unique in the group.
	Name string
	// Proves says in one sentence what holds if the case passes.
	Proves string
	// Needs is what the case cannot do without.
	Needs []Need

	run func(t *trial)
}

// ID is the group and the name: "streams/trailer".
func (c Case) ID() string { return c.Group + "/" + c.Name }

// Cases returns all cases, in the order in which they run.
func Cases() []Case {
	return slices.Concat(
		manifestCases(), lifecycleCases(), isolationCases(), schemaCases(), driftCases(), callCases(), errorCases(), tenantFailureCases(),
		cancelCases(), downloadCases(), resumeCases(), uploadCases(), chaosCases(), hygieneCases(), secretCases(), versionCases(),
		launchCases(), limitCases(),
	)
}

// Groups returns the names of the groups, in order.
func Groups() []string {
	var groups []string
	for _, c := range Cases() {
		if !slices.Contains(groups, c.Group) {
			groups = append(groups, c.Group)
		}
	}
	return groups
}
