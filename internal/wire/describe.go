package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// DescriptionTo returns d as a message.
func DescriptionTo(d connector.Description) *connectorv1.DescribeActionResponse {
	return &connectorv1.DescribeActionResponse{
		NotModified: d.NotModified, InputSchema: d.Input, OutputSchema: d.Output, Etag: d.ETag,
		MaxAge: durationTo(d.MaxAge), FetchedAt: timeTo(d.FetchedAt), Diagnostics: DiagnosticsTo(d.Diagnostics),
		Fingerprint: d.Fingerprint,
	}
}

// DescriptionFrom reads a message.
func DescriptionFrom(m *connectorv1.DescribeActionResponse) connector.Description {
	return connector.Description{
		NotModified: m.GetNotModified(), Input: m.GetInputSchema(), Output: m.GetOutputSchema(), ETag: m.GetEtag(),
		MaxAge: durationFrom(m.GetMaxAge()), FetchedAt: timeFrom(m.GetFetchedAt()), Diagnostics: DiagnosticsFrom(m.GetDiagnostics()),
		Fingerprint: m.GetFingerprint(),
	}
}

// OptionsTo returns p as a message.
func OptionsTo(p connector.OptionPage) *connectorv1.ListOptionsResponse {
	return &connectorv1.ListOptionsResponse{
		NextPageToken: p.NextPageToken,
		Options: mapSlice(p.Options, func(o connector.Option) *connectorv1.Option {
			return &connectorv1.Option{Value: o.Value, Label: o.Label, Inactive: o.Inactive, Id: o.ID}
		}),
	}
}

// OptionsFrom reads a message.
func OptionsFrom(m *connectorv1.ListOptionsResponse) connector.OptionPage {
	return connector.OptionPage{
		NextPageToken: m.GetNextPageToken(),
		Options: mapSlice(m.GetOptions(), func(o *connectorv1.Option) connector.Option {
			return connector.Option{Value: o.GetValue(), Label: o.GetLabel(), Inactive: o.GetInactive(), ID: o.GetId()}
		}),
	}
}
