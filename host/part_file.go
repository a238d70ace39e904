package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// saveEvery is how many bytes may lie between the checkpoints that are written
// down: what a host that is killed has to fetch again.
const saveEvery = 16 << 20

// partFile is a file that is not complete yet.
type partFile struct {
	*os.File

	order  downloadOrder
	target string
	mode   fs.FileMode

	// stream has the checksum of what comes; prefix that of the whole, if the
	// stream is not the whole.
	stream *wire.ChunkReader
	prefix hash.Hash

	last  *resumeFile // the last checkpoint; nil: none
	saved *resumeFile // the last one that is written down; nil: none
}

var _ Checkpointer = (*partFile)(nil)

// newPartFile begins a part for the file at path.
func newPartFile(path string, order downloadOrder) (*partFile, error) {
	p, err := partFor(path, order)
	if err != nil {
		return nil, err
	}
	for _, old := range []string{p.target + resumeSuffix, p.target + partSuffix} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	p.File, err = os.OpenFile(p.target+partSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return p, err
}

// reopenPartFile opens the part that is kept for the file at path, cut to its
// checkpoint. Nil: none is kept.
func reopenPartFile(path string, order downloadOrder) (*partFile, *connector.Checkpoint, *connector.Error) {
	p, err := partFor(path, order)
	if err != nil {
		return nil, nil, ownFault("preparing %s failed: %w", path, err)
	}
	p.last, err = readResumeFile(p.target + resumeSuffix)
	switch {
	case err != nil:
		return nil, nil, unusable(path, "%s cannot be read: %w", p.target+resumeSuffix, err)
	case p.last == nil:
		return nil, nil, nil
	case p.last.downloadOrder != order:
		return nil, nil, unusable(path, "what is kept in %s is of action %q on tenant %q, or of another input",
			p.target+partSuffix, p.last.Action, p.last.Tenant)
	}
	if p.File, err = os.OpenFile(p.target+partSuffix, os.O_RDWR, 0); err != nil {
		return nil, nil, unusable(path, "the kept part cannot be opened: %w", err)
	}
	if err := p.rewind(); err != nil {
		p.close()
		return nil, nil, unusable(path, "%s does not hold what was kept: %w", p.Name(), err)
	}
	return p, &p.last.Checkpoint, nil
}

// unusable is about a part with which a download cannot go on.
func unusable(path, format string, args ...any) *connector.Error {
	e := connector.Errorf(connector.ReasonConflict, "the download of "+path+" cannot go on: "+format, args...)
	e.Origin = connector.OriginCaller
	return e.WithHint("begin the download anew, which replaces the part")
}

// partFor finds out where a part for the file at path goes.
func partFor(path string, order downloadOrder) (*partFile, error) {
	target, mode, err := destination(path)
	if err != nil {
		return nil, err
	}
	return &partFile{order: order, target: target, mode: mode}, nil
}

var errChanged = errors.New("its content was changed or lost")

// rewind cuts the part to its checkpoint, once the content before is seen to be
// the right one.
func (p *partFile) rewind() error {
	p.prefix = sha256.New()
	at := int64(p.last.Offset) //nolint:gosec // a copy of more bytes than there are fails
	if _, err := io.CopyN(p.prefix, p.File, at); err != nil {
		return err
	}
	if hex.EncodeToString(p.prefix.Sum(nil)) != p.last.SHA256 {
		return errChanged
	}
	p.saved = p.last
	return p.Truncate(at)
}

// begin takes the place at which the stream begins. At the beginning of all,
// what was kept is given up.
func (p *partFile) begin(offset uint64, stream *wire.ChunkReader) error {
	p.stream = stream
	if offset > 0 {
		return nil
	}
	p.prefix = nil
	if err := p.forget(); err != nil {
		return ownFault("giving up %s failed: %w", p.Name(), err)
	}
	if err := p.Truncate(0); err != nil {
		return ownFault("emptying %s failed: %w", p.Name(), err)
	}
	_, err := p.Seek(0, io.SeekStart)
	return err
}

// Write implements [io.Writer].
func (p *partFile) Write(b []byte) (int, error) {
	if p.prefix != nil {
		_, _ = p.prefix.Write(b)
	}
	return p.File.Write(b)
}

// sum is the SHA-256 of all that was written, in hexadecimal.
func (p *partFile) sum() string {
	if p.prefix != nil {
		return hex.EncodeToString(p.prefix.Sum(nil))
	}
	return p.stream.Sum()
}

// Checkpoint implements [Checkpointer]. The first one is written down at once:
// it may stand for work that should not be done twice.
func (p *partFile) Checkpoint(c connector.Checkpoint) error {
	if len(c.Token) == 0 {
		return p.forget()
	}
	p.last = &resumeFile{downloadOrder: p.order, Checkpoint: c, SHA256: p.sum()}
	if p.saved != nil && c.Offset-p.saved.Offset < saveEvery {
		return nil
	}
	return p.save()
}

// save writes the last checkpoint down.
func (p *partFile) save() error {
	err := p.last.write(p.target + resumeSuffix)
	if err == nil {
		p.saved = p.last
	}
	return err
}

// forget gives up what could be gone on with.
func (p *partFile) forget() error {
	p.last, p.saved = nil, nil
	if err := os.Remove(p.target + resumeSuffix); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// keep makes what there is ready to go on with and returns how much that is,
// which may be nothing but the checkpoint. Without one it removes it.
func (p *partFile) keep() (size uint64, kept bool) {
	if p.replaced() {
		return 0, false
	}
	// The part is cut first, for on a full disk that makes room to write the
	// checkpoint down. If it cannot be, the one before is still good.
	if p.cut(p.last) && p.save() == nil || p.cut(p.saved) {
		return p.saved.Offset, true
	}
	p.discard()
	return 0, false
}

// cut cuts the part to a checkpoint, if there is one.
func (p *partFile) cut(to *resumeFile) bool {
	return to != nil && p.Truncate(int64(to.Offset)) == nil //nolint:gosec // the size of a file
}

// discard removes all of it.
func (p *partFile) discard() {
	p.close()
	_ = os.Remove(p.target + resumeSuffix)
	_ = os.Remove(p.Name())
}

// replaced reports whether another download took the part's name meanwhile.
func (p *partFile) replaced() bool {
	mine, err := p.Stat()
	if err != nil {
		return true
	}
	there, err := os.Stat(p.Name())
	return err != nil || !os.SameFile(mine, there)
}

var errReplaced = errors.New("another download into the same file has begun meanwhile")

// commit gives the file its name, or removes it.
func (p *partFile) commit() error {
	if p.replaced() {
		return errReplaced
	}
	err := p.publish()
	if err != nil {
		p.discard()
	}
	return err
}

func (p *partFile) publish() error {
	if err := p.Chmod(p.mode); err != nil {
		return err
	}
	if err := replace(p.target, p.File); err != nil {
		return err
	}
	_ = os.Remove(p.target + resumeSuffix) // without its part it is of no use, and the next download replaces it
	return nil
}

// close closes the file; once more does no harm.
func (p *partFile) close() { _ = p.Close() }
