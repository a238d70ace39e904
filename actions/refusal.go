package actions

import (
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// learn looks at how a write went. Its records had passed the check against
// what is known of the tenant, so if it was refused for what it is, that may be
// old: the next call asks again.
func (t *Tenant) learn(results []RecordResult, err error) {
	refused := func(e *connector.Error) bool { return e != nil && gainsight.SpeaksOfSchema(e.Downstream.Code) }
	if refused(connector.AsError(err)) || slices.ContainsFunc(results, func(r RecordResult) bool { return refused(r.Error) }) {
		t.expire(refusalAge)
	}
}
