package sandbox

// seedExports are exports that a tenant has had: one of its companies that is
// completed, and one that does not end.
func (t *Tenant) seedExports() {
	for suffix, state := range map[string]JobState{"completed": JobCompleted, "running": JobInProgress} {
		j, err := t.newJob(t.schema.object(objectCompany), exportQuery{Select: []string{"Gsid", "Name"}})
		if err != nil {
			continue // a tenant without companies has had none
		}
		j.id, j.state, j.outcome, j.polls = t.name+"-export-"+suffix, state, state, t.options.JobPolls
		t.jobs.add(j)
	}
}
