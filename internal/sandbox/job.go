package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
)

// maxJobs bounds the export jobs kept; the oldest are forgotten. How long the
// vendor keeps a URL is UNKNOWN.
const maxJobs = 1000

// defaultJobPolls lets a caller see SUBMITTED and IN_PROGRESS once each.
const defaultJobPolls = 2

// JobState is a state of an export job (bulk.md, DOC2).
type JobState string

// The states of a job. The last three are final (INFERRED).
const (
	JobSubmitted  JobState = "SUBMITTED"
	JobNotStarted JobState = "NOT_STARTED"
	JobInProgress JobState = "IN_PROGRESS"
	JobCompleted  JobState = "COMPLETED"
	JobFailed     JobState = "FAILED"
	JobAborted    JobState = "ABORTED"
)

// A job is one export.
type job struct {
	id      string
	columns []column
	rows    source
	outcome JobState

	polls int            // guarded by jobs.mu
	state JobState       // guarded by jobs.mu
	uses  map[string]int // of chunk URLs, by their end; guarded by jobs.mu
}

// chunks is the number of chunks of a job.
func (j *job) chunks(forms Forms) int {
	n := (j.rows.len() + chunkRows - 1) / chunkRows
	if n == 0 && forms.HeaderOnlyChunk {
		return 1
	}
	return n
}

// jobs are the tenant's export jobs.
type jobs struct {
	mu   sync.Mutex
	list []*job
}

func (js *jobs) add(j *job) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if len(js.list) == maxJobs {
		js.list = slices.Delete(js.list, 0, 1)
	}
	js.list = append(js.list, j)
}

func (js *jobs) find(id string) *job {
	js.mu.Lock()
	defer js.mu.Unlock()
	i := slices.IndexFunc(js.list, func(j *job) bool { return j.id == id })
	if i < 0 {
		return nil
	}
	return js.list[i]
}

// poll moves a job on by one status call.
func (js *jobs) poll(j *job, before int) JobState {
	js.mu.Lock()
	defer js.mu.Unlock()
	j.polls++
	switch {
	case j.polls > before:
		j.state = j.outcome
	case j.polls == 1:
		j.state = JobSubmitted
	case j.polls == 2 && before > 2:
		j.state = JobNotStarted
	default:
		j.state = JobInProgress
	}
	return j.state
}

// series numbers the chunk URLs that a status call gives out, if they expire.
func (js *jobs) series(j *job, most int) string {
	if most == 0 {
		return ""
	}
	js.mu.Lock()
	defer js.mu.Unlock()
	return "." + strconv.Itoa(j.polls)
}

// use counts a use of a chunk URL and reports whether it still answers.
func (js *jobs) use(j *job, url string, most int) bool {
	if most == 0 {
		return true
	}
	js.mu.Lock()
	defer js.mu.Unlock()
	if j.uses == nil {
		j.uses = map[string]int{}
	}
	j.uses[url]++
	return j.uses[url] <= most
}

func (js *jobs) completed(j *job) bool {
	js.mu.Lock()
	defer js.mu.Unlock()
	return j.state == JobCompleted
}

// newJob checks a query of dialect 1 and chooses its rows.
func (t *Tenant) newJob(o *object, q exportQuery) (*job, error) {
	j := &job{id: newUUID(), outcome: cmp.Or(t.options.JobOutcomes[o.name], JobCompleted), state: JobSubmitted}
	for _, path := range q.Select {
		col, ok := t.schema.column(o, path, dialectObject)
		if !ok {
			return nil, fmt.Errorf("invalid field in select - %s", path)
		}
		j.columns = append(j.columns, col)
	}
	if q.limit() < 1 || q.Offset < 0 {
		return nil, errors.New("limit must be at least 1 and offset at least 0")
	}
	by, err := t.sorting(o, q.OrderBy)
	if err != nil {
		return nil, err
	}
	wanted, err := t.compile(o, q.Where, dialectObject)
	if err != nil {
		return nil, err
	}
	if o.name == objectUsage {
		j.rows = t.selectUsage(q, wanted, by)
	} else {
		j.rows = t.selectRecords(o, q, wanted, by)
	}
	return j, nil
}

// limit is the most rows that a job may have.
func (q exportQuery) limit() int {
	if q.Limit == nil {
		return maxExport
	}
	return *q.Limit
}

func (t *Tenant) selectRecords(o *object, q exportQuery, wanted filter, by sorting) source {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var rows recordSource
	var keys []sortKey
	for _, r := range t.table(o.name).records {
		if wanted(r) {
			keys = append(keys, by.key(t, r, len(rows)))
			rows = append(rows, r)
		}
	}
	sorted := make(recordSource, 0, len(rows))
	for _, k := range by.sort(keys) {
		sorted = append(sorted, rows[k.index])
	}
	from := min(q.Offset, len(sorted))
	return sorted[from : from+min(q.limit(), len(sorted)-from)]
}

// A source is the rows of a job, in order.
type source interface {
	len() int
	// each visits the rows whose index is at least from and less than to. A row
	// is valid during its visit only.
	each(from, to int, visit func(row))
}

// recordSource are stored records.
type recordSource []record

func (s recordSource) len() int { return len(s) }

func (s recordSource) each(from, to int, visit func(row)) {
	for _, r := range s[from:to] {
		visit(r)
	}
}
