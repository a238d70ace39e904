package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// suite is one run: the target and what is known of it.
type suite struct {
	source  source
	pool    pool
	options Options
	profile Profile

	manifest connector.Manifest
	static   map[string]*connectorv1.DescribeActionResponse
	// starts is why the connector does not start; nil if it does.
	starts error
}

// Check runs the cases against target. The error says why nothing could be
// tested, such as a binary that is not there, a profile that cannot be read or
// names what is not there, or a connector that does not start if the case
// lifecycle/starts is not chosen; what is wrong with the connector is in the
// report.
func Check(ctx context.Context, target Target, opts *Options) (report *Report, err error) {
	s, err := survey(ctx, target, opts.resolved())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	began := time.Now()
	cases := s.chosen()
	report = &Report{Name: s.manifest.Name, Version: s.manifest.Version, Results: make([]Result, len(cases))}
	var telling sync.Mutex
	var group errgroup.Group
	group.SetLimit(s.options.Parallel)
	for i, c := range cases {
		group.Go(func() error {
			r := s.run(ctx, c)
			report.Results[i] = r
			telling.Lock()
			defer telling.Unlock()
			s.options.Progress(r)
			return nil
		})
	}
	_ = group.Wait() // no case fails the group
	report.Took = time.Since(began)
	return report, ctx.Err()
}

// Run runs the cases against target as parallel subtests, one for each case
// below one for its group.
func Run(t *testing.T, target Target, opts *Options) {
	t.Helper()
	s, err := survey(t.Context(), target, opts.resolved())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	for _, group := range Groups() {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			for _, c := range s.chosen() {
				if c.Group == group {
					t.Run(c.Name, func(t *testing.T) { t.Parallel(); s.subtest(t, c) })
				}
			}
		})
	}
}

// subtest runs one case as a test.
func (s *suite) subtest(t *testing.T, c Case) {
	t.Helper()
	switch r := s.run(t.Context(), c); r.Outcome {
	case Failed:
		t.Errorf("%s\n%s", c.Proves, r.Reason)
	case Skipped:
		t.Skip(r.Reason)
	case Passed:
	}
}

func (s *suite) chosen() []Case {
	var chosen []Case
	for _, c := range Cases() {
		if s.options.Filter(c) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// survey starts the connector once, to learn what it says of itself.
func survey(ctx context.Context, target Target, o Options) (*suite, error) {
	from, err := target.load()
	if err != nil {
		return nil, err
	}
	s := &suite{source: from, options: o, static: map[string]*connectorv1.DescribeActionResponse{}}
	if err := s.explore(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// close ends what is left of the run.
func (s *suite) close() error {
	s.pool.empty()
	return s.source.close()
}

func (s *suite) explore(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	in, err := s.source.start(ctx, s.options.startTime())
	switch {
	case err != nil && (notRunnable(err) || ctx.Err() != nil || !s.tells()):
		return err
	case err != nil:
		s.starts = err
	case s.learn(ctx, in) && s.source.binary() != "":
		s.pool.put(in)
	default:
		_ = in.stop() // lifecycle/stops tells
	}
	if s.profile, err = s.options.Profile(s.manifest); err != nil {
		return err
	}
	return s.profile.fits(s.manifest)
}

// tells reports whether the case is chosen that tells why a connector does not
// start. Without it, nothing would.
func (s *suite) tells() bool {
	return slices.ContainsFunc(s.chosen(), func(c Case) bool { return c.ID() == startCase })
}

// learn asks for the manifest and the static schemas, and reports whether it
// got the first. What is not answered is for the cases to find.
func (s *suite) learn(ctx context.Context, in *instance) bool {
	if err := in.greet(ctx, connector.Limits{}); err != nil {
		return false
	}
	resp, err := in.GetManifest(ctx, &connectorv1.GetManifestRequest{})
	if err != nil {
		return false
	}
	s.manifest = wire.ManifestFrom(resp.GetManifest())
	for _, a := range s.manifest.Actions {
		if d, err := in.DescribeAction(ctx, &connectorv1.DescribeActionRequest{Action: a.ID}); err == nil {
			s.static[a.ID] = d
		}
	}
	return true
}

// sample is a [Sample] of an action.
type sample struct {
	Sample

	action connector.Action
}

// samples returns the samples of an action, or why there are none.
func (s *suite) samples(a connector.Action) ([]sample, string) {
	if why := s.profile.Omit[a.ID]; why != "" {
		return nil, why
	}
	given, ok := s.profile.Samples[a.ID]
	if !ok {
		for _, input := range examples(s.static[a.ID].GetInputSchema()) {
			given = append(given, Sample{Input: input})
		}
	}
	var all []sample
	for _, one := range given {
		if a.Mode != connector.ModeUpload || one.Content != "" {
			all = append(all, sample{one, a})
		}
	}
	switch {
	case len(given) == 0:
		return nil, "its input schema has no examples"
	case len(all) == 0:
		return nil, "the profile has no content to upload"
	}
	return all, ""
}

// examples returns the examples at the root of a schema.
func examples(schema []byte) []json.RawMessage {
	var root struct {
		Examples []json.RawMessage `json:"examples"`
	}
	_ = json.Unmarshal(schema, &root) // schemas/draft tells
	return root.Examples
}

// errCrashed is the failure of a case that panicked.
var errCrashed = errors.New("the case itself panicked, which is a defect of the kit")

// run runs one case.
func (s *suite) run(ctx context.Context, c Case) Result {
	began := time.Now()
	r := Result{ID: c.ID(), Group: c.Group, Name: c.Name, Proves: c.Proves, Outcome: Passed}
	if reason := s.excused(c); reason != "" {
		r.Outcome, r.Reason = Skipped, reason
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	t := &trial{suite: s, ctx: ctx}
	done := make(chan struct{})
	go func() { // of its own, so that a case can leave from any depth
		defer close(done)
		defer t.cleanUp()
		defer func() {
			if v := recover(); v != nil {
				t.errorf("%v: %v\n%s", errCrashed, v, debug.Stack())
			}
		}()
		c.run(t)
	}()
	<-done
	if ctx.Err() != nil {
		t.errorf("the case did not end within %s", s.options.Timeout)
	}
	r.Outcome, r.Reason = t.verdict()
	r.Took = time.Since(began)
	return r
}

// excused says why a case is not run; empty if it is.
func (s *suite) excused(c Case) string {
	switch why := s.profile.Skip[c.ID()]; {
	case s.starts != nil && c.ID() == startCase:
		return ""
	case s.starts != nil:
		return neverStarted
	case why != "":
		return "the profile says: " + why
	}
	for _, need := range c.Needs {
		if reason := s.missing(need); reason != "" {
			return reason
		}
	}
	return ""
}
