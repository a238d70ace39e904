package probe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Bench is where one assumption is tried with some settings.
type Bench struct {
	run    *run
	client *gainsight.Client
	with   Settings // beside what the run goes by
	may    leave
	asked  *[]string
	// switched is set if the last request went by the endpoint's other method.
	switched bool
}

// Config returns the settings.
func (b *Bench) Config() gainsight.Config { return b.client.Config() }

// Object returns the object to look at where any will do.
func (b *Bench) Object() string { return b.run.object }

// Now returns the time.
func (b *Bench) Now() time.Time { return b.client.Clock() }

var (
	// errSpent ends a probe that would ask too much.
	errSpent = errors.New("the probe has made as many requests as it may")
	// errWrites is about an assumption that says of itself that it reads.
	errWrites = errors.New("the request would go to an operation that writes")
	// errJobs is about one that says of itself that it starts no job.
	errJobs = errors.New("the request would start a job")
)

// longestRequest bounds a request with its repeats and with the wait for a call
// budget: a probe waits for the next minute, not for the next hour or day.
const longestRequest = 150 * time.Second

// leave is what the requests of a bench may do beside reading.
type leave struct{ writes, jobs bool }

// refuse returns why a request must not be made. Nil: it may.
func (l leave) refuse(req gainsight.Request) error {
	switch job := slices.Contains(defaultOf(req.Endpoint).Budgets, gainsight.BudgetAsynchronous); {
	case job && !l.jobs:
		return errJobs
	case !job && req.Effect.Writes() && !l.writes:
		return errWrites
	}
	return nil
}

// known is an answer of the tenant.
type known struct {
	answer   *gainsight.Answer
	err      error
	switched bool
}

// Do asks the tenant. The same question is asked once.
func (b *Bench) Do(ctx context.Context, req gainsight.Request) (*gainsight.Answer, error) {
	if err := b.may.refuse(req); err != nil {
		return nil, err
	}
	key, line, err := b.question(ctx, req)
	if err != nil {
		return nil, err
	}
	k, asked := b.run.answers[key]
	if !asked && b.run.stats.Calls >= b.run.most {
		return nil, errSpent
	}
	*b.asked = append(*b.asked, line)
	if !asked {
		ctx, cancel := context.WithTimeout(ctx, longestRequest)
		defer cancel()
		s := b.client.Session(false)
		s.Yield()
		k.answer, k.err = s.Do(ctx, req)
		stats := s.Stats()
		k.switched = stats.Calls-stats.Retries > 1
		b.run.count(stats)
		b.run.remarks = append(b.run.remarks, s.Remarks()...)
		b.run.answers[key] = k
	}
	b.switched = k.switched
	return k.answer, k.err
}

// question identifies a request, the header that it is signed in and the way in
// which its answer is read; and shows it in a line.
func (b *Bench) question(ctx context.Context, req gainsight.Request) (key, line string, err error) {
	dry := b.client.Session(true)
	if _, err := dry.Do(ctx, req); !errors.Is(err, gainsight.ErrPlanned) {
		return "", "", err
	}
	p := dry.Planned()[0]
	path, _, _ := strings.Cut(p.Path, "?")
	header := b.Config().AuthHeader(req.Endpoint)
	reading := slices.Concat(b.run.mended, b.with).ofAnswers().patch()
	return strings.Join([]string{p.Method, p.Path, string(p.Body), header, string(reading)}, "\n"), p.Method + " " + path, nil
}

// Failure says what an error of a request comes to, other than a refusal or a
// path that is not known, which are for the caller to judge.
func Failure(err error) Outcome {
	return Outcome{Result: Unclear, Observed: connector.AsError(err).Message}
}
