package actions

import (
	"context"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// Encoding brings records into the form in which the tenant stores their
// values, for a write whose schema does not show the tenant's fields. With a
// [Doctype] it happens anyway.
type Encoding struct {
	// Object is the API name of the records' object, or one of
	// [gainsight.LabelledObjects].
	Object string
	// ByLabel is set if the operation takes the label of a picklist's option in
	// place of its id.
	ByLabel bool
}

// apply rewrites the records of a valid call. Without the object's metadata
// they stay as they are.
func (e *Encoding) apply(ctx context.Context, c *Call) {
	snapshot, err := c.Tenant.Object(ctx, e.Object)
	if err != nil {
		e := connector.AsError(err)
		c.Remark(connector.SeverityWarning, "/records", strings.TrimSpace("the values are sent as they were given: "+e.Message+". "+e.Hint))
		return
	}
	encoder := doctype.NewEncoder(snapshot.Object.Fields)
	each(c.Input, func(record map[string]any) {
		encoder.Record(record)
		if e.ByLabel {
			encoder.Labels(record)
		}
		encoder.Wire(record)
	})
}
