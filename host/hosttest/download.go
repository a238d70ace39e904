package hosttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash/crc32"
	"io"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// downloaded is what came of a download, right or wrong.
type downloaded struct {
	events  []*connectorv1.DownloadResponse
	chunks  []*connectorv1.Chunk
	content []byte
	trailer *connectorv1.StreamTrailer
	err     error

	checkpoints []checkpoint
}

// checkpoint is one that a download set.
type checkpoint struct {
	*connectorv1.Checkpoint

	due uint64 // the byte that came next
}

// inForce are the checkpoints that were not taken back, which an empty token
// does to all before it.
func (d *downloaded) inForce() []checkpoint {
	left := d.checkpoints
	for i, c := range d.checkpoints {
		if len(c.GetToken()) == 0 {
			left = d.checkpoints[i+1:]
		}
	}
	return left
}

// download reads a whole stream and judges nothing.
func (c *tenancy) download(ctx context.Context, s sample) downloaded {
	return c.downloadFrom(ctx, s, nil)
}

// downloadFrom is download for a stream that is to begin elsewhere.
func (c *tenancy) downloadFrom(ctx context.Context, s sample, from *connectorv1.DownloadResume) downloaded {
	var d downloaded
	stream, err := c.in.Download(ctx, &connectorv1.DownloadRequest{Call: c.call(), Action: s.action.ID, Input: s.Input, Resume: from})
	for err == nil {
		var event *connectorv1.DownloadResponse
		if event, err = stream.Recv(); err != nil {
			break
		}
		d.events = append(d.events, event)
		if chunk := event.GetChunk(); chunk != nil {
			d.chunks = append(d.chunks, chunk)
			d.content = append(d.content, chunk.GetData()...)
		}
		if event.GetCheckpoint() != nil {
			d.checkpoints = append(d.checkpoints, checkpoint{event.GetCheckpoint(), uint64(len(d.content))})
		}
		if event.GetTrailer() != nil {
			d.trailer = event.GetTrailer()
		}
	}
	if !errors.Is(err, io.EOF) {
		d.err = err
	}
	return d
}

// downloadCases are about streams from the connector.
func downloadCases() []Case {
	needs := []Need{NeedTenant, NeedDownload}
	relayed := []Need{NeedTenant, NeedRelay, NeedDownload}
	return []Case{
		{"streams", "header-first", "A download begins with its header and has no second one.", needs, downloadHeader},
		{"streams", "offsets", "The chunks of a download follow each other without a gap.", needs, downloadOffsets},
		{"streams", "checksums", "Every chunk of a download carries the CRC-32C of its bytes.", needs, downloadChecksums},
		{"streams", "trailer", "A download that succeeds ends with a trailer and nothing after it.", needs, downloadTrailer},
		{"streams", "total", "The trailer and, if it says one, the header of a download count its bytes.", needs, downloadTotal},
		{"streams", "digest", "The trailer of a download has the SHA-256 of all its bytes.", needs, downloadDigest},
		{"streams", "chunk-limit", "No chunk of a download is larger than agreed.", needs, downloadChunkLimit},
		{"streams", "quiet", "A download sends neither progress nor checkpoints to a host that did not agree to them.", needs, downloadQuiet},
		{"streams", "slow-reader", "A download to a slow reader is whole, and other calls are answered meanwhile.", needs, downloadSlowly},
		{"streams", "refused", "A download of an input that is no JSON fails and has no trailer.", needs, downloadRefused},
		{"streams", "broken-tenant", "A download whose tenant breaks off fails and has no trailer.", relayed, downloadBroken},
	}
}

// stream runs the download that stands for all.
func (t *trial) stream() downloaded {
	c := t.open(t.start(), 0)
	d := c.download(t.ctx, t.sampleOf(NeedDownload))
	t.must(d.err, "the download")
	return d
}

// sampleOf returns the sample that stands for a kind of action, which the case
// needs.
func (t *trial) sampleOf(n Need) sample {
	s, _ := t.pick(n)
	return s
}

func downloadHeader(t *trial) {
	d := t.stream()
	for i, event := range d.events {
		if isHeader := event.GetHeader() != nil; isHeader != (i == 0) {
			t.fatalf("event %d of the stream is %T", i, event.GetEvent())
		}
	}
}

func downloadOffsets(t *trial) {
	d := t.stream()
	var due uint64
	for i, chunk := range d.chunks {
		if chunk.GetOffset() != due {
			t.fatalf("chunk %d is at byte %d where byte %d is due", i, chunk.GetOffset(), due)
		}
		due += uint64(len(chunk.GetData()))
	}
}

