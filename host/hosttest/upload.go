package hosttest

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash/crc32"
	"io"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// uploadEvents are the events of an upload after its start.
type uploadEvents []*connectorv1.UploadRequest

// wholeUpload returns the events of a content in pieces of a size.
func wholeUpload(content string, size int) uploadEvents {
	var events uploadEvents
	table := crc32.MakeTable(crc32.Castagnoli)
	for offset := 0; offset < len(content); offset += size {
		data := []byte(content[offset:min(offset+size, len(content))])
		events = append(events, &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Chunk{Chunk: &connectorv1.Chunk{
			Offset: uint64(offset), Data: data, Crc32C: crc32.Checksum(data, table),
		}}})
	}
	sum := sha256.Sum256([]byte(content))
	return append(events, &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Finish{
		Finish: &connectorv1.UploadFinish{TotalBytes: uint64(len(content)), Sha256: sum[:]},
	}})
}

// chunk returns the first chunk, to be changed.
func (e uploadEvents) chunk() *connectorv1.Chunk { return e[0].GetChunk() }

// finish returns the last event, to be changed.
func (e uploadEvents) finish() *connectorv1.UploadFinish { return e[len(e)-1].GetFinish() }

// upload sends a start and events, whatever they are, and returns the answer.
func (c *tenancy) upload(ctx context.Context, s sample, events uploadEvents) (*connectorv1.UploadResponse, error) {
	stream, err := c.in.Upload(ctx)
	if err != nil {
		return nil, err
	}
	start := &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Start{Start: &connectorv1.UploadStart{
		Call: c.call(), Action: s.action.ID, Input: s.Input, ContentType: s.ContentType,
	}}}
	return send(stream, append(uploadEvents{start}, events...))
}

// send sends events as far as they are taken.
func send(
	stream grpc.ClientStreamingClient[connectorv1.UploadRequest, connectorv1.UploadResponse], events uploadEvents,
) (*connectorv1.UploadResponse, error) {
	for _, event := range events {
		if err := stream.Send(event); errors.Is(err, io.EOF) {
			break // the answer says why
		} else if err != nil {
			return nil, err
		}
	}
	return stream.CloseAndRecv()
}

// uploadCases are about streams to the connector.
func uploadCases() []Case {
	needs := []Need{NeedTenant, NeedUpload}
	return []Case{
		{"streams", "upload-pieces", "An upload in chunks of 7 bytes succeeds as one in large chunks does.", needs, uploadPieces},
		{"streams", "upload-gap", "An upload that lacks bytes in between is refused.", needs, uploadGap},
		{"streams", "upload-checksum", "An upload with a byte that changed on its way is refused.", needs, uploadChecksum},
		{"streams", "upload-total", "An upload whose finish counts other bytes is refused.", needs, uploadTotal},
		{"streams", "upload-digest", "An upload whose finish has another SHA-256 is refused.", needs, uploadDigest},
		{"streams", "upload-cut", "An upload that ends without its finish is refused.", needs, uploadCut},
		{"streams", "upload-start", "An upload that does not begin with its start is refused.", needs, uploadStart},
		{"streams", "upload-chunk-limit", "A chunk of an upload that is larger than agreed is refused.", needs, uploadChunkLimit},
	}
}

func uploadPieces(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedUpload)
	_, err := c.upload(t.ctx, s, wholeUpload(s.Content, 7))
	t.must(err, "an upload in small chunks")
}

// spoiled sends the sample with a change and wants it refused as a stream that
// is not whole.
func (t *trial) spoiled(what string, spoil func(uploadEvents) uploadEvents) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedUpload)
	_, err := c.upload(t.ctx, s, spoil(wholeUpload(s.Content, max(1, len(s.Content)/3))))
	t.refused("an upload "+what, err, connector.ReasonIntegrity)
}

func uploadGap(t *trial) {
	t.spoiled("that begins at byte 1", func(e uploadEvents) uploadEvents {
		e.chunk().Offset++
		return e
	})
}

func uploadChecksum(t *trial) {
	t.spoiled("with a wrong checksum", func(e uploadEvents) uploadEvents {
		e.chunk().Crc32C ^= 1
		return e
	})
}

func uploadTotal(t *trial) {
	t.spoiled("with a wrong total", func(e uploadEvents) uploadEvents {
		e.finish().TotalBytes++
		return e
	})
}

func uploadDigest(t *trial) {
	t.spoiled("with a wrong SHA-256", func(e uploadEvents) uploadEvents {
		e.finish().Sha256[0] ^= 1
		return e
	})
}

func uploadCut(t *trial) {
	t.spoiled("without its finish", func(e uploadEvents) uploadEvents { return e[:len(e)-1] })
}

func uploadStart(t *trial) {
	in := t.start()
	stream, err := in.Upload(t.ctx)
	t.must(err, "beginning an upload")
	if _, err := send(stream, wholeUpload("{}\n", 100)); err == nil {
		t.errorf("an upload without its start succeeded")
	}
	t.idle(in, "after an upload without its start")
}

func uploadChunkLimit(t *trial) {
	c, s := t.open(t.startWith(connector.Limits{ChunkBytes: 10}), 0), t.sampleOf(NeedUpload)
	_, err := c.upload(t.ctx, s, wholeUpload(s.Content+"           ", 11))
	t.refused("an upload in chunks of 11 bytes where 10 were agreed", err, connector.ReasonTooLarge)
}
