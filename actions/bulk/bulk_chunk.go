package bulk

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

//go:embed bulk_chunk.json
var bulkChunkDocument []byte

// bulkChunk is Fetch Chunk Data.
func bulkChunk() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.chunk", Title: "Fetch Chunk Data", Group: group,
			Summary:          "Downloads one chunk of a completed export job as CSV or NDJSON.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented, Selectors: []string{actions.SelectObject},
		},
		Document: bulkChunkDocument,
		Options:  map[string]actions.Choices{"/objectName": actions.ObjectOptions, "/select/*": actions.FieldOptions},
		Stream: func(ctx context.Context, c *actions.Call, out actions.Sink) (connector.StreamSummary, error) {
			var in chunkInput
			if err := c.Bind(&in); err != nil {
				return connector.StreamSummary{}, err
			}
			return in.fetch(ctx, c, out)
		},
	}
}

// chunkInput is which chunk is fetched, and how it is delivered.
type chunkInput struct {
	URL    string   `json:"chunkUrl"`
	Format format   `json:"format"`
	Object string   `json:"objectName"`
	Select []string `json:"select"`
}

// fetch delivers the chunk. It has no bookmarks: a chunk is fetched again.
func (in chunkInput) fetch(ctx context.Context, c *actions.Call, out actions.Sink) (connector.StreamSummary, error) {
	book := &addressBook{call: c, chunks: []chunk{{URL: in.URL}}}
	r, err := openChunk(ctx, c, book, 0)
	if err != nil {
		return connector.StreamSummary{}, err
	}
	defer func() { _ = r.Close() }() // a read is over, come what may
	if err := out.Start(connector.StreamHeader{ContentType: in.Format.contentType()}); err != nil {
		return connector.StreamSummary{}, err
	}
	table := in.Format.table(out, dialectOf(c), func(names []string) ([]delimited.Column, error) { return in.columns(ctx, c, names) })
	rows := table.Part(0, 0)
	buffer := make([]byte, block)
	for {
		n, err := r.Read(buffer)
		if _, err := rows.Write(buffer[:n]); err != nil {
			return connector.StreamSummary{}, malformed(err)
		}
		if isEnd(err) {
			break
		}
		if err != nil {
			return connector.StreamSummary{}, err
		}
	}
	if err := rows.Close(); err != nil {
		return connector.StreamSummary{}, malformed(err)
	}
	for _, column := range table.Columns() {
		remarkOnMisfits(c, "", column.Name, column.Misfits)
	}
	return connector.StreamSummary{Records: rows.Rows}, nil
}

// columns returns the columns by the fields that were selected, or else by the
// header row.
func (in chunkInput) columns(ctx context.Context, c *actions.Call, names []string) ([]delimited.Column, error) {
	fields := in.Select
	if len(fields) == 0 {
		fields = names
	}
	if len(fields) == 0 {
		return nil, connector.Invalid("the input is not valid", []connector.Violation{
			{Pointer: "/select", Message: "is required: by the connection's settings, chunks of this tenant have no header row"},
		})
	}
	asked := textColumns(fields)
	if in.Format == formatNDJSON && in.Object != "" {
		types := typesOf(ctx, c.Tenant, in.Object, fields, nil)
		types.remark(c, fields)
		asked = types.columns(fields)
	}
	return arrange(asked, names)
}
