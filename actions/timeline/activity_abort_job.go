package timeline

import (
	"context"
	_ "embed"
	"errors"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_abort_job.json
var activityAbortJobDocument []byte

// activityAbortJob is Abort Bulk Jobs. No source shows path, method or body;
// only the state ABORTED is documented (timeline.md). What the call came to is
// what the job says of itself afterwards.
func activityAbortJob() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.abort_job", Title: "Abort Bulk Jobs", Group: group,
			Summary:          "Asks the tenant to end a bulk save or update and returns the state of the job after that.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred,
		},
		Document: activityAbortJobDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			id, err := bindJob(c)
			if err != nil {
				return nil, err
			}
			if err := abort(ctx, c, id); err != nil {
				return nil, err
			}
			return status(ctx, c, id)
		},
	}
}

func abort(ctx context.Context, c *actions.Call, id string) error {
	_, err := c.Do(ctx, abortRequest(c.Tenant.Client().Config(), id))
	if errors.Is(err, connector.ReasonNotFound) {
		e := *connector.AsError(err)
		e.Message += "; the abort path of this tenant is not confirmed"
		return &e
	}
	return err
}

// abortRequest is in the form that the connection chooses.
func abortRequest(config gainsight.Config, id string) gainsight.Request {
	req := gainsight.Request{
		Endpoint: gainsight.ActivityAbortJob, Path: map[string]string{"jobId": id}, Effect: connector.EffectIdempotentWrite,
	}
	if config.Endpoint(gainsight.ActivityAbortJob).Form == gainsight.AbortFormIDs {
		req.Endpoint, req.Path = gainsight.ActivityAbortJobs, nil
		req.Body = map[string]any{config.Endpoint(gainsight.ActivityAbortJobs).FieldNames[gainsight.NameJobIDs]: []string{id}}
	}
	return req
}
