package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// Bounds of what a probe asks of a tenant, less than the tenant allows in a minute
// (common.md, section 3).
const (
	maxRequests       = 40
	maxRequestsWrites = 80
)

// defaultObject is the object to look at: every tenant has companies.
const defaultObject = "company"

// run is one probe. What it finds different it goes by from then on, so that one
// difference does not hide the others.
type run struct {
	client  *gainsight.Client
	object  string
	mended  Settings // what was found different, all of it
	most    int      // requests
	answers map[string]known
	stats   connector.Stats
	remarks []connector.Diagnostic
}

// Run tests assumptions against a tenant, in their order. The error is about the
// request for the probe, or about a tenant that cannot be asked at all.
func Run(ctx context.Context, client *gainsight.Client, all []Assumption, req connector.ThoroughCheck) (connector.Check, error) {
	if err := checkGroups(all, req.Groups); err != nil {
		return connector.Check{}, err
	}
	r := &run{client: client, object: defaultObject, most: maxRequests, answers: map[string]known{}}
	if req.Writes {
		r.most = maxRequestsWrites
	}
	if req.Object != "" {
		r.object = req.Object
	}
	if err := r.reach(ctx); err != nil {
		return connector.Check{}, err
	}
	if err := r.checkObject(ctx); err != nil {
		return connector.Check{}, err
	}
	findings := connector.Findings{Assumptions: []connector.Assumption{}}
	for _, a := range all {
		if a.Group != GroupAnswers && len(req.Groups) > 0 && !slices.Contains(req.Groups, a.Group) {
			continue
		}
		found, err := r.test(ctx, a, req)
		if err != nil {
			return connector.Check{}, err
		}
		findings.Assumptions = append(findings.Assumptions, found)
	}
	findings.Settings = r.mended.patch()
	report, err := json.Marshal(findings)
	if err != nil {
		return connector.Check{}, connector.Errorf(connector.ReasonInternal, "the findings cannot be written as JSON: %w", err)
	}
	return connector.Check{Report: report, Diagnostics: r.remarks, Stats: r.stats}, nil
}

// checkGroups refuses a group that there is not.
func checkGroups(all []Assumption, asked []string) error {
	var groups []string
	for _, a := range all {
		if !slices.Contains(groups, a.Group) {
			groups = append(groups, a.Group)
		}
	}
	for _, name := range asked {
		if !slices.Contains(groups, name) {
			return connector.Errorf(connector.ReasonInvalidInput, "there is no group %q of assumptions; they are %s", name, strings.Join(groups, ", ")).
				WithHint("%s", nearest.Hint(name, groups))
		}
	}
	return nil
}

// reach makes the first request, and fails where all others would fail too.
func (r *run) reach(ctx context.Context) error {
	var asked []string
	_, err := (&Bench{run: r, client: r.client, asked: &asked}).Do(ctx, objectList())
	for _, reason := range []connector.Reason{
		connector.ReasonAuthFailed, connector.ReasonPermissionDenied, connector.ReasonRateLimited, connector.ReasonDownstreamUnavailable,
		connector.ReasonDownstreamTimeout, connector.ReasonCanceled, connector.ReasonDeadlineExceeded,
	} {
		if errors.Is(err, reason) {
			return err
		}
	}
	return nil
}

// checkObject refuses an object that somebody has named and the tenant does not
// have: a probe that looks at none tells little, and nothing of that shows in its
// exit code. Where the default is missing, what needs it cannot be told.
func (r *run) checkObject(ctx context.Context) error {
	if r.object == defaultObject {
		return nil
	}
	var asked []string
	_, err := (&Bench{run: r, client: r.client, asked: &asked}).Do(ctx, describe(r.object))
	if !gainsight.IsObjectNotFound(err) {
		return nil
	}
	return connector.Errorf(connector.ReasonInvalidInput, "the tenant has no object %q to look at", r.object).
		WithHint("List the objects with action object.list.")
}

func objectList() gainsight.Request {
	return gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead}
}

// count adds what a request has cost.
func (r *run) count(s connector.Stats) {
	r.stats.Calls += s.Calls
	r.stats.Retries += s.Retries
	r.stats.Waited += s.Waited
	r.stats.Queued += s.Queued
	for _, b := range s.Budgets {
		same := func(other connector.BudgetState) bool { return other.Name == b.Name && other.Window == b.Window }
		r.stats.Budgets = append(slices.DeleteFunc(r.stats.Budgets, same), b)
	}
	ids := slices.Concat(r.stats.RequestIDs, s.RequestIDs)
	r.stats.RequestIDs = ids[max(0, len(ids)-connector.MaxRequestIDs):]
}

// test tries an assumption with the settings so far, and with others if it does
// not hold. The error is that of ctx.
func (r *run) test(ctx context.Context, a Assumption, req connector.ThoroughCheck) (connector.Assumption, error) {
	found := connector.Assumption{
		ID: a.ID, Title: a.Title, Group: a.Group, Operation: a.Operation, Evidence: a.Evidence,
		Default: a.Title, Verdict: connector.VerdictUnknown, Observed: a.Why,
	}
	if a.Current != nil {
		found.Default = a.Current(r.client.Config())
	}
	switch {
	case a.Try == nil:
		return found, nil
	case a.Jobs && !req.Jobs:
		found.Observed = "only a job could tell, of which the tenant takes few"
		return found, nil
	case a.Writes && !req.Writes:
		found.Observed = "only a request to an operation that writes could tell"
		return found, nil
	}
	first := r.try(ctx, a, nil, &found.Requests)
	found.Observed = first.Observed
	switch first.Result {
	case Works:
		found.Verdict = connector.VerdictHolds
	case Fails, Refused:
		if first.Result == Fails {
			found.Verdict = connector.VerdictDiffers
		}
		if err := r.mend(ctx, a, first, &found); err != nil {
			return found, err
		}
	case Unclear:
	}
	slices.Sort(found.Requests)
	found.Requests = slices.Compact(found.Requests)
	return found, ctx.Err()
}

// mend looks for settings with which an assumption holds, and goes by them from
// then on.
func (r *run) mend(ctx context.Context, a Assumption, first Outcome, found *connector.Assumption) error {
	others := slices.Clone(a.Others)
	if len(first.Mends) > 0 {
		others = slices.Insert(others, 0, first.Mends)
	}
	for _, other := range others {
		tried := r.try(ctx, a, other, &found.Requests)
		if tried.Result != Works {
			continue
		}
		found.Verdict, found.Settings = connector.VerdictDiffers, other
		found.Observed = fmt.Sprintf("%s; with other settings: %s", first.Observed, tried.Observed)
		config, err := r.configWith(other)
		if err != nil {
			return err
		}
		r.mended = append(r.mended, other...)
		r.client = r.client.With(config)
		return nil
	}
	if n := len(others); n > 0 {
		found.Observed = fmt.Sprintf("%s, nor does any of %d other settings help", first.Observed, n)
	}
	return nil
}

// try tries an assumption once.
func (r *run) try(ctx context.Context, a Assumption, with Settings, asked *[]string) Outcome {
	client := r.client
	if len(with) > 0 {
		config, err := r.configWith(with)
		if err != nil {
			return Failure(err)
		}
		client = client.With(config)
	}
	return a.Try(ctx, &Bench{run: r, client: client, with: with, may: leave{writes: a.Writes, jobs: a.Jobs}, asked: asked})
}

func (r *run) configWith(settings Settings) (gainsight.Config, error) {
	return r.client.Config().With(settings.patch())
}
