package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Codes of the bulk export (bulk.md, DOC2 summary), and the code of an invalid
// API path (common.md 5.2, DOC2), which a stale URL gets (INFERRED).
const (
	codeNoSelect    = "GSOBJ_ESS_9104"
	codeBadQuery    = "GSOBJ_ESS_9150"
	codeInvalidPath = "GSOBJ_1023"
)

// Sizes of an export (bulk.md, DOC2 summary).
const (
	maxExport = 1_000_000 // rows of a job that sets no limit
	chunkRows = 20_000
)

// The shape of these URLs is INFERRED; callers must take them from the replies.
const (
	exportPath = "/v3/exports/data/bulk/"
	statusPath = exportPath + "status/"
	chunkPath  = exportPath + "chunk/"
)

// bulkRoutes are the bulk export operations (bulk.md).
func (t *Tenant) bulkRoutes() []route {
	download := budgetSync
	if t.forms.BulkCountsAll {
		download = budgetBulk
	}
	return []route{
		{
			method: http.MethodPost, path: exportPath + "{object}", slash: SlashRefused, budget: budgetBulk,
			reads: true, bad: codeBadQuery, handle: t.submitExport,
		},
		{
			method: http.MethodGet, path: statusPath + "{job}", slash: SlashRefused, budget: download,
			bad: codeBadQuery, handle: t.exportStatus,
		},
		{
			method: http.MethodGet, path: chunkPath + "{chunk}", slash: SlashRefused, budget: download,
			bad: codeBadQuery, handle: t.exportChunk,
		},
	}
}

// exportQuery is the body of a submit, query dialect 1.
type exportQuery struct {
	Select  []string `json:"select"`
	Where   *where   `json:"where"`
	OrderBy order    `json:"orderBy"`
	Limit   *int     `json:"limit"`
	Offset  int      `json:"offset"`
}

// submitExport is Submit Bulk Job. The rows are chosen now; whether the data
// can be newer than the job is UNKNOWN.
func (t *Tenant) submitExport(c *call) answer {
	var q exportQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	o := t.schema.object(c.params["object"])
	if o == nil {
		// As the object query, dialect 1 too, answers (data_management.md, DOC2,
		// TAP).
		return c.notFound()
	}
	if len(q.Select) == 0 {
		return c.refuse(codeNoSelect, "At least one select field is required", nil)
	}
	j, err := t.newJob(o, q)
	if err != nil {
		return c.refuse(codeBadQuery, err.Error(), nil)
	}
	t.jobs.add(j)
	return c.ok(map[string]string{t.forms.statusURLKey(): c.url(statusPath + j.id)})
}

// url gives a path in the form that the tenant's forms choose.
func (c *call) url(path string) string {
	switch c.tenant.forms.URLs {
	case URLRooted:
		return path
	case URLAbsolute:
		scheme := "http://"
		if c.request.TLS != nil {
			scheme = "https://"
		}
		return scheme + c.request.Host + path
	default:
		return strings.TrimPrefix(path, "/")
	}
}

type statusPayload struct {
	JobStatus    JobState        `json:"jobStatus"`
	TotalRecords *int            `json:"totalRecords,omitempty"`
	ChunkDetails *[]chunkPayload `json:"chunkDetails,omitempty"`
}

type chunkPayload struct {
	ChunkURL string `json:"chunkURL"`
	Offset   int    `json:"offset"`
	Limit    int    `json:"limit"`
}

// topLevelStatus is the reply with the totals beside data.
type topLevelStatus struct {
	standard
	TotalRecords *int            `json:"totalRecords,omitempty"`
	ChunkDetails *[]chunkPayload `json:"chunkDetails,omitempty"`
}

// exportStatus is Bulk API Job Status. The totals and chunks are there when
// the job is COMPLETED (DOC2). The field for the reason of a failure is
// UNKNOWN, so there is none.
func (t *Tenant) exportStatus(c *call) answer {
	j := t.jobs.find(c.params["job"])
	if j == nil {
		return c.refuse(codeInvalidPath, "Invalid API path", nil)
	}
	p := statusPayload{JobStatus: t.jobs.poll(j, t.options.JobPolls)}
	if p.JobStatus == JobCompleted {
		total := j.rows.len()
		chunks := c.chunks(j)
		p.TotalRecords, p.ChunkDetails = &total, &chunks
	}
	if !t.forms.TotalsAtTop {
		return c.ok(p)
	}
	return answer{status: http.StatusOK, body: topLevelStatus{
		standard:     c.standard(statusPayload{JobStatus: p.JobStatus}),
		TotalRecords: p.TotalRecords, ChunkDetails: p.ChunkDetails,
	}}
}

func (c *call) chunks(j *job) []chunkPayload {
	out := []chunkPayload{}
	series := c.tenant.jobs.series(j, c.tenant.options.ChunkUses)
	for i := range j.chunks(c.tenant.forms) {
		out = append(out, chunkPayload{
			ChunkURL: c.url(chunkPath + j.id + "." + strconv.Itoa(i) + series), Offset: i * chunkRows, Limit: chunkRows,
		})
	}
	return out
}

// exportChunk is Fetch Chunk Data: CSV (DOC2). An unknown chunk gets a JSON
// envelope (INFERRED).
func (t *Tenant) exportChunk(c *call) answer {
	id, rest, _ := strings.Cut(c.params["chunk"], ".")
	number, _, _ := strings.Cut(rest, ".")
	j := t.jobs.find(id)
	n, err := strconv.Atoi(number)
	if j == nil || err != nil || !t.jobs.completed(j) || n < 0 || n >= j.chunks(t.forms) || !t.jobs.use(j, rest, t.options.ChunkUses) {
		return c.refuse(codeInvalidPath, "Invalid API path", nil)
	}
	a := answer{status: http.StatusOK, contentType: "text/csv; charset=utf-8", stream: func(w http.ResponseWriter) {
		t.writeChunk(w, j, n*chunkRows, min((n+1)*chunkRows, j.rows.len()))
	}}
	if t.forms.ChunkRanges {
		return a.ranged(c.request.Header, `"`+id+"."+number+`"`)
	}
	return a
}

// ranged answers with the part of a body that a request asks for (RFC 9110,
// section 14), of which it knows the form "bytes=N-" alone.
func (a answer) ranged(asked http.Header, etag string) answer {
	a.header = http.Header{"Etag": {etag}, "Accept-Ranges": {"bytes"}}
	from, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(asked.Get("Range"), "bytes="), "-"))
	if err != nil || asked.Get("If-Range") != etag {
		return a
	}
	body := a.bytes()
	from = min(from, len(body))
	a.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body)))
	a.status, a.stream, a.raw = http.StatusPartialContent, nil, body[from:]
	return a
}
