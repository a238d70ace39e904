package host

import (
	"context"
	"fmt"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Names of the files beside the one that a download is to make.
const (
	partSuffix   = ".part"
	resumeSuffix = ".resume"
)

// PartialError is the failure of a download into a file of which a part is
// kept. [Connection.ResumeFile] goes on with it.
type PartialError struct {
	// Err is why the download failed.
	Err error
	// Path is the file that holds the part.
	Path string
	// Bytes is the size of the part. It may be 0: what is kept is then only that
	// the connector had begun.
	Bytes uint64
}

// Error says why the download failed and what is kept.
func (e *PartialError) Error() string {
	if e.Bytes == 0 {
		return fmt.Sprintf("%v; it can be taken up again beside %s", e.Err, e.Path)
	}
	return fmt.Sprintf("%v; the first %d bytes are kept in %s", e.Err, e.Bytes, e.Path)
}

// Unwrap returns why the download failed.
func (e *PartialError) Unwrap() error { return e.Err }

// DownloadFile is [Connection.Download] into a file. The output goes to
// path.part as it comes and takes the name path only once it is complete and on
// disk: path never holds half a download, and on failure stays as it was. The
// part can be read by its owner only, and so can a new file; a file that
// existed keeps its permissions. A symbolic link is followed.
//
// If the connector sets checkpoints, a download that fails leaves path.part and
// path.resume behind, and the error is a [PartialError]: see
// [Connection.ResumeFile]. They stay too if the host's process is killed.
// DownloadFile itself begins anew and replaces what is left of an earlier one.
func (c *Connection) DownloadFile(
	ctx context.Context, call connector.Call, path string, progress func(connector.Progress),
) (connector.StreamSummary, error) {
	a := c.attempt(call)
	call.Resume = nil
	part, err := newPartFile(path, c.order(call))
	if err != nil {
		return connector.StreamSummary{}, a.named(ownFault("preparing %s failed: %w", path, err))
	}
	return c.downloadPart(ctx, call, part, progress, 0)
}

// ResumeFile is [Connection.DownloadFile], but goes on from where an earlier
// one into the same file broke off, if a part of it is kept: after a failure or
// in another process. The connector must be one of the same name, and tenant,
// action and input the same; anything else is a [connector.ReasonConflict]
// error, as is a part that was changed. The summary is that of the whole file.
// If the connector cannot go on there, or nothing is kept, the whole comes
// again, which a diagnostic says.
func (c *Connection) ResumeFile(
	ctx context.Context, call connector.Call, path string, progress func(connector.Progress),
) (connector.StreamSummary, error) {
	a := c.attempt(call)
	part, checkpoint, err := reopenPartFile(path, c.order(call))
	if err != nil {
		return connector.StreamSummary{}, a.named(err)
	}
	if part == nil {
		summary, err := c.DownloadFile(ctx, call, path, progress)
		if err != nil {
			return summary, err
		}
		return anew(summary, "nothing of an earlier download is kept beside %s, so the whole was fetched", path), nil
	}
	if call.Resume = checkpoint; !c.plugin.resumes() {
		call.Resume = nil
	}
	return c.downloadPart(ctx, call, part, progress, checkpoint.Offset)
}

// anew says why a download that was to go on began anew.
func anew(summary connector.StreamSummary, format string, args ...any) connector.StreamSummary {
	summary.Diagnostics = append(summary.Diagnostics, connector.Diagnostic{
		Severity: connector.SeverityInfo, Summary: fmt.Sprintf(format, args...),
	})
	return summary
}

// downloadPart fills a part, of which there are kept bytes, and gives it its
// name, or keeps what there is.
func (c *Connection) downloadPart(
	ctx context.Context, call connector.Call, part *partFile, progress func(connector.Progress), kept uint64,
) (connector.StreamSummary, error) {
	defer part.close()
	summary, err := c.Download(ctx, call, part, progress)
	if err != nil {
		if size, ok := part.keep(); ok {
			err = &PartialError{Err: err, Path: part.Name(), Bytes: size}
		}
		return connector.StreamSummary{}, err
	}
	if err := part.commit(); err != nil {
		return connector.StreamSummary{}, c.attempt(call).named(ownFault("keeping %s failed: %w", part.target, err))
	}
	if summary.Offset < kept {
		summary = anew(summary, "the connector could not go on after the %d bytes that were kept, so the whole was fetched", kept)
	}
	summary.Offset, summary.Bytes, summary.SHA256 = 0, summary.Offset+summary.Bytes, part.sum()
	return summary, nil
}

// order identifies what a call downloads.
func (c *Connection) order(call connector.Call) downloadOrder {
	return downloadOrder{Connector: c.plugin.name(), Tenant: c.tenant, Action: call.Action, Input: inputDigest(call.Input)}
}
