package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// defaultLimit is how many rows a list returns unless asked for more or fewer.
const defaultLimit = 100

// List is an action that reads rows page by page.
type List struct {
	// Endpoint is where the rows come from; it says how large a page may be.
	Endpoint string
	// Instead names the endpoint for an input that needs another one. Nil or
	// empty: there is none.
	Instead func(input map[string]any) string
	// Dialect is how the endpoint spells a query.
	Dialect gainsight.Dialect
	// Pass names input properties that go into the request as they are.
	Pass []string
	// Object is the object whose rows these are. Its metadata say what kinds of
	// values they have, and explain a refused query.
	Object string
	// Columns are what rows have beside the fields of Object.
	Columns []string
	// Path fills the placeholders of the endpoint's path. Nil: it has none.
	Path func(input map[string]any) map[string]string
	// Adapt changes the query before it is written in the dialect. Nil: it
	// goes as it is.
	Adapt func(q gainsight.Query, input map[string]any) gainsight.Query
	// AtOnce is set if one answer holds all rows and the request has no body.
	AtOnce bool
}

// listInput is the input of every list.
type listInput struct {
	gainsight.Query
	Limit  Whole  `json:"limit"`
	Cursor string `json:"cursor"`
}

// listOutput is the output of every list.
type listOutput struct {
	Records    []json.RawMessage `json:"records"`
	NextCursor *string           `json:"nextCursor"`
}

// WithID is a [List.Adapt] that always selects the record's id.
func WithID(q gainsight.Query, _ map[string]any) gainsight.Query {
	if !slices.ContainsFunc(q.Select, func(name string) bool { return strings.EqualFold(name, "Gsid") }) {
		q.Select = append(slices.Clone(q.Select), "Gsid")
	}
	return q
}

// Fetch reads the rows that the input asks for, for a Run that chooses between
// lists. The result is the output of a list.
func (l *List) Fetch(ctx context.Context, c *Call) (any, error) { return l.run(ctx, c) }

// run reads the rows and brings them into the form that a flow sees.
func (l *List) run(ctx context.Context, c *Call) (listOutput, error) {
	in := listInput{Limit: defaultLimit}
	if err := c.Bind(&in); err != nil {
		return listOutput{}, err
	}
	out, err := l.walk(ctx, c, in)
	if err != nil {
		return listOutput{}, err
	}
	c.DecodeRows(ctx, l.Object, in.Select, out.Records)
	return out, nil
}

// walk walks the pages from the cursor until there are limit rows or the list
// ends (open question 32: there is no total). It ends with a short page, and
// also where the tenant turns out not to cut pages: it gives more rows than
// were asked for, or the page before once more.
func (l *List) walk(ctx context.Context, c *Call, in listInput) (listOutput, error) {
	at, err := l.start(c, in)
	if err != nil {
		return listOutput{}, err
	}
	out, limit := listOutput{Records: []json.RawMessage{}}, int(in.Limit)
	for {
		rows, err := l.page(ctx, c, in.Query, at)
		if err != nil {
			return listOutput{}, err
		}
		first := ""
		if len(rows) > 0 {
			first = idText(rows[0])
		}
		if at.Page > 0 && at.Skip == 0 && first != "" && first == at.First {
			return out, nil
		}
		last := l.AtOnce || len(rows) != at.Size
		rows = rows[min(at.Skip, len(rows)):]
		take := min(len(rows), limit-len(out.Records))
		out.Records = append(out.Records, rows[:take]...)
		at.Skip += take
		if take == len(rows) {
			if last {
				return out, nil
			}
			at.Page, at.Skip, at.First = at.Page+1, 0, first
		}
		if len(out.Records) == limit {
			next := at.String()
			out.NextCursor = &next
			return out, nil
		}
	}
}

// start returns where to begin: at the input's cursor, or at the first page.
func (l *List) start(c *Call, in listInput) (cursor, error) {
	asked := maps.Clone(c.Input)
	delete(asked, "limit")
	delete(asked, "cursor")
	query, err := digestOf(asked)
	if err != nil {
		return cursor{}, err
	}
	if in.Cursor != "" {
		return parseCursor(in.Cursor, query)
	}
	size := min(int(in.Limit), max(1, c.Tenant.client.Config().Endpoint(l.endpoint(c.Input)).PageSize))
	return cursor{Size: size, Query: query}, nil
}

// endpoint returns where an input goes.
func (l *List) endpoint(input map[string]any) string { return instead(l.Endpoint, l.Instead, input) }

func (l *List) body(endpoint gainsight.Endpoint, c *Call, q gainsight.Query, page gainsight.Page) (any, error) {
	order := q.OrderBy
	switch {
	case len(order) > 0 && (l.AtOnce || endpoint.OrderBy == gainsight.OrderRefused):
		return nil, unordered(endpoint, l.AtOnce)
	case l.AtOnce:
		return nil, nil //nolint:nilnil // no body is what the request has
	case endpoint.OrderBy == gainsight.OrderSent:
		q.OrderBy = nil // the dialect has none; the connection vouches for it
	}
	body, err := l.Dialect.Encode(q, &page)
	if err != nil {
		return nil, err
	}
	if endpoint.OrderBy == gainsight.OrderSent && len(order) > 0 {
		body["orderBy"] = order
	}
	for _, name := range l.Pass {
		if v, ok := c.Input[name]; ok {
			body[name] = v
		}
	}
	return body, nil
}

// unordered refuses an order that the tenant is not known to keep.
func unordered(endpoint gainsight.Endpoint, atOnce bool) error {
	message := "is not known to this operation of the vendor; sort after the call"
	if !atOnce {
		message += fmt.Sprintf(`, or, if the tenant does sort, set endpoints.%q.order_by of the connection to %q`, endpoint.Name, gainsight.OrderSent)
	}
	return connector.Invalid("the query cannot be sent", []connector.Violation{{Pointer: "/orderBy", Message: message}})
}

// page fetches one page. The three forms of an empty answer are no rows
// (common.md, form G).
func (l *List) page(ctx context.Context, c *Call, q gainsight.Query, at cursor) ([]json.RawMessage, error) {
	config, name := c.Tenant.client.Config(), l.endpoint(c.Input)
	if l.Adapt != nil {
		q = l.Adapt(q, c.Input)
	}
	q = config.Dates(name).Query(q)
	body, err := l.body(config.Endpoint(name), c, q, gainsight.Page{Number: at.Page, Size: at.Size})
	if err != nil {
		return nil, err
	}
	req := gainsight.Request{Endpoint: name, Effect: connector.EffectRead, Body: body, Private: q.Private()}
	if l.Path != nil {
		req.Path = l.Path(c.Input)
	}
	answer, err := c.Do(ctx, req)
	if gainsight.IsEmptyResult(err) {
		return nil, nil
	}
	if err != nil {
		return nil, c.Tenant.ExplainQuery(ctx, err, q, l.Object, l.Columns...)
	}
	return RowsOf(config.Endpoint(name), answer)
}
