package timeline

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// job is the state of a bulk save or update.
type job struct {
	ID     string `json:"jobId"`
	Status string `json:"jobStatus"`
	// Done is set once the state is final.
	Done bool `json:"done"`
	// Succeeded and Failed are numbers of records. Nil: not told.
	Succeeded *int64 `json:"succeeded"`
	Failed    *int64 `json:"failed"`
	// Errors are those of single records, as far as the tenant tells.
	Errors []jobError `json:"errors"`
}

// jobError is what the tenant said of one record of a job.
type jobError struct {
	// Record is the name that the tenant gives it: its ExternalId, ActivityId
	// or number. Nil: none.
	Record  *string `json:"record"`
	Code    string  `json:"code"`
	Message string  `json:"message"`
}

// bindJob returns the job id of an input.
func bindJob(c *actions.Call) (string, error) {
	var in struct {
		ID string `json:"jobId"`
	}
	err := c.Bind(&in)
	return in.ID, err
}

// states are the states of a job; the last three are final (timeline.md, DOC2).
func states() []string {
	return []string{"SUBMITTED", "NOT_STARTED", "IN_PROGRESS", "COMPLETED", "FAILED", "ABORTED"}
}

// status asks for the state of a job. Where in the answer it is, and all the
// rest, is not documented (open question 11).
func status(ctx context.Context, c *actions.Call, id string) (job, error) {
	answer, err := c.Do(ctx, gainsight.Request{
		Endpoint: gainsight.ActivityJobStatus, Path: map[string]string{"jobId": id}, Effect: connector.EffectRead,
	})
	if err != nil {
		return job{}, err
	}
	return parseJob(answer.Find, c.Tenant.Client().Config().Endpoint(gainsight.ActivityJobStatus).Keys, id)
}

// parseJob reads the state of a job; find looks a value up by its paths.
func parseJob(find func([]string) json.RawMessage, keys map[string][]string, id string) (job, error) {
	j := job{ID: id, Status: strings.ToUpper(scalar(find, keys[gainsight.KeyJobStatus])), Errors: []jobError{}}
	if j.Status == "" {
		return job{}, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's answer holds no state of the job").
			WithHint("Where the state is in the answer can be set: endpoints.%q.keys.%s.", gainsight.ActivityJobStatus, gainsight.KeyJobStatus)
	}
	j.Done = slices.Contains(states()[3:], j.Status)
	j.Succeeded = count(find(keys[gainsight.KeyJobSucceeded]))
	j.Failed = count(find(keys[gainsight.KeyJobFailed]))
	for _, v := range verdictsOf(find(keys[gainsight.KeyJobErrors]), refused) {
		e := jobError{}
		e.Code, e.Message = v.code, v.text()
		if len(v.names) > 0 {
			e.Record = &v.names[0]
		}
		j.Errors = append(j.Errors, e)
	}
	return j, nil
}

// jobID reads the id of the job that a bulk call has started.
func jobID(c *actions.Call, endpoint string, answer *gainsight.Answer) (string, error) {
	id := scalar(answer.Find, c.Tenant.Client().Config().Endpoint(endpoint).Keys[gainsight.KeyJobID])
	if id == "" {
		e := connector.Errorf(connector.ReasonDownstreamContract, "the tenant accepted the records but its answer holds no job id").
			WithHint("Where the id is in the answer is not documented; set endpoints.%q.keys.%s.", endpoint, gainsight.KeyJobID)
		e.OutcomeUnknown = true // the job runs
		e.Downstream.RequestID = answer.RequestID
		return "", e
	}
	return id, nil
}

// scalar returns the first string or number at one of the paths; empty if
// there is none.
func scalar(find func([]string) json.RawMessage, paths []string) string {
	for _, path := range paths {
		value := find([]string{path})
		var s string
		if json.Unmarshal(value, &s) == nil && s != "" {
			return s
		}
		var n json.Number
		if json.Unmarshal(value, &n) == nil && n != "" {
			return n.String()
		}
	}
	return ""
}

// count reads a number. Nil: there is none.
func count(value json.RawMessage) *int64 {
	var n *int64
	if json.Unmarshal(value, &n) != nil {
		return nil
	}
	return n
}
