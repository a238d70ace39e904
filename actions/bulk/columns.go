package bulk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// arrange puts the columns that were asked for in the order of a header row.
// Its names are those asked for, in any case and order (bulk.md, INFERRED); if
// none of them is, they are taken for labels, in the order asked for.
func arrange(asked []delimited.Column, names []string) ([]delimited.Column, error) {
	if names == nil {
		return asked, nil
	}
	if len(names) != len(asked) {
		return nil, misplaced("a chunk has %d columns where %d fields were asked for", len(names), len(asked))
	}
	rest := slices.Clone(asked)
	found := make([]delimited.Column, 0, len(asked))
	for _, name := range names {
		i := slices.IndexFunc(rest, func(c delimited.Column) bool { return strings.EqualFold(c.Name, strings.TrimSpace(name)) })
		if i >= 0 {
			found = append(found, rest[i])
			rest = slices.Delete(rest, i, i+1)
		}
	}
	switch len(found) {
	case len(asked):
		return found, nil
	case 0:
		return asked, nil
	}
	return nil, misplaced("of the %d columns of a chunk, %d are fields that were asked for and %d are not", len(names), len(found), len(rest))
}

// misplaced is about a header row that does not fit.
func misplaced(format string, args ...any) error {
	return connector.Errorf(connector.ReasonDownstreamContract, format, args...).WithHint("%s", dialectHint())
}

// dialectHint says what to do if the tenant writes CSV in another way.
func dialectHint() string {
	return fmt.Sprintf("If the tenant separates cells otherwise or sends no header row, set endpoints.%q.csv of the connection.", gainsight.BulkChunk)
}

// dialectOf returns how this tenant writes CSV.
func dialectOf(c *actions.Call) delimited.Dialect {
	csv := c.Tenant.Client().Config().Endpoint(gainsight.BulkChunk).CSV
	return delimited.Dialect{Delimiter: csv.Delimiter[0], NoHeader: !csv.Header, EmptyText: csv.EmptyText}
}
