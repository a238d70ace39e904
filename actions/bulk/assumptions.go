package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open questions 10 and
// 15 to 17).
func Assumptions() []probe.Assumption {
	const assumed, header = "bulk", "authentication"
	return []probe.Assumption{
		{
			ID: "bulk.submit.auth_header", Title: "Exports take the credential in this header", Group: assumed, Operation: "bulk.export",
			Evidence: connector.EvidenceDocumented, Jobs: true,
			Current: func(c gainsight.Config) string { return c.AuthHeader(gainsight.BulkSubmit) },
			Try:     probe.Try(submitNothing, judgeHeader),
			// For an access key only. bulk.md, DOC: the request table lists it,
			// against the prose.
			Others: []probe.Settings{{
				probe.Endpoint(gainsight.BulkSubmit, "auth_header", header), probe.Endpoint(gainsight.BulkStatus, "auth_header", header),
				probe.Endpoint(gainsight.BulkChunk, "auth_header", header),
			}},
		},
		{
			ID: "bulk.submit.status_url", Title: "The address of a job is where it is looked for", Group: assumed, Operation: "bulk.export",
			Evidence: connector.EvidenceInferred, Jobs: true, Try: tryAddress,
		},
		probe.Untold("bulk.chunk.csv", "A chunk separates cells by commas and begins with a header row", assumed, "bulk.export",
			"only an export to its end could tell; if one ends for its columns, or its dates are not read, set csv of the endpoint"),
	}
}

// submitNothing submits a job without a field, which is refused before there is
// a job (bulk.md, GSOBJ_ESS_9104) but may count as one (open question 16).
func submitNothing(b *probe.Bench) (gainsight.Request, error) {
	return gainsight.Request{
		Endpoint: gainsight.BulkSubmit, Effect: connector.EffectUnsafeWrite, Path: map[string]string{"objectName": b.Object()},
		Body: map[string]any{"select": []string{}, "limit": 1},
	}, nil
}

func judgeHeader(b *probe.Bench, answer *gainsight.Answer, err error) probe.Outcome {
	if errors.Is(err, connector.ReasonAuthFailed) {
		return probe.Outcome{Result: probe.Fails, Observed: "the credential is refused in it"}
	}
	o := probe.Known(b, answer, err)
	if o.Result == probe.Works {
		o.Observed = "the credential is taken in it"
	}
	return o
}

// tryAddress exports one row, which spends one of the few jobs of an hour, and
// looks for the address of the job.
func tryAddress(ctx context.Context, b *probe.Bench) probe.Outcome {
	answer, err := b.Do(ctx, gainsight.Request{
		Endpoint: gainsight.BulkSubmit, Effect: connector.EffectUnsafeWrite, Path: map[string]string{"objectName": b.Object()},
		Body: map[string]any{"select": []string{"Gsid"}, "limit": 1},
	})
	if err != nil {
		return probe.Failure(err)
	}
	var url string
	found := answer.Find(b.Config().Endpoint(gainsight.BulkSubmit).Keys[gainsight.KeyStatusURL])
	if json.Unmarshal(found, &url) == nil && url != "" {
		return probe.Outcome{Result: probe.Works, Observed: "it is there"}
	}
	o := probe.Outcome{Result: probe.Refused, Observed: "it is not there"}
	var data map[string]json.RawMessage
	_ = json.Unmarshal(answer.Data, &data) // anything else has no names
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if json.Unmarshal(data[name], &url) == nil && strings.Contains(url, "/") {
			o.Observed = "it is at data." + name
			o.Mends = probe.Settings{probe.Endpoint(gainsight.BulkSubmit, "keys/"+gainsight.KeyStatusURL, []string{"data." + name})}
			break
		}
	}
	return o
}
