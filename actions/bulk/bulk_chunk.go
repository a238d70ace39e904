package bulk

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed bulk_chunk.json
var bulkChunkDocument []byte

// bulkChunk is Fetch Chunk Data. The bytes of the tenant pass through, but for
// a byte-order mark and a missing last line break.
func bulkChunk() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.chunk", Title: "Fetch Chunk Data", Group: group,
			Summary:          "Downloads one chunk of a completed export job as CSV.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented,
		},
		Document: bulkChunkDocument,
		Stream: func(ctx context.Context, c *actions.Call, out actions.Sink) (connector.StreamSummary, error) {
			var in struct {
				URL string `json:"chunkUrl"`
			}
			if err := c.Bind(&in); err != nil {
				return connector.StreamSummary{}, err
			}
			if err := out.Start(connector.StreamHeader{ContentType: csvType}); err != nil {
				return connector.StreamSummary{}, err
			}
			j := joiner{out: out}
			if err := j.fetch(ctx, c, in.URL); err != nil {
				return connector.StreamSummary{}, err
			}
			return connector.StreamSummary{Records: j.records}, nil
		},
	}
}
