package actions

import (
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// RowsOf returns the rows in the answer to a query, where the endpoint says
// that they are, or else in its data. No data are no rows.
func RowsOf(endpoint gainsight.Endpoint, answer *gainsight.Answer) ([]json.RawMessage, error) {
	found := answer.Find(endpoint.Keys[gainsight.KeyRecords])
	if found == nil {
		found = answer.Data
	}
	if found == nil {
		return nil, nil
	}
	var rows []json.RawMessage
	if json.Unmarshal(found, &rows) != nil {
		return nil, Misplaced(endpoint.Name, gainsight.KeyRecords, "the tenant's answer holds no list of rows")
	}
	return rows, nil
}

// Misplaced is the error for an answer that lacks a value at the places where
// it is looked for; key is the one of [gainsight.Endpoint.Keys] that names them.
func Misplaced(endpoint, key, message string) *connector.Error {
	return connector.Errorf(connector.ReasonDownstreamContract, "%s", message).
		WithHint("Where it is at this tenant can be set: endpoints.%q.keys.%s.", endpoint, key)
}
