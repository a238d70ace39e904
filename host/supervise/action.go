package supervise

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// Check tries the tenant's address and credentials for real.
func (c *Connection) Check(ctx context.Context) (found connector.Check, err error) {
	of := call{
		what: fmt.Sprintf("checking the connection of tenant %q", c.Tenant()), op: host.Operation{Method: "check"}, effect: reads,
		cost: costOf(&found.Stats),
	}
	err = c.do(ctx, of, func(ctx context.Context, in *host.Connection) (err error) {
		found, err = in.Check(ctx)
		return err
	})
	return found, err
}

// CheckThoroughly is [host.Connection.CheckThoroughly]. One that may write or
// start jobs is not begun again in another process.
func (c *Connection) CheckThoroughly(ctx context.Context, req connector.ThoroughCheck) (found connector.Check, err error) {
	of := call{
		what: fmt.Sprintf("checking what is assumed about tenant %q", c.Tenant()), op: host.Operation{Method: "check"}, class: bulk, effect: reads,
		cost: costOf(&found.Stats),
	}
	if req.Writes || req.Jobs {
		of.effect = func(*instance) connector.Effect { return connector.EffectUnsafeWrite }
	}
	err = c.do(ctx, of, func(ctx context.Context, in *host.Connection) (err error) {
		found, err = in.CheckThoroughly(ctx, req)
		return err
	})
	return found, err
}

// Describe returns the schemas of an action for this tenant.
func (c *Connection) Describe(ctx context.Context, req connector.DescribeRequest) (d connector.Description, err error) {
	of := call{
		what: fmt.Sprintf("describing action %q", req.Action), op: host.Operation{Method: "describe", Action: req.Action}, effect: reads,
	}
	err = c.do(ctx, of, func(ctx context.Context, in *host.Connection) (err error) {
		d, err = in.Describe(ctx, req)
		return err
	})
	return d, err
}

// Options returns one page of the values that a field can take.
func (c *Connection) Options(ctx context.Context, req connector.OptionsRequest) (page connector.OptionPage, err error) {
	of := call{
		what: fmt.Sprintf("listing the options of %s in action %q", req.Pointer, req.Action),
		op:   host.Operation{Method: "options", Action: req.Action}, effect: reads,
	}
	err = c.do(ctx, of, func(ctx context.Context, in *host.Connection) (err error) {
		page, err = in.Options(ctx, req)
		return err
	})
	return page, err
}

// Execute runs an action, or dry-runs one of any mode.
func (c *Connection) Execute(ctx context.Context, in connector.Call) (result connector.Result, err error) {
	of := action("execute", &in, interactive)
	of.cost = func() (connector.Stats, *connector.RecordSummary) { return result.Stats, result.Records }
	of.repeated = &in.Repeated
	err = c.do(ctx, of, func(ctx context.Context, conn *host.Connection) (err error) {
		result, err = conn.Execute(ctx, in)
		return err
	})
	return result, err
}

// Download is [host.Connection.Download]. It is started again in another
// process as long as w has got nothing; after that it fails with
// [connector.ReasonPluginExited] or, if the process was replaced,
// [connector.ReasonDraining].
func (c *Connection) Download(
	ctx context.Context, in connector.Call, w io.Writer, progress func(connector.Progress),
) (summary connector.StreamSummary, err error) {
	into := &firstByte{w: w}
	of := action("download", &in, bulk)
	of.rewind = func() bool { return !into.passed }
	of.cost = costOf(&summary.Stats)
	err = c.do(ctx, of, func(ctx context.Context, conn *host.Connection) (err error) {
		summary, err = conn.Download(ctx, in, into, progress)
		return err
	})
	return summary, err
}

// DownloadFile is [host.Connection.DownloadFile]. In another process it goes on
// from the last checkpoint, or is started again if there is none.
func (c *Connection) DownloadFile(
	ctx context.Context, in connector.Call, path string, progress func(connector.Progress),
) (summary connector.StreamSummary, err error) {
	again := false
	of := action("download", &in, bulk)
	of.cost = costOf(&summary.Stats)
	err = c.do(ctx, of, func(ctx context.Context, conn *host.Connection) (err error) {
		fetch := conn.DownloadFile
		if again {
			fetch = conn.ResumeFile
		}
		again = true
		summary, err = fetch(ctx, in, path, progress)
		return err
	})
	return summary, err
}

// ResumeFile is [host.Connection.ResumeFile].
func (c *Connection) ResumeFile(
	ctx context.Context, in connector.Call, path string, progress func(connector.Progress),
) (summary connector.StreamSummary, err error) {
	of := action("download", &in, bulk)
	of.cost = costOf(&summary.Stats)
	err = c.do(ctx, of, func(ctx context.Context, conn *host.Connection) (err error) {
		summary, err = conn.ResumeFile(ctx, in, path, progress)
		return err
	})
	return summary, err
}

// Upload is [host.Connection.Upload]. It can be started again in another
// process only if nothing of r was read, or r is an [io.Seeker].
func (c *Connection) Upload(ctx context.Context, in connector.Call, contentType string, r io.Reader) (result connector.Result, err error) {
	of := action("upload", &in, bulk)
	of.cost = func() (connector.Stats, *connector.RecordSummary) { return result.Stats, result.Records }
	from := newContent(r)
	of.rewind, of.repeated = from.rewind, &in.Repeated
	err = c.do(ctx, of, func(ctx context.Context, conn *host.Connection) (err error) {
		result, err = conn.Upload(ctx, in, contentType, from.reader())
		return err
	})
	return result, err
}

// costOf is the cost of a call whose statistics will be at stats.
func costOf(stats *connector.Stats) func() (connector.Stats, *connector.RecordSummary) {
	return func() (connector.Stats, *connector.RecordSummary) { return *stats, nil }
}

// action is the call of an action, which has an id from then on: the same in
// every process that it is sent to.
func action(method string, in *connector.Call, class class) call {
	if in.RequestID == "" {
		in.RequestID = rand.Text()
	}
	read, id := in.DryRun, in.Action
	return call{
		what: fmt.Sprintf("action %q", id), class: class,
		op: host.Operation{Method: method, Action: id, RequestID: in.RequestID, DryRun: read},
		effect: func(i *instance) connector.Effect {
			if read {
				return connector.EffectRead
			}
			return i.effects[id]
		},
	}
}

// firstByte is a writer that knows whether it has written anything. It passes
// checkpoints on to a writer that takes them.
type firstByte struct {
	w      io.Writer
	passed bool
}

// Write writes.
func (f *firstByte) Write(p []byte) (int, error) {
	f.passed = f.passed || len(p) > 0
	return f.w.Write(p)
}

var _ host.Checkpointer = (*firstByte)(nil)

// Checkpoint tells of a place to go on from.
func (f *firstByte) Checkpoint(at connector.Checkpoint) error {
	if w, ok := f.w.(host.Checkpointer); ok {
		return w.Checkpoint(at)
	}
	return nil
}
