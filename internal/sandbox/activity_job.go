package sandbox

import (
	"net/http"
	"slices"
	"strconv"
)

// An activityJob is one bulk save or update. Its records are written when its
// state becomes COMPLETED (INFERRED).
type activityJob struct {
	id      string
	batch   activityBatch
	results []activityResult
	state   JobState
	polls   int
	stays   bool // IN_PROGRESS until it is aborted
}

func (j *activityJob) done() bool {
	return j.state == JobCompleted || j.state == JobFailed || j.state == JobAborted
}

// seedActivityJobs are jobs that a tenant has had: one that went well, one with
// errors, and one that does not end.
func seedActivityJobs(tenant string) []*activityJob {
	return []*activityJob{
		{id: tenant + "-job-completed", state: JobCompleted, results: []activityResult{{key: "seeded-1"}, {key: "seeded-2"}}},
		{id: tenant + "-job-errors", state: JobCompleted, results: []activityResult{
			{key: "seeded-3"}, {key: "seeded-4", bad: refusef(codeActivityDuplicate, "Activity with ExternalId already exists")},
		}},
		{id: tenant + "-job-running", state: JobInProgress, stays: true},
	}
}

func (t *Tenant) saveActivitiesInBulk(c *call) answer   { return t.startActivityJob(c, false) }
func (t *Tenant) updateActivitiesInBulk(c *call) answer { return t.startActivityJob(c, true) }

// startActivityJob is Bulk Activity Save API and Bulk Update API.
func (t *Tenant) startActivityJob(c *call, update bool) answer {
	b, refusal, ok := t.readActivities(c, update)
	if !ok {
		return refusal
	}
	if most := t.forms.ActivityRecords; most > 0 && len(b.Records) > most {
		return c.badRequest("records holds more than " + strconv.Itoa(most) + " records")
	}
	j := &activityJob{id: newUUID(), batch: b, state: JobSubmitted}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.activityJobs) == maxJobs {
		t.activityJobs = slices.Delete(t.activityJobs, 0, 1)
	}
	t.activityJobs = append(t.activityJobs, j)
	switch key := t.forms.ActivityJobKey; key {
	case "":
		return c.ok(map[string]string{"jobId": j.id})
	case "-":
		return c.ok(j.id)
	default:
		return c.ok(map[string]string{key: j.id})
	}
}

// activityJob finds a job; the tenant is locked. How long the vendor keeps one
// is UNKNOWN.
func (t *Tenant) activityJob(id string) *activityJob {
	i := slices.IndexFunc(t.activityJobs, func(j *activityJob) bool { return j.id == id })
	if i < 0 {
		return nil
	}
	return t.activityJobs[i]
}

// noActivityJob answers for a job that is not there (INFERRED).
func (c *call) noActivityJob() answer { return c.refuse(codeActivityReference, "Job not found", nil) }

// activityJobStatus is Get Status API. The job moves on by one step.
func (t *Tenant) activityJobStatus(c *call) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	j := t.activityJob(c.params["job"])
	if j == nil {
		return c.noActivityJob()
	}
	t.moveOn(j)
	switch t.forms.ActivityJob {
	case JobBare:
		return c.ok(map[string]any{"jobStatus": j.state})
	case JobWithErrors:
		return c.ok(map[string]any{"status": j.state, "errors": j.failed(objectsOf)})
	default:
		data := map[string]any{"jobStatus": j.state}
		if j.state == JobCompleted {
			m := mapsOf(j.results)
			data["successCount"], data["failureCount"], data["failures"] = len(m.Success), len(m.Failures), m.Failures
		}
		return c.ok(data)
	}
}

// failed gives the results of the records that were refused, in a form.
func (j *activityJob) failed(form func([]activityResult) []map[string]any) []map[string]any {
	return form(slices.DeleteFunc(slices.Clone(j.results), func(r activityResult) bool { return r.bad == nil }))
}

// moveOn takes a job through its states, as export jobs go.
func (t *Tenant) moveOn(j *activityJob) {
	if j.done() || j.stays {
		return
	}
	j.polls++
	switch outcome := t.options.JobOutcomes[objectActivity]; {
	case j.polls <= t.options.JobPolls && j.polls == 1:
		j.state = JobSubmitted
	case j.polls <= t.options.JobPolls && j.polls == 2 && t.options.JobPolls > 2:
		j.state = JobNotStarted
	case j.polls <= t.options.JobPolls:
		j.state = JobInProgress
	case outcome == JobFailed || outcome == JobAborted:
		j.state = outcome
	default:
		j.state = JobCompleted
		j.results, j.batch = t.applyActivities(j.batch), activityBatch{}
	}
}

// abortActivityJob is Abort Bulk Jobs (INFERRED, lowest confidence). A job that
// is over stays as it is.
func (t *Tenant) abortActivityJob(c *call) answer { return t.abort(c, c.params["job"]) }

// abortActivityJobs is the other form (INFERRED from the operation's name).
func (t *Tenant) abortActivityJobs(c *call) answer {
	var body struct {
		JobIDs []string `json:"jobIds"`
	}
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	if len(body.JobIDs) == 0 {
		return c.badRequest("jobIds must hold at least one id")
	}
	return t.abort(c, body.JobIDs...)
}

func (t *Tenant) abort(c *call, ids ...string) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		j := t.activityJob(id)
		if j == nil {
			return c.noActivityJob()
		}
		if !j.done() {
			j.state, j.batch = JobAborted, activityBatch{}
		}
	}
	return answer{status: http.StatusOK, body: c.standard(nil)}
}
