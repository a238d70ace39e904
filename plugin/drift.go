package plugin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/lru"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// DriftPolicer is a [Connection] whose settings say what to do with a call if
// the schema that it was built with has changed.
type DriftPolicer interface {
	// DriftPolicy is for calls that do not say it themselves. Empty:
	// [connector.DriftWarn].
	DriftPolicy() connector.DriftPolicy
}

// What a process keeps of the fingerprints that it has seen, in bytes.
const (
	takenBytes   = 4 << 20
	changesBytes = 2 << 20
)

// fingerprints remembers fingerprints and what was found with them, so that a
// step which runs all the time is compared once for each state of its schema.
type fingerprints struct {
	taken   *lru.Cache[[sha256.Size]byte, *schema.Fingerprint]
	changes *lru.Cache[seen, []schema.Change]
}

// seen is a fingerprint and the ETag of the schema that it was held to.
type seen struct {
	fingerprint [sha256.Size]byte
	etag        string
}

func newFingerprints() *fingerprints {
	return &fingerprints{
		taken:   lru.New[[sha256.Size]byte, *schema.Fingerprint](takenBytes),
		changes: lru.New[seen, []schema.Change](changesBytes),
	}
}

// parse reads a fingerprint.
func (f *fingerprints) parse(text string) (*schema.Fingerprint, [sha256.Size]byte, error) {
	key := sha256.Sum256([]byte(text))
	if known, ok := f.taken.Get(key); ok {
		return known, key, nil
	}
	taken, err := schema.ParseFingerprint(text)
	if err != nil {
		return nil, key, err
	}
	const unfolded = 8 // about how many times the text it takes
	f.taken.Put(key, taken, int64(unfolded*len(text)))
	return taken, key, nil
}

// compare returns what an input may fail of that was built with a fingerprint.
func (f *fingerprints) compare(taken *schema.Fingerprint, key seen, input json.RawMessage) ([]schema.Change, error) {
	if known, ok := f.changes.Get(key); ok {
		return known, nil
	}
	changes, err := taken.Diff(input)
	if err != nil {
		return nil, err
	}
	changes = slices.DeleteFunc(changes, func(c schema.Change) bool { return c.Kind.Harmless() })
	const each = 256 // about what a change takes
	f.changes.Put(key, changes, int64(each*(1+len(changes))))
	return changes, nil
}

// fingerprint returns the fingerprint of a description, or of what an input
// uses.
func (s *service) fingerprint(req connector.DescribeRequest, d connector.Description) (string, error) {
	taken, err := schema.Take(s.subject(req.Action), req.Selectors, d.Input)
	if err != nil {
		return "", connector.Errorf(connector.ReasonInternal, "the input schema of %s has no fingerprint: %w", req.Action, err)
	}
	if len(req.UsedBy) > 0 {
		input, err := schema.Decode(req.UsedBy)
		if err != nil {
			return "", err
		}
		taken = taken.For(input)
	}
	return taken.String(), nil
}

// subject is what a fingerprint of an action is of.
func (s *service) subject(action string) string { return s.catalog.name() + "/" + action }

// drift is what has changed of what a call uses.
type drift struct {
	changes []schema.Change
	// unknown says why nothing is known of it. Nil: something is.
	unknown *connector.Error
}

// drift compares what a call uses with what it was built with, and applies the
// policy. A streamed call has records that are not in its input.
func (s *service) drift(ctx context.Context, t *tenancy, call connector.Call, streamed bool) (drift, error) {
	if call.BuiltWith == "" {
		return drift{}, nil
	}
	if !s.contract.agreed().has(wire.FeatureDrift) {
		return drift{}, misuse("a call says what it was built with, which the handshake did not settle")
	}
	policy := call.Drift
	if own, ok := t.conn.(DriftPolicer); ok {
		policy = cmp.Or(policy, own.DriftPolicy())
	}
	if policy == connector.DriftIgnore {
		return drift{}, nil
	}
	d, err := s.changed(ctx, t, call, streamed)
	if err != nil {
		return drift{}, err
	}
	if policy != connector.DriftHold && policy != connector.DriftFail {
		return d, nil
	}
	switch {
	case d.unknown != nil:
		return drift{}, d.unknown
	case len(d.changes) == 0:
		return drift{}, nil
	case policy == connector.DriftHold:
		return drift{}, refusal(connector.ReasonSchemaDrift, d.changes)
	default:
		return drift{}, refusal(connector.ReasonInvalidInput, d.changes)
	}
}

// changed returns what of that which a call uses has changed. That the schema
// cannot be had is no error: the action may do without.
func (s *service) changed(ctx context.Context, t *tenancy, call connector.Call, streamed bool) (drift, error) {
	taken, key, err := s.fingerprints.parse(call.BuiltWith)
	if err != nil {
		return drift{}, err
	}
	if taken.Of != s.subject(call.Action) {
		return drift{}, connector.Errorf(connector.ReasonInvalidInput, "the call was built with a fingerprint of another action or connector").
			WithHint("send the fingerprint that describing %s gave", call.Action)
	}
	d, err := s.describer(t).Describe(ctx, connector.DescribeRequest{Action: call.Action, Selectors: taken.Selectors})
	if err != nil {
		return drift{unknown: wire.Classify(err)}, nil
	}
	changes, err := s.fingerprints.compare(taken, seen{key, cmp.Or(d.ETag, etag(d))}, d.Input)
	if err != nil {
		return drift{}, connector.Errorf(connector.ReasonInternal, "the input schema of %s cannot be compared: %w", call.Action, err)
	}
	if len(changes) == 0 {
		return drift{}, nil
	}
	var input any = map[string]any{}
	if len(call.Input) > 0 {
		if input, err = schema.Decode(call.Input); err != nil {
			return drift{}, err
		}
	}
	return drift{changes: taken.Affected(changes, input, streamed)}, nil
}

// refusal is a call that is not made since the schema has changed.
func refusal(reason connector.Reason, changes []schema.Change) error {
	violations := make([]connector.Violation, len(changes))
	for i, c := range changes {
		violations[i] = connector.Violation{Pointer: c.Pointer, Keyword: connector.DriftKeyword + string(c.Kind), Message: c.String()}
	}
	e := connector.Errorf(reason, "the schema has changed since the call was built with it")
	e.Violations = violations
	return e.WithHint("describe the action again, mend the step and keep the new fingerprint with it; nothing was sent")
}

// tell returns remarks on the changes before those of the action.
func (d drift) tell(diagnostics []connector.Diagnostic) []connector.Diagnostic {
	told := make([]connector.Diagnostic, 0, 1+len(d.changes)+len(diagnostics))
	if d.unknown != nil {
		told = append(told, connector.Diagnostic{
			Severity: connector.SeverityWarning,
			Summary:  "whether the schema has changed since the call was built is not known: " + d.unknown.Message,
		})
	}
	for _, c := range d.changes {
		told = append(told, connector.Diagnostic{
			Severity: connector.SeverityWarning, Pointer: c.Pointer, Summary: "since the call was built, the schema has changed: " + c.String(),
		})
	}
	return append(told, diagnostics...)
}

// explain adds the changes to an error of the action about its input.
func (d drift) explain(err error) error {
	if len(d.changes) == 0 || !errors.Is(err, connector.ReasonInvalidInput) {
		return err
	}
	e := *connector.AsError(err)
	var hints []string
	if e.Hint != "" {
		hints = append(hints, e.Hint)
	}
	for _, c := range d.changes {
		hints = append(hints, "since the call was built, "+c.String())
	}
	e.Hint = strings.Join(hints, "; ")
	return &e
}
