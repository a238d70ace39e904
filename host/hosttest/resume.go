package hosttest

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// resumeCases are about downloads that go on from where they broke off.
func resumeCases() []Case {
	needs := []Need{NeedTenant, NeedDownload}
	return []Case{
		{"streams", "checkpoints", "Every checkpoint is at the next byte of the output, with a small token that holds no secret.", needs, checkpointsFit},
		{"streams", "resume", "From a checkpoint another process delivers the very bytes that are left, or begins anew.", needs, resumeGoesOn},
		{"streams", "resume-strange", "From a checkpoint that was never set a download is refused, or begins anew.", needs, resumeStrange},
	}
}

// resumable returns an instance that has agreed to resume downloads.
func (t *trial) resumable() *instance {
	in := t.start()
	if !slices.Contains(in.features, wire.FeatureResume) {
		t.skipf("the connector resumes no downloads")
	}
	return in
}

// checkpointed downloads the first sample that sets checkpoints on the way.
func (t *trial) checkpointed() (sample, downloaded) {
	c := t.direct(t.resumable(), 0)
	for _, a := range t.manifest.Actions {
		if !fits(NeedDownload, a) {
			continue
		}
		all, _ := t.samples(a)
		for _, s := range all {
			d := c.download(t.ctx, s)
			t.must(d.err, "the download")
			if len(d.inForce()) > 0 {
				return s, d
			}
		}
	}
	t.skipf("no download of a sample keeps a checkpoint")
	return sample{}, downloaded{}
}

func checkpointsFit(t *trial) {
	_, d := t.checkpointed()
	for i, c := range d.checkpoints {
		if c.GetOffset() != c.due {
			t.errorf("checkpoint %d is at byte %d where byte %d comes next", i, c.GetOffset(), c.due)
		}
		if n := len(c.GetToken()); n > wire.MaxToken {
			t.errorf("the token of checkpoint %d has %d bytes; the limit is %d", i, n, wire.MaxToken)
		}
		t.clean("the token of a checkpoint", string(c.GetToken()))
	}
}

func resumeGoesOn(t *trial) {
	s, whole := t.checkpointed()
	other := t.direct(t.resumable(), 0)
	set := whole.inForce()
	last := len(set) - 1
	for _, i := range slices.Compact([]int{0, last / 2, last}) {
		from := &connectorv1.DownloadResume{Offset: set[i].GetOffset(), Token: set[i].GetToken()}
		d := other.downloadFrom(t.ctx, s, from)
		t.must(d.err, "a download that is to go on")
		t.continues(whole, d, from.GetOffset())
	}
}

func resumeStrange(t *trial) {
	c, s := t.direct(t.resumable(), 0), t.sampleOf(NeedDownload)
	d := c.downloadFrom(t.ctx, s, &connectorv1.DownloadResume{Offset: 1, Token: []byte("the kit made this up")})
	if d.err == nil {
		t.continues(downloaded{}, d, 0)
	} else if e := connector.AsError(wire.FromStatus(d.err)); e.Reason == connector.ReasonInternal {
		t.errorf("it was refused with INTERNAL: %s", e.Message)
	}
}

// continues fails the case unless a stream is the rest of the whole from the
// byte that was asked for, or begins anew.
func (t *trial) continues(whole, d downloaded, asked uint64) {
	begin := d.events[0].GetHeader().GetOffset()
	if begin != 0 && begin != asked {
		t.fatalf("the stream begins at byte %d where byte %d was asked for", begin, asked)
	}
	if begin == 0 {
		return // of what the tenant has by now, as from any download
	}
	if due := whole.content[min(begin, uint64(len(whole.content))):]; !bytes.Equal(d.content, due) {
		t.errorf("from byte %d on came %d bytes that are not the %d of the whole download", begin, len(d.content), len(due))
	}
	if len(d.chunks) > 0 && d.chunks[0].GetOffset() != begin {
		t.errorf("the first chunk is at byte %d where the header says %d", d.chunks[0].GetOffset(), begin)
	}
	sum := sha256.Sum256(d.content)
	if !bytes.Equal(d.trailer.GetSha256(), sum[:]) || d.trailer.GetTotalBytes() != uint64(len(d.content)) {
		t.errorf("the trailer of a stream that begins at byte %d does not count and digest the bytes of this stream", begin)
	}
}
