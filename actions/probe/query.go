package probe

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Nobody is an id of the vendor's form that no record has.
const Nobody = "1X00PROBE000000000000000000000000000"

// Query asks a list for its first rows.
func Query(endpoint string, dialect gainsight.Dialect, q gainsight.Query, size int) Ask {
	return Listing(endpoint, dialect, q, size, nil)
}

// Listing is [Query] for an endpoint whose path has placeholders.
func Listing(endpoint string, dialect gainsight.Dialect, q gainsight.Query, size int, path map[string]string) Ask {
	return func(b *Bench) (gainsight.Request, error) {
		body, err := dialect.Encode(b.Config().Dates(endpoint).Query(q), &gainsight.Page{Size: size})
		return gainsight.Request{Endpoint: endpoint, Effect: connector.EffectRead, Path: path, Body: body}, err
	}
}

// Where restricts a query by one condition.
func Where(q gainsight.Query, field, operator string, value ...any) gainsight.Query {
	q.Where = &gainsight.Where{Conditions: []gainsight.Condition{{Name: field, Operator: operator, Value: value}}}
	return q
}

// Select asks for some fields.
func Select(fields ...string) gainsight.Query { return gainsight.Query{Select: fields} }

// Get asks without a body.
func Get(endpoint string, path map[string]string) Ask {
	return ask(gainsight.Request{Endpoint: endpoint, Effect: connector.EffectRead, Path: path})
}

// Write assumes that the path of an operation that writes is where the defaults
// say. What it sends holds no record, which is harmless by inference.
func Write(group, operation, endpoint string, body any) Assumption {
	a := Path(group, operation, endpoint, ask(gainsight.Request{
		Endpoint: endpoint, Effect: connector.EffectUnsafeWrite, Body: body,
	}))
	a.Writes = true
	return a
}

// The bodies of writes without a record (common.md, section 8.1).
var (
	noRequests = map[string]any{"requests": []any{}}
	noRecords  = map[string]any{"records": []any{}}
)

// Requests is [Write] with the envelope of Cockpit, plans and goals.
func Requests(group, operation, endpoint string) Assumption {
	return Write(group, operation, endpoint, noRequests)
}

// Records is [Write] with the envelope of users and activities.
func Records(group, operation, endpoint string) Assumption {
	return Write(group, operation, endpoint, noRecords)
}
