// Package bulk holds the actions for bulk exports (bulk.md): submit a job, ask
// for its state, fetch its chunks, and bulk.export, which does all three and
// delivers one stream, as CSV or NDJSON, that can go on where it broke off.
package bulk

import "github.com/gainsight-connector/gainsight-connector/actions"

// group is the actions' place in the catalog.
const group = "Bulk REST APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Bulk_API/Gainsight_Bulk_REST_APIs"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{bulkSubmit(), bulkStatus(), bulkChunk(), bulkExport()}
}
