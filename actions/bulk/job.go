package bulk

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// export is what a job exports.
type export struct {
	Object string `json:"objectName"`
	gainsight.Query
	Limit   actions.Whole `json:"limit"`
	Offset  actions.Whole `json:"offset"`
	Format  format        `json:"format"`
	Options struct {
		Parallel actions.Whole `json:"parallel"`
	} `json:"options"`
}

// submit starts a job and returns the address of its state.
func submit(ctx context.Context, c *actions.Call, e export) (string, error) {
	body, err := gainsight.DialectObject.Encode(e.Query, nil)
	if err != nil {
		return "", err
	}
	if e.Limit > 0 {
		body["limit"] = e.Limit
	}
	if e.Offset > 0 {
		body["offset"] = e.Offset
	}
	answer, err := c.Do(ctx, gainsight.Request{
		Endpoint: gainsight.BulkSubmit, Path: map[string]string{"objectName": e.Object},
		Body: body, Effect: connector.EffectUnsafeWrite, Private: e.Private(),
	})
	if err != nil {
		return "", c.Tenant.ExplainQuery(ctx, c.Tenant.ExplainObject(ctx, err, e.Object), e.Query, e.Object)
	}
	var url string
	if err := find(c, answer, gainsight.BulkSubmit, gainsight.KeyStatusURL, &url); err != nil || url == "" {
		return "", connector.Errorf(connector.ReasonDownstreamContract, "the tenant accepted the job but its answer holds no address to ask at").
			WithHint("Where the address is in the answer is not documented; set endpoints.%q.keys.%s.", gainsight.BulkSubmit, gainsight.KeyStatusURL)
	}
	return url, nil
}

// find reads a value of an answer at the places that the endpoint names; to
// stays as it is if there is none.
func find(c *actions.Call, answer *gainsight.Answer, endpoint, key string, to any) error {
	value := answer.Find(c.Tenant.Client().Config().Endpoint(endpoint).Keys[key])
	if value == nil {
		return nil
	}
	if err := json.Unmarshal(value, to); err != nil {
		return connector.Errorf(connector.ReasonDownstreamContract, "%s in the tenant's answer has an unexpected type: %w", key, err)
	}
	return nil
}

// States of a job (bulk.md, DOC2).
const (
	stateCompleted = "COMPLETED"
	stateFailed    = "FAILED"
	stateAborted   = "ABORTED"
)

// job is the state of a job.
type job struct {
	Status string `json:"jobStatus"`
	// Done is set once the state is final.
	Done bool `json:"done"`
	// Total is the number of rows of a completed job. Nil: not told.
	Total  *int64  `json:"totalRecords"`
	Chunks []chunk `json:"chunks"`
}

// chunk is a part of a completed job's output.
type chunk struct {
	URL    string `json:"chunkUrl"`
	Offset int64  `json:"offset"`
	Limit  int64  `json:"limit"`
}

// rowsOf returns how many rows a chunk must have: its limit, and what is left
// of the total for the last. false: the chunks do not say, for they do not lie
// one after the other up to the total.
func (j job) rowsOf(index int) (rows uint64, known bool) {
	if j.Total == nil {
		return 0, false
	}
	var at int64
	for _, c := range j.Chunks {
		if c.Offset != at || c.Limit <= 0 || at >= *j.Total {
			return 0, false
		}
		at += c.Limit
	}
	if at < *j.Total {
		return 0, false
	}
	c := j.Chunks[index]
	return uint64(min(c.Limit, *j.Total-c.Offset)), true //nolint:gosec // more than nothing, as seen above
}

// await asks for the state of a job, ever less often, until it is final. The
// caller's context bounds the wait: how long a job may take is not documented.
func await(ctx context.Context, c *actions.Call, url string, out actions.Sink) (job, error) {
	pauses := backoff.ExponentialBackOff{
		InitialInterval: 200 * time.Millisecond, RandomizationFactor: 0.2, Multiplier: 1.6, MaxInterval: 30 * time.Second,
	}
	for {
		j, err := status(ctx, c, url)
		switch {
		case err != nil:
			return job{}, err
		case j.Status == stateCompleted:
			return j, nil
		case j.Done:
			return j, connector.Errorf(connector.ReasonDownstreamUnavailable, "the tenant ended the export job as %s", j.Status).
				WithHint("The vendor gives no reason. Submit it again, with fewer fields or a narrower filter if it fails again.")
		}
		if err := out.Progress(connector.Progress{Message: "export job is " + j.Status}); err != nil {
			return job{}, err
		}
		if err := c.Tenant.Client().Sleep(ctx, pauses.NextBackOff()); err != nil {
			return job{}, err
		}
	}
}

// status asks for the state of a job.
func status(ctx context.Context, c *actions.Call, url string) (job, error) {
	answer, err := c.Do(ctx, gainsight.Request{
		Endpoint: gainsight.BulkStatus, Path: map[string]string{"url": url}, Effect: connector.EffectRead,
	})
	if err != nil {
		return job{}, err
	}
	j := job{Chunks: []chunk{}}
	var details []struct {
		URL    string `json:"chunkURL"`
		Offset int64  `json:"offset"`
		Limit  int64  `json:"limit"`
	}
	for key, to := range map[string]any{
		gainsight.KeyJobStatus: &j.Status, gainsight.KeyTotalRecords: &j.Total, gainsight.KeyChunks: &details,
	} {
		if err := find(c, answer, gainsight.BulkStatus, key, to); err != nil {
			return job{}, err
		}
	}
	if j.Status == "" {
		return job{}, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's answer holds no state of the job").
			WithHint("Where the state is in the answer can be set: endpoints.%q.keys.%s.", gainsight.BulkStatus, gainsight.KeyJobStatus)
	}
	for i, d := range details {
		if d.URL == "" {
			return job{}, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's answer holds no address of chunk %d of %d", i+1, len(details))
		}
		j.Chunks = append(j.Chunks, chunk{URL: d.URL, Offset: d.Offset, Limit: d.Limit})
	}
	j.Status = strings.ToUpper(j.Status)
	j.Done = j.Status == stateCompleted || j.Status == stateFailed || j.Status == stateAborted
	return j, nil
}
