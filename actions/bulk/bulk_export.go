package bulk

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed bulk_export.json
var bulkExportDocument []byte

// bulkExport is beyond the vendor's list: submit, wait and fetch every chunk,
// as one CSV stream.
func bulkExport() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.export", Title: "Bulk Export", Group: group,
			Summary:          "Exports rows of an object as one CSV stream: submits the job, waits for it and fetches every chunk.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented, Selectors: []string{actions.SelectObject},
		},
		Document: bulkExportDocument,
		Spends:   gainsight.BulkSubmit,
		Options:  exportOptions(),
		Stream: func(ctx context.Context, c *actions.Call, out actions.Sink) (connector.StreamSummary, error) {
			var in export
			if err := c.Bind(&in); err != nil {
				return connector.StreamSummary{}, err
			}
			return run(ctx, c, in, out)
		},
	}
}

func run(ctx context.Context, c *actions.Call, in export, out actions.Sink) (connector.StreamSummary, error) {
	url, err := submit(ctx, c, in)
	if err != nil {
		return connector.StreamSummary{}, err
	}
	if err := out.Start(connector.StreamHeader{ContentType: csvType}); err != nil {
		return connector.StreamSummary{}, err
	}
	done, err := await(ctx, c, url, out)
	if err != nil {
		return connector.StreamSummary{}, err
	}
	j := joiner{out: out}
	for i, part := range done.Chunks {
		if err := j.fetch(ctx, c, part.URL); err != nil {
			return connector.StreamSummary{}, at(i, len(done.Chunks), err)
		}
		if err := out.Progress(progress(j.records, done)); err != nil {
			return connector.StreamSummary{}, err
		}
	}
	if done.Total != nil && *done.Total >= 0 && j.records != uint64(*done.Total) {
		return connector.StreamSummary{}, connector.Errorf(connector.ReasonIntegrity,
			"the job has %d rows but its chunks hold %d", *done.Total, j.records)
	}
	return connector.StreamSummary{Records: j.records}, nil
}

// at says in which chunk an error happened.
func at(index, chunks int, err error) error {
	e, ok := errors.AsType[*connector.Error](err)
	if !ok {
		return err
	}
	placed := *e
	placed.Message = fmt.Sprintf("chunk %d of %d: %s", index+1, chunks, e.Message)
	return &placed
}

func progress(rows uint64, j job) connector.Progress {
	p := connector.Progress{Message: "rows exported", Done: rows}
	if j.Total != nil && *j.Total > 0 {
		p.Total = uint64(*j.Total)
	}
	return p
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
			return job{}, connector.Errorf(connector.ReasonDownstreamUnavailable, "the tenant ended the export job as %s", j.Status).
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
