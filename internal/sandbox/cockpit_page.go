package sandbox

// Pages of query dialect 2. At most 1000 rows is documented of the CTA list
// (cta.md, DOC2) and INFERRED of the others, and so is the size of a page that
// names none, which is that of the sample.
const (
	maxPage     = 1000
	defaultPage = 100
)

// cockpitPage are the sorting and paging keys of query dialect 2. orderBy is not
// documented and ignored unless a form says otherwise.
type cockpitPage struct {
	OrderBy    order `json:"orderBy"`
	PageSize   *int  `json:"pageSize"`
	PageNumber *int  `json:"pageNumber"`
}

// bounds returns the size and the number of the page, from 1; usual is the size
// of one that names none. It reports false for a page that there is not.
func (p cockpitPage) bounds(usual int) (size, number int, ok bool) {
	size, number = usual, 1
	if p.PageSize != nil {
		size = *p.PageSize
	}
	if p.PageNumber != nil {
		number = *p.PageNumber
	}
	// Whether a larger page is refused or cut is UNKNOWN.
	return size, number, size >= 1 && number >= 1 && (p.PageSize == nil || size <= maxPage)
}

// badPage refuses a page that there is not.
func (c *call) badPage() answer {
	return c.refuse(c.route.bad, "pageSize must be 1 to 1000 and pageNumber at least 1", c.noData())
}

// cut returns a page of the records that are wanted, in order of creation, as
// show gives them. The caller holds the tenant's lock.
func cut(records []record, size, number int, wanted filter, show func(record) map[string]any) []map[string]any {
	rows := []map[string]any{}
	skip := min(number-1, len(records)) * size
	for _, r := range records {
		switch {
		case !wanted(r):
		case skip > 0:
			skip--
		case len(rows) < size:
			rows = append(rows, show(r))
		}
	}
	return rows
}