func downloadChecksums(t *trial) {
	d := t.stream()
	table := crc32.MakeTable(crc32.Castagnoli)
	for i, chunk := range d.chunks {
		if crc32.Checksum(chunk.GetData(), table) != chunk.GetCrc32C() {
			t.fatalf("the checksum of chunk %d is not that of its bytes", i)
		}
	}
}

func downloadTrailer(t *trial) {
	d := t.stream()
	if d.trailer == nil {
		t.fatalf("the stream ended without a trailer after %d bytes", len(d.content))
	}
	if last := d.events[len(d.events)-1]; last.GetTrailer() == nil {
		t.errorf("after the trailer came %T", last.GetEvent())
	}
}

// ended is stream for cases about what a trailer says.
func (t *trial) ended() downloaded {
	d := t.stream()
	if d.trailer == nil {
		t.skipf("there is no trailer, which streams/trailer tells")
	}
	return d
}

func downloadTotal(t *trial) {
	d := t.ended()
	if got, want := d.trailer.GetTotalBytes(), uint64(len(d.content)); got != want {
		t.errorf("the trailer counts %d bytes of %d", got, want)
	}
	if h := d.events[0].GetHeader(); h != nil && h.TotalBytes != nil && h.GetTotalBytes() != uint64(len(d.content)) {
		t.errorf("the header announces %d bytes of %d", h.GetTotalBytes(), len(d.content))
	}
}

func downloadDigest(t *trial) {
	d := t.ended()
	if sum := sha256.Sum256(d.content); !bytes.Equal(sum[:], d.trailer.GetSha256()) {
		t.errorf("the SHA-256 of the trailer, %x, is not that of the %d bytes", d.trailer.GetSha256(), len(d.content))
	}
}

func downloadChunkLimit(t *trial) {
	const limit = 100
	c := t.open(t.startWith(connector.Limits{ChunkBytes: limit}), 0)
	d := c.download(t.ctx, t.sampleOf(NeedDownload))
	t.must(d.err, "a download in small chunks")
	for i, chunk := range d.chunks {
		if n := len(chunk.GetData()); n > limit {
			t.fatalf("chunk %d has %d bytes where %d were agreed", i, n, limit)
		}
	}
}

func downloadQuiet(t *trial) {
	in := t.launch()
	_, err := in.Handshake(t.ctx, &connectorv1.HandshakeRequest{Features: []string{wire.FeatureEvents}})
	t.must(err, "the handshake")
	d := t.open(in, 0).download(t.ctx, t.sampleOf(NeedDownload))
	t.must(d.err, "the download")
	for _, event := range d.events {
		if event.GetProgress() != nil || event.GetCheckpoint() != nil {
			t.fatalf("the stream has %T although the handshake did not agree on it", event.GetEvent())
		}
	}
}

func downloadSlowly(t *trial) {
	in := t.start()
	c, s := t.open(in, 0), t.sampleOf(NeedDownload)
	stream, err := in.Download(t.ctx, &connectorv1.DownloadRequest{Call: c.call(), Action: s.action.ID, Input: s.Input})
	t.must(err, "the download")
	chunks := wire.NewChunkReader()
	for {
		t.probe(in) // as often as there is something to read
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return
		}
		t.must(err, "a download that is read slowly")
		if chunk := event.GetChunk(); chunk != nil {
			if _, err := chunks.Data(chunk); err != nil {
				t.skipf("a chunk is wrong, which other cases tell")
			}
		}
	}
}

func downloadRefused(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedDownload)
	s.Input = []byte(`{"`)
	d := c.download(t.ctx, s)
	t.refused("a download of a malformed input", d.err, connector.ReasonInvalidInput)
	if d.trailer != nil {
		t.errorf("the stream failed and has a trailer all the same")
	}
}

func downloadBroken(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedDownload)
	c.relay.behave(truncate)
	d := c.download(t.ctx, s)
	t.refused("a download whose tenant breaks off", d.err, downstream()...)
	if d.trailer != nil {
		t.errorf("the stream failed and has a trailer all the same")
	}
}

// downstream are the reasons by which a failure of the tenant is told.
func downstream() []connector.Reason {
	return []connector.Reason{
		connector.ReasonDownstreamUnavailable, connector.ReasonDownstreamTimeout, connector.ReasonDownstreamContract,
	}
}
