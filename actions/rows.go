package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// DecodeRows brings rows of an object into the form that a flow sees (see
// [doctype.Column]), under the names that were selected, in rows itself.
// Without the object's metadata they stay as they came, and a remark says so;
// another tells of values that do not fit their fields.
func (c *Call) DecodeRows(ctx context.Context, object string, selected []string, rows []json.RawMessage) {
	if len(rows) == 0 {
		return
	}
	decoder, err := c.Tenant.decoder(ctx, object, selected)
	if err != nil {
		e := connector.AsError(err)
		c.Remark(connector.SeverityWarning, "", strings.TrimSpace("the values are in the tenant's own form: "+e.Message+". "+e.Hint))
		return
	}
	misfits := map[string]int{}
	for i, row := range rows {
		const growth = 64 // times become longer, and options their labels
		rows[i] = decoder.Row(make([]byte, 0, len(row)+growth), row, func(name string) { misfits[name]++ })
	}
	for _, name := range slices.Sorted(maps.Keys(misfits)) {
		c.Remark(connector.SeverityWarning, "", fmt.Sprintf("field %s: %d of %d values do not fit its type and stay as they came",
			name, misfits[name], len(rows)))
	}
}

// decoder returns the decoder of an object's rows, with the columns that were
// selected. A path that leads nowhere, as far as the metadata tell, has values
// of any kind.
func (t *Tenant) decoder(ctx context.Context, object string, selected []string) (*doctype.Decoder, error) {
	snapshot, err := t.Object(ctx, object)
	if err != nil {
		return nil, err
	}
	paths := map[string]doctype.Column{}
	for _, path := range selected {
		if !strings.Contains(path, ".") {
			continue
		}
		field, _ := t.follow(ctx, path, snapshot.Object)
		paths[path] = doctype.NewColumn(field)
	}
	return t.memory.decoder(snapshot).Select(selected, paths), nil
}
