package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// EventTo returns an event of a connection as a message.
func EventTo(handle string, e connector.Event) *connectorv1.WatchEventsResponse {
	switch e := e.(type) {
	case connector.SchemaChanged:
		return &connectorv1.WatchEventsResponse{Event: &connectorv1.WatchEventsResponse_SchemaChanged{
			SchemaChanged: &connectorv1.SchemaChanged{Handle: handle, Action: e.Action},
		}}
	case connector.SecretRotated:
		return &connectorv1.WatchEventsResponse{Event: &connectorv1.WatchEventsResponse_SecretRotated{
			SecretRotated: &connectorv1.SecretRotated{Handle: handle, Secrets: SecretsTo(e.Secrets)},
		}}
	}
	return nil
}

// EventFrom reads a message. The event is nil if this side does not know its
// kind.
func EventFrom(m *connectorv1.WatchEventsResponse) (handle string, e connector.Event) {
	switch {
	case m.GetSchemaChanged() != nil:
		return m.GetSchemaChanged().GetHandle(), connector.SchemaChanged{Action: m.GetSchemaChanged().GetAction()}
	case m.GetSecretRotated() != nil:
		return m.GetSecretRotated().GetHandle(), connector.SecretRotated{Secrets: SecretsFrom(m.GetSecretRotated().GetSecrets())}
	}
	return "", nil
}
