package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// ThoroughTo returns c as a message.
func ThoroughTo(c connector.ThoroughCheck) *connectorv1.ThoroughCheck {
	return &connectorv1.ThoroughCheck{Groups: c.Groups, Object: c.Object, Writes: c.Writes, Jobs: c.Jobs}
}

// ThoroughFrom reads a message.
func ThoroughFrom(m *connectorv1.ThoroughCheck) connector.ThoroughCheck {
	return connector.ThoroughCheck{Groups: m.GetGroups(), Object: m.GetObject(), Writes: m.GetWrites(), Jobs: m.GetJobs()}
}
