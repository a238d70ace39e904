package gainsight

// EndpointsByAction returns the names of the endpoints that each action asks, in
// the order of [Endpoints]: the one of its own name and those that serve it
// beside or in place of that.
func EndpointsByAction() map[string][]string {
	serving := map[string][]string{
		BulkSubmit: {"bulk.export"}, BulkStatus: {"bulk.export"}, BulkChunk: {"bulk.export"},
		SuccessPlanCreateWithObjectives: {SuccessPlanCreate},
		SuccessPlanListDeleted:          {SuccessPlanList},
		SuccessPlanPicklist:             {SuccessPlanConfig, SuccessPlanCreate, SuccessPlanUpdate},
		SuccessPlanConfig:               {SuccessPlanCreate, SuccessPlanUpdate},
		CTAConfig:                       {CTACreate, CTAUpdate},
		CTAPicklist:                     {CTAConfig, CTACreate, CTAUpdate},
		TaskListOfCTA:                   {TaskList}, TaskListGet: {TaskList}, TaskQuery: {TaskList},
		ActivityAbortJobs: {ActivityAbortJob}, ActivityJobStatus: {ActivityAbortJob},
		ActivityRead: {ActivitySave},
	}
	byAction := map[string][]string{}
	for _, e := range Endpoints() {
		byAction[e.Name] = append(byAction[e.Name], e.Name)
		for _, action := range serving[e.Name] {
			byAction[action] = append(byAction[action], e.Name)
		}
	}
	return byAction
}
