package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

// checkpointEvery is how much is written between two checkpoints, in bytes.
const checkpointEvery = 1 << 20

// exporter carries out one export. It is where the bookmark is.
type exporter struct {
	call *actions.Call
	in   export
	out  actions.Sink

	bookmark
	job     job
	asked   []delimited.Column
	table   *delimited.Table
	pending int // bytes written since the last checkpoint
}

// Write counts what the table writes.
func (x *exporter) Write(b []byte) (int, error) {
	n, err := x.out.Write(b)
	x.pending += n
	return n, err
}

func (x *exporter) run(ctx context.Context) (connector.StreamSummary, error) {
	begin := x.begin
	if x.call.Resume != nil {
		begin = x.resume
	}
	if err := begin(ctx); err != nil {
		return connector.StreamSummary{}, err
	}
	if err := x.await(ctx); err != nil {
		return connector.StreamSummary{}, err
	}
	if err := x.fetch(ctx); err != nil {
		return connector.StreamSummary{}, err
	}
	if t := x.job.Total; t != nil && *t >= 0 && x.Before != uint64(*t) {
		return connector.StreamSummary{}, connector.Errorf(connector.ReasonIntegrity,
			"the job has %d rows but its chunks hold %d", *t, x.Before)
	}
	x.remarkOnMisfits()
	return connector.StreamSummary{Records: x.Before}, nil
}

// begin submits a job.
func (x *exporter) begin(ctx context.Context) (err error) {
	if x.Query, err = queryDigest(x.call); err != nil {
		return err
	}
	if x.Status, err = submit(ctx, x.call, x.in); err != nil {
		return err
	}
	x.asked = textColumns(x.in.Select)
	if x.in.Format == formatNDJSON {
		types := typesOf(ctx, x.call.Tenant, x.in.Object, x.in.Select, nil) // while the job runs
		x.Untyped, x.Types = types.remark(x.call, x.in.Select), types.digest()
		x.asked = types.columns(x.in.Select)
	}
	x.table = x.in.Format.table(x, dialectOf(x.call), x.arranged)
	if err := x.out.Start(connector.StreamHeader{ContentType: x.in.Format.contentType()}); err != nil {
		return err
	}
	return x.checkpoint() // jobs are few, so that one is not submitted twice
}

// resume takes up a job where an earlier export has left it.
func (x *exporter) resume(ctx context.Context) error {
	query, err := queryDigest(x.call)
	if err != nil {
		return err
	}
	if x.bookmark, err = parseBookmark(x.call.Resume.Token, query); err != nil {
		return err
	}
	x.asked = textColumns(x.in.Select)
	if x.in.Format == formatNDJSON {
		types := typesOf(ctx, x.call.Tenant, x.in.Object, x.in.Select, x.Untyped)
		if err := types.same(x.Types); err != nil {
			return err
		}
		x.asked = types.columns(x.in.Select)
	}
	for i := range x.asked {
		x.asked[i].Misfits = x.Misfits[i]
	}
	x.table = x.in.Format.table(x, dialectOf(x.call), x.arranged)
	header := connector.StreamHeader{ContentType: x.in.Format.contentType(), Offset: x.call.Resume.Offset}
	if header.Offset > 0 {
		x.table.Resume(x.Header)
		return x.out.Start(header)
	}
	if err := x.out.Start(header); err != nil {
		return err
	}
	return x.checkpoint() // a stream from the beginning ends what was kept of an earlier one
}

func (x *exporter) arranged(names []string) ([]delimited.Column, error) {
	return arrange(x.asked, names)
}

// await waits for the job. One whose size was known must have it still.
func (x *exporter) await(ctx context.Context) (err error) {
	resumed, sized := x.call.Resume != nil, x.Chunks > 0 || x.Total != nil
	x.job, err = await(ctx, x.call, x.Status, x.out)
	switch {
	case resumed && errors.Is(err, connector.ReasonNotFound):
		return gone(err)
	case err != nil && x.job.Done:
		return errors.Join(err, x.out.Checkpoint(nil)) // nothing will come of this job
	case err != nil:
		return err
	case sized && (len(x.job.Chunks) != x.Chunks || !sameTotal(x.job.Total, x.Total)):
		return connector.Errorf(connector.ReasonConflict, "the export cannot go on: the job is not of the size that it had").
			WithHint("Begin the export anew.")
	}
	x.Chunks, x.Total = len(x.job.Chunks), x.job.Total
	return nil
}

