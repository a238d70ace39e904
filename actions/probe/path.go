package probe

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Path assumes that an endpoint is where the defaults say. Other paths that are
// tried are those of the endpoint.
func Path(group, operation, endpoint string, ask Ask) Assumption {
	usual := defaultOf(endpoint)
	a := Assumption{
		ID: endpoint + ".path", Title: "The tenant knows the path of " + endpoint, Group: group, Operation: operation,
		Evidence: usual.Evidence, Others: Each(endpoint, "path", usual.OtherPaths...),
		Current: func(c gainsight.Config) string { return c.Endpoint(endpoint).Method + " " + c.Endpoint(endpoint).Path },
	}
	a.Try = Try(ask, func(b *Bench, answer *gainsight.Answer, err error) Outcome {
		o := Known(b, answer, err)
		if o.Result == Works && b.switched {
			other := b.Config().Endpoint(endpoint).OtherMethod
			return Outcome{
				Result: Fails, Observed: "the path is known by method " + other,
				Mends: Settings{Endpoint(endpoint, "method", other)},
			}
		}
		return o
	})
	return a
}

// List assumes two things of a list: its path, and where in an answer its rows
// are.
func List(group, operation, endpoint string, ask Ask) []Assumption {
	path := Path(group, operation, endpoint, ask)
	rows := Assumption{
		ID: endpoint + ".records", Title: "The rows of " + endpoint + " are where they are looked for", Group: group, Operation: operation,
		Evidence: connector.EvidenceObserved, Try: Try(ask, Rows(endpoint)), // open question 29
		Current: func(c gainsight.Config) string { return fmt.Sprint(c.Endpoint(endpoint).Keys[gainsight.KeyRecords]) },
	}
	return []Assumption{path, rows}
}

// Empty assumes that a list which finds nothing says so in a form that is known
// (open question 30). none asks for no row, all, in the same way, for any: that
// it is accepted tells an empty result from a request that is refused.
func Empty(group, operation, endpoint string, none, all Ask) Assumption {
	a := Assumption{
		ID: endpoint + ".empty", Title: "A query of " + endpoint + " that finds nothing says so in a known form", Group: group,
		Operation: operation, Evidence: connector.EvidenceObserved,
		Current: func(gainsight.Config) string { return "an empty list, or a code or text of answers" },
	}
	a.Try = func(ctx context.Context, b *Bench) Outcome {
		o := Try(none, Accepted)(ctx, b)
		if o.Result != Refused {
			return o
		}
		req, err := none(b)
		if err != nil {
			return Failure(err)
		}
		_, err = b.Do(ctx, req)
		if control := Try(all, Accepted)(ctx, b); control.Result != Works {
			return o
		}
		o.Result = Fails
		o.Mends = meant(err, gainsight.MeaningEmpty)
		return o
	}
	return a
}

// Accepts assumes that the tenant accepts a request in the way that the settings
// make it, which is inferred.
func Accepts(id, title, group, operation string, current func(gainsight.Config) string, ask Ask, others ...Settings) Assumption {
	return Assumption{
		ID: id, Title: title, Group: group, Operation: operation, Evidence: connector.EvidenceInferred,
		Current: current, Try: Try(ask, Accepted), Others: others,
	}
}

// Untold is an assumption that no request can test.
func Untold(id, title, group, operation, why string) Assumption {
	return Assumption{ID: id, Title: title, Group: group, Operation: operation, Evidence: connector.EvidenceInferred, Why: why}
}

// defaultOf returns an endpoint without settings.
func defaultOf(name string) gainsight.Endpoint {
	all := gainsight.Endpoints()
	i := slices.IndexFunc(all, func(e gainsight.Endpoint) bool { return e.Name == name })
	return all[max(i, 0)]
}

// Form returns what says the form that an endpoint is asked in.
func Form(endpoint string) func(gainsight.Config) string {
	return func(c gainsight.Config) string { return cmp.Or(c.Endpoint(endpoint).Form, "the only form") }
}
