package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// SettingsTo returns s as the request that opens a connection. The message
// holds the secrets in the clear: send it, keep it nowhere, never print it.
func SettingsTo(s connector.Settings) *connectorv1.OpenConnectionRequest {
	return &connectorv1.OpenConnectionRequest{Tenant: s.Tenant, Settings: s.Config, Secrets: SecretsTo(s.Secrets)}
}

// SettingsFrom reads such a request.
func SettingsFrom(m *connectorv1.OpenConnectionRequest) connector.Settings {
	return connector.Settings{Tenant: m.GetTenant(), Config: m.GetSettings(), Secrets: SecretsFrom(m.GetSecrets())}
}

// SecretsTo reveals secrets for sending.
func SecretsTo(in map[string]connector.Secret) map[string][]byte {
	out := make(map[string][]byte, len(in))
	for pointer, secret := range in {
		out[pointer] = []byte(secret.Reveal())
	}
	return out
}

// SecretsFrom wraps received secrets.
func SecretsFrom(in map[string][]byte) map[string]connector.Secret {
	out := make(map[string]connector.Secret, len(in))
	for pointer, value := range in {
		out[pointer] = connector.NewSecret(string(value))
	}
	return out
}

// LimitsTo returns l as a message.
func LimitsTo(l connector.Limits) *connectorv1.Limits {
	return &connectorv1.Limits{
		MaxInlineBytes: count32(l.InlineBytes), MaxChunkBytes: count32(l.ChunkBytes), MaxMessageBytes: count32(l.MessageBytes),
	}
}

// LimitsFrom reads a message.
func LimitsFrom(m *connectorv1.Limits) connector.Limits {
	return connector.Limits{
		InlineBytes: int(m.GetMaxInlineBytes()), ChunkBytes: int(m.GetMaxChunkBytes()), MessageBytes: int(m.GetMaxMessageBytes()),
	}
}