func sameTotal(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// fetch writes the chunks, from the bookmark on.
func (x *exporter) fetch(ctx context.Context) (err error) {
	book := &addressBook{call: x.call, status: x.Status, chunks: x.job.Chunks}
	parallel := defaultParallel
	if x.in.Options.Parallel > 0 {
		parallel = min(int(x.in.Options.Parallel), maxParallel)
	}
	ahead := startReading(ctx, x.Chunk, x.Chunks, parallel, func(ctx context.Context, index int) (io.ReadCloser, error) {
		return openChunk(ctx, x.call, book, index)
	})
	defer func() {
		if stopped := ahead.stop(); stopped != nil {
			err = stopped
		}
	}()
	for p := range ahead.parts {
		if err := x.write(ahead, p); err != nil {
			return at(p.index, x.Chunks, err)
		}
		if err := x.out.Progress(x.progress()); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// write writes one chunk.
func (x *exporter) write(ahead *readAhead, p *part) error {
	rows := x.table.Part(x.Row, x.Sum)
	for b := range p.full {
		_, err := rows.Write(b)
		ahead.reuse(b)
		if err != nil {
			return malformed(err)
		}
		if x.pending >= checkpointEvery {
			if err := rows.Flush(); err != nil {
				return err
			}
			x.Row, x.Sum = rows.Rows, rows.Sum
			if err := x.checkpoint(); err != nil {
				return err
			}
		}
	}
	if p.err != nil {
		return p.err
	}
	if err := rows.Close(); err != nil {
		return malformed(err)
	}
	if want, known := x.job.rowsOf(p.index); known && rows.Rows != want {
		return connector.Errorf(connector.ReasonDownstreamContract, "it has %d rows where the job's state promises %d", rows.Rows, want)
	}
	x.Chunk, x.Row, x.Sum, x.Before = p.index+1, 0, 0, x.Before+rows.Rows
	if x.pending >= checkpointEvery {
		return x.checkpoint()
	}
	return nil
}

// checkpoint tells the host the bookmark.
func (x *exporter) checkpoint() error {
	x.pending = 0
	x.Header = x.table.Header()
	x.Misfits = x.misfits()
	token, err := x.token()
	if err != nil {
		return connector.Errorf(connector.ReasonInternal, "the checkpoint cannot be written as JSON: %w", err)
	}
	return x.out.Checkpoint(token)
}

// misfits are the counts of cells that do not fit, by the place of their field
// in the select.
func (x *exporter) misfits() map[int]uint64 {
	counts := map[int]uint64{}
	for _, c := range x.table.Columns() {
		if c.Misfits > 0 {
			counts[x.place(c.Name)] = c.Misfits
		}
	}
	return counts
}

// place returns where in the select a field is.
func (x *exporter) place(name string) int {
	for i, n := range x.in.Select {
		if n == name {
			return i
		}
	}
	return -1 // unreachable: columns are those of the select
}

func (x *exporter) remarkOnMisfits() {
	counts := x.misfits()
	for i, name := range x.in.Select {
		remarkOnMisfits(x.call, fmt.Sprintf("/select/%d", i), name, counts[i])
	}
}

// remarkOnMisfits says how many values of a field do not fit.
func remarkOnMisfits(c *actions.Call, pointer, field string, count uint64) {
	if count > 0 {
		c.Remark(connector.SeverityWarning, pointer, fmt.Sprintf("%d values of %s do not fit its type and were written as text", count, field))
	}
}

func (x *exporter) progress() connector.Progress {
	p := connector.Progress{Message: "rows exported", Done: x.Before}
	if x.Total != nil && *x.Total > 0 {
		p.Total = uint64(*x.Total)
	}
	return p
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

// malformed makes what is wrong with a row the tenant's fault.
func malformed(err error) error {
	if row, ok := errors.AsType[*delimited.RowError](err); ok {
		return connector.Errorf(connector.ReasonDownstreamContract, "%w", row).WithHint("%s", dialectHint())
	}
	return err
}
