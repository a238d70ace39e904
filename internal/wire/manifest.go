package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// ManifestTo returns m as a message.
func ManifestTo(m connector.Manifest) *connectorv1.Manifest {
	return &connectorv1.Manifest{
		Name: m.Name, Version: m.Version, Title: m.Title, Description: m.Description,
		ApiVersion: m.APIVersion, ApiType: m.APIType, Authentication: m.Authentication, Prerequisites: m.Prerequisites,
		DocumentationUrl: m.DocumentationURL, ConnectionSchema: m.ConnectionSchema,
		Actions: mapSlice(m.Actions, actionTo),
	}
}

// ManifestFrom reads a message. Enum values that this side does not know get
// the safe reading that the contract names.
func ManifestFrom(m *connectorv1.Manifest) connector.Manifest {
	return connector.Manifest{
		Name: m.GetName(), Version: m.GetVersion(), Title: m.GetTitle(), Description: m.GetDescription(),
		APIVersion: m.GetApiVersion(), APIType: m.GetApiType(), Authentication: m.GetAuthentication(), Prerequisites: m.GetPrerequisites(),
		DocumentationURL: m.GetDocumentationUrl(), ConnectionSchema: m.GetConnectionSchema(),
		Actions: mapSlice(m.GetActions(), actionFrom),
	}
}

func actionTo(a connector.Action) *connectorv1.Action {
	return &connectorv1.Action{
		Id: a.ID, Title: a.Title, Group: a.Group, Summary: a.Summary, DocumentationUrl: a.DocumentationURL,
		Mode:          enumTo[connectorv1.ActionMode]("ACTION_MODE_", a.Mode),
		Effect:        enumTo[connectorv1.Effect]("EFFECT_", a.Effect),
		DoctypeLookup: enumTo[connectorv1.DoctypeLookup]("DOCTYPE_LOOKUP_", a.DoctypeLookup),
		Evidence:      enumTo[connectorv1.Evidence]("EVIDENCE_", a.Evidence),
		SchemaScope:   enumTo[connectorv1.SchemaScope]("SCHEMA_SCOPE_", a.SchemaScope),
		Selectors:     a.Selectors,
		Settings:      a.Settings,
		Limits: &connectorv1.ActionLimits{
			RecordsPerRequest: a.Limits.RecordsPerRequest, PageSize: a.Limits.PageSize, BytesPerRequest: a.Limits.BytesPerRequest,
			Rates: mapSlice(a.Limits.Rates, func(r connector.RateLimit) *connectorv1.RateLimit {
				return &connectorv1.RateLimit{Calls: r.Calls, Window: durationTo(r.Window)}
			}),
		},
	}
}

func actionFrom(a *connectorv1.Action) connector.Action {
	return connector.Action{
		ID: a.GetId(), Title: a.GetTitle(), Group: a.GetGroup(), Summary: a.GetSummary(), DocumentationURL: a.GetDocumentationUrl(),
		Mode:          enumFrom("ACTION_MODE_", a.GetMode(), connector.ModeExecute),
		Effect:        enumFrom("EFFECT_", a.GetEffect(), connector.EffectUnsafeWrite),
		DoctypeLookup: enumFrom("DOCTYPE_LOOKUP_", a.GetDoctypeLookup(), connector.DoctypeNo),
		Evidence:      enumFrom("EVIDENCE_", a.GetEvidence(), connector.EvidenceInferred),
		SchemaScope:   enumFrom("SCHEMA_SCOPE_", a.GetSchemaScope(), connector.ScopeConnection),
		Selectors:     a.GetSelectors(),
		Settings:      a.GetSettings(),
		Limits: connector.ActionLimits{
			RecordsPerRequest: a.GetLimits().GetRecordsPerRequest(), PageSize: a.GetLimits().GetPageSize(),
			BytesPerRequest: a.GetLimits().GetBytesPerRequest(),
			Rates: mapSlice(a.GetLimits().GetRates(), func(r *connectorv1.RateLimit) connector.RateLimit {
				return connector.RateLimit{Calls: r.GetCalls(), Window: durationFrom(r.GetWindow())}
			}),
		},
	}
}
