package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) describe(ctx context.Context, req *connectorv1.DescribeActionRequest) (*connectorv1.DescribeActionResponse, error) {
	action, err := s.catalog.action(req.GetAction())
	if err != nil {
		return nil, err
	}
	var describer Describer = s.author
	if handle := req.GetCall().GetHandle(); handle != "" {
		t, err := s.connections.acquire(ctx, handle)
		if err != nil {
			return nil, err
		}
		defer t.release()
		describer = s.describer(t)
	}
	asked := connector.DescribeRequest{
		Action: action.ID, Selectors: req.GetSelectors(), IfNoneMatch: req.GetIfNoneMatch(),
		Refresh: req.GetRefresh(), Fingerprint: req.GetFingerprint(), UsedBy: req.GetUsedBy(),
	}
	if asked.Fingerprint {
		asked.IfNoneMatch = "" // it is made of the schema, which the connector would leave out
	}
	d, err := describer.Describe(ctx, asked)
	if err != nil {
		return nil, err
	}
	if d.Fingerprint = ""; asked.Fingerprint {
		if d.Fingerprint, err = s.fingerprint(asked, d); err != nil {
			return nil, err
		}
	}
	if d, err = conditional(d, req.GetIfNoneMatch()); err != nil {
		return nil, err
	}
	if err := s.schemasFit(d); err != nil {
		return nil, err
	}
	return wire.DescriptionTo(d), nil
}

// describer returns who knows the schemas of a tenant.
func (s *service) describer(t *tenancy) Describer {
	if own, ok := t.conn.(Describer); ok {
		return own
	}
	return s.author
}

// conditional gives d its ETag and takes the schemas away if the host has
// them.
func conditional(d connector.Description, ifNoneMatch string) (connector.Description, error) {
	switch {
	case d.NotModified && ifNoneMatch == "":
		return d, connector.Errorf(connector.ReasonInternal, "the connector said that the schemas are not modified to a host that has none")
	case d.NotModified && d.ETag == "":
		d.ETag = ifNoneMatch
	case d.ETag == "":
		d.ETag = etag(d)
	}
	if d.NotModified || d.ETag == ifNoneMatch {
		d.NotModified, d.Input, d.Output = true, nil, nil
	}
	return d, nil
}

// etag is the SHA-256 of both schemas; the length of the first keeps them
// apart.
func etag(d connector.Description) string {
	digest := sha256.New()
	_, _ = digest.Write(binary.BigEndian.AppendUint64(nil, uint64(len(d.Input))))
	_, _ = digest.Write(d.Input)
	_, _ = digest.Write(d.Output)
	return hex.EncodeToString(digest.Sum(nil))
}

// schemasFit holds each schema to the inline limit. Both share a message,
// which [service.fits] looks at.
func (s *service) schemasFit(d connector.Description) error {
	limit := s.limits().InlineBytes
	if err := inline("the input schema", len(d.Input), limit); err != nil {
		return err
	}
	return inline("the output schema", len(d.Output), limit)
}

func (s *service) listOptions(ctx context.Context, req *connectorv1.ListOptionsRequest) (*connectorv1.ListOptionsResponse, error) {
	action, err := s.catalog.action(req.GetAction())
	if err != nil {
		return nil, err
	}
	t, err := s.connections.acquire(ctx, req.GetCall().GetHandle())
	if err != nil {
		return nil, err
	}
	defer t.release()
	lister, ok := t.conn.(OptionLister)
	if !ok {
		return nil, connector.Errorf(connector.ReasonUnsupported, "this connector lists no options")
	}
	page, err := lister.Options(ctx, connector.OptionsRequest{
		Action: action.ID, Pointer: req.GetPointer(), Selectors: req.GetSelectors(), Query: req.GetQuery(),
		PageSize: pageSize(req.GetPageSize()), PageToken: req.GetPageToken(),
	})
	if err != nil {
		return nil, err
	}
	return wire.OptionsTo(page), nil
}

func pageSize(asked uint32) int {
	if asked == 0 {
		return connector.DefaultPageSize
	}
	return int(min(asked, connector.MaxPageSize))
}
