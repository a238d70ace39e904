package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// DownloadFile is [Connection.Download] into a file. The output goes to a new
// file beside path as it comes and takes the name path only once it is complete
// and on disk: path never holds half a download, and on failure stays as it
// was. A new file can be read by its owner only; one that existed keeps its
// permissions. A symbolic link is followed.
func (c *Connection) DownloadFile(
	ctx context.Context, call connector.Call, path string, progress func(connector.Progress),
) (connector.StreamSummary, error) {
	a := c.attempt(call)
	part, err := newPartFile(path)
	if err != nil {
		return connector.StreamSummary{}, a.named(ownFault("preparing %s failed: %w", path, err))
	}
	defer part.discard()
	summary, err := c.Download(ctx, call, part, progress)
	if err != nil {
		return connector.StreamSummary{}, err
	}
	if err := part.commit(); err != nil {
		return connector.StreamSummary{}, a.named(ownFault("keeping %s failed: %w", path, err))
	}
	return summary, nil
}

// partFile is a file that is not complete yet.
type partFile struct {
	*os.File
	target string
}

func newPartFile(path string) (*partFile, error) {
	mode := fs.FileMode(0o600)
	target, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target = path
	case err != nil:
		return nil, err
	default:
		info, err := os.Stat(target)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, errors.New("it exists and is not a regular file")
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*.part")
	if err != nil {
		return nil, err
	}
	part := &partFile{File: f, target: target}
	if err := f.Chmod(mode); err != nil {
		part.discard()
		return nil, err
	}
	return part, nil
}

// commit gives the file its name.
func (p *partFile) commit() error {
	if err := p.Sync(); err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	if err := os.Rename(p.Name(), p.target); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(p.target)); err == nil {
		_ = dir.Sync() // not every system can; the file itself is safe
		_ = dir.Close()
	}
	return nil
}

// discard removes what was not committed; after commit it does nothing.
func (p *partFile) discard() {
	_ = p.Close()
	_ = os.Remove(p.Name())
}
