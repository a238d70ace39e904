package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// referenceField is the caller's id of a record, in the input and on the wire.
const referenceField = "referenceId"

// Write is an action that takes records and answers with one result per
// record, whatever the vendor's envelope.
type Write struct {
	// Endpoint is where the records go; it says how many fit a request.
	Endpoint string
	// Instead names the endpoint for an input that needs another one. Nil or
	// empty: there is none.
	Instead func(input map[string]any) string
	// Body puts a batch into the vendor's envelope.
	Body func(b Batch) any
	// Query returns the parameters that a batch asks for. Nil: there are none.
	Query func(b Batch) url.Values
	// Outcomes reads an answer, by place in the batch. The data of a refused
	// request may tell of single records as well.
	Outcomes func(data json.RawMessage, b Batch) map[int]Outcome
	// Resolvers are the short forms that stand for an id.
	Resolvers []Resolver
	// Key is the field by which the tenant's answers and the results name a
	// record. Empty: "referenceId".
	Key string
	// Locate looks for the records of a batch by a key of their own and
	// returns the ids, where known, of those that are there, by place in the
	// batch. It is asked about records whose outcome an answer left open; if
	// the answer was lost, what is not there is sent once more. Nil: such an
	// outcome stays unknown, and requests are repeated as the effect allows.
	Locate func(ctx context.Context, c *Call, b Batch) (map[int]string, error)
	// Identity are the fields of which an update needs one to find its record.
	// Empty: the action creates, or Check sees to it.
	Identity []string
	// Encoding brings values into the tenant's form where the action has no
	// Doctype that does. Nil: they go as they are given.
	Encoding *Encoding
	// Check returns what is wrong with an input beyond its schema. Nil:
	// nothing.
	Check func(input map[string]any) []connector.Violation
	// Hint says what to do about a record's failure, or a request's. Empty, or
	// Nil: nothing comes to mind.
	Hint func(e *connector.Error) string
}

// key is the field that names a record.
func (w *Write) key() string { return cmp.Or(w.Key, referenceField) }

// check returns what is wrong with records beyond their schema.
func (w *Write) check(input map[string]any) []connector.Violation {
	var violations []connector.Violation
	add := func(i int, name, message string) {
		violations = append(violations, connector.Violation{Pointer: fmt.Sprintf("/records/%d/%s", i, name), Message: message})
	}
	lookups, _ := input["lookups"].(map[string]any)
	first := map[string]int{}
	for i, r := range recordsOf(input) {
		if ref, ok := r[w.key()].(string); ok {
			if j, twice := first[ref]; twice {
				add(i, w.key(), fmt.Sprintf("repeats that of record %d; results are told apart by it", j))
			} else {
				first[ref] = i
			}
		}
		for _, res := range w.Resolvers {
			_, own := lookups[res.Field]
			if res.Required && !own && !hasOne(r, res.Field, res.Key) {
				add(i, res.Field, fmt.Sprintf("is required; give it, or %s to look it up", res.Key))
			}
		}
		if len(w.Identity) > 0 && !hasOne(r, w.Identity...) {
			add(i, w.Identity[0], "is required: it says which record to change")
		}
	}
	if w.Check != nil {
		violations = append(violations, w.Check(input)...)
	}
	return violations
}

func hasOne(r map[string]any, names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return r[n] != nil })
}

// recordsOf returns the records of an input; what is not an object is an empty
// record, which the schema refuses anyway.
func recordsOf(input map[string]any) []map[string]any {
	list, _ := input["records"].([]any)
	records := make([]map[string]any, len(list))
	for i, v := range list {
		records[i], _ = v.(map[string]any)
	}
	return records
}

// run sends the records and merges the results, which have the order of the
// input.
func (w *Write) run(ctx context.Context, c *Call) ([]RecordResult, error) {
	records := recordsOf(c.Input)
	endpoint := c.Tenant.client.Config().Endpoint(w.endpoint(c.Input))
	whole := Batch{
		Input: c.Input, Records: records, References: referencesOf(records, w.key()),
		FieldNames: endpoint.FieldNames, Form: endpoint.Form, Dates: c.Tenant.client.Config().Dates(endpoint.Name),
	}
	if err := fits(ctx, whole.References); err != nil {
		return nil, err
	}
	results, err := w.sendAll(ctx, c, endpoint, whole)
	if c.Repeated {
		w.doubt(ctx, c, whole, results)
	}
	return results, err
}

// sendAll sends the records in as many requests as the tenant wants. What is
// known of a record is never lost: once one request has been answered, a later
// failure becomes the result of the records it concerns, and so does a deadline
// that leaves no time for them.
func (w *Write) sendAll(ctx context.Context, c *Call, endpoint gainsight.Endpoint, whole Batch) ([]RecordResult, error) {
	total := len(whole.Records)
	results := make([]RecordResult, total)
	for i := range results {
		results[i] = RecordResult{Index: i, ReferenceID: whole.References[i]}
	}
	size := max(1, endpoint.RecordsPerRequest)
	schedule, ctx, cancel := newSchedule(ctx, c.Tenant.client.Clock)
	defer cancel()
	for start := 0; start < total; start += size {
		if start > 0 && schedule.spent() {
			settle(results[start:], outOfTime(start, total))
			break
		}
		end := min(start+size, total)
		batch := whole
		batch.Records, batch.References = whole.Records[start:end], whole.References[start:end]
		batch.Lookups = w.lookups(endpoint, c, batch.Records)
		waited := c.Stats().Waited
		err := w.send(ctx, c, batch, results[start:end])
		schedule.took(c.Stats().Waited - waited)
		switch {
		case errors.Is(err, gainsight.ErrPlanned):
		case err == nil:
			w.locate(ctx, c, batch, results[start:end])
		case start == 0 && !connector.AsError(err).OutcomeUnknown && systemic(err):
			return nil, err
		default:
			settle(results[start:end], err)
			if systemic(err) && !w.recover(ctx, c, batch, results[start:end], err) {
				settle(results[end:], notSent(start, err))
				return results, nil
			}
		}
	}
	if c.DryRun() {
		return nil, gainsight.ErrPlanned
	}
	return results, nil
}

// endpoint returns where an input goes.
func (w *Write) endpoint(input map[string]any) string { return instead(w.Endpoint, w.Instead, input) }

// instead returns the endpoint that choose names for an input, or the usual one.
func instead(usual string, choose func(map[string]any) string, input map[string]any) string {
	if choose == nil {
		return usual
	}
	return cmp.Or(choose(input), usual)
}

// send sends one request and fills in the results of its records. An error
// concerns the request as a whole.
func (w *Write) send(ctx context.Context, c *Call, b Batch, results []RecordResult) error {
	req := gainsight.Request{Endpoint: w.endpoint(b.Input), Effect: c.effect, Body: w.Body(b), Private: privateOf(b.Records)}
	if w.Locate != nil {
		req.Effect = connector.EffectUnsafeWrite // it is looked for before it is sent again
	}
	if w.Query != nil {
		req.Query = w.Query(b)
	}
	answer, err := c.Do(ctx, req)
	err = w.advise(err)
	c.refused(results, b, err)
	if answer == nil {
		return err
	}
	b.Refused, b.Repeated = err != nil, c.Repeated || answer.Repeated
	endpoint := c.Tenant.client.Config().Endpoint(req.Endpoint)
	outcomes := w.Outcomes(resultsOf(endpoint, answer), b)
	if err != nil && len(outcomes) == 0 {
		return err
	}
	for i := range results {
		r := &results[i]
		outcome, told := outcomes[i]
		switch {
		case !told && err != nil:
			settle(results[i:i+1], err)
		case !told || outcome.Unknown:
			r.Status = StatusUnknown
			r.Error = Misplaced(endpoint.Name, gainsight.KeyWritten, "the tenant's answer does not say how the record fared")
			r.Error.OutcomeUnknown = true
			r.Error.Downstream.RequestID = answer.RequestID
		case outcome.Failure != "":
			r.Status = StatusFailed
			e := failure(c.Tenant.client.Config(), outcome, err, b)
			e.Downstream.RequestID = answer.RequestID
			c.refused(results[i:i+1], b.pick([]int{i}), e)
			r.Error = brief(e)
		default:
			r.Status = StatusSucceeded
			if outcome.ID != "" {
				r.ID = &outcome.ID
			}
		}
		if r.Error != nil {
			_ = w.advise(r.Error)
		}
	}
	return nil
}

// failure is the error of a record that the tenant refused. A reason without a
// code takes that of the request, if the request was for this record alone.
func failure(config gainsight.Config, o Outcome, err error, b Batch) *connector.Error {
	code, text := splitCode(o.Failure)
	if request := connector.AsError(err); code == "" && request != nil && len(b.Records) == 1 {
		code = request.Downstream.Code
	}
	e := connector.Errorf(config.ReasonOf(code), "%s", gainsight.Conceal(text, privateOf(b.Records)...))
	e.Downstream.Code = code
	return e
}

// advise adds the action's hint to an error that has none.
func (w *Write) advise(err error) error {
	var e *connector.Error
	if w.Hint != nil && errors.As(err, &e) && e.Hint == "" {
		e.Hint = w.Hint(e)
	}
	return err
}

// systemic reports whether an error would meet the next request as well: it
// says nothing of the records.
func systemic(err error) bool {
	return !errors.Is(err, connector.ReasonInvalidInput) && !errors.Is(err, connector.ReasonConflict)
}

// settle gives records the error of the request that carried them.
func settle(results []RecordResult, err error) {
	e := brief(connector.AsError(err))
	for i := range results {
		results[i].Status = StatusFailed
		if e.OutcomeUnknown {
			results[i].Status = StatusUnknown
		}
		results[i].Error = e
	}
}

// notSent is the error of records that were held back after record at failed.
func notSent(at int, err error) error {
	cause := connector.AsError(err)
	return &connector.Error{
		Reason: cause.Reason, Retry: connector.RetryLater, RetryAfter: cause.RetryAfter,
		Message: fmt.Sprintf("not sent, because of the error of record %d", at),
	}
}

// Bounds of a result, in bytes: what a record can add to the output beside its
// reference. Together they keep the output of a write within the size that its
// host takes, before anything is written.
const (
	maxResult  = 700
	maxMessage = 240
	maxHint    = 160
)

// brief cuts an error down to what a result holds.
func brief(e *connector.Error) *connector.Error {
	b := *e
	b.Violations, b.Omitted, b.RequestID = nil, 0, ""
	b.Message, b.Hint = short(b.Message, maxMessage), short(b.Hint, maxHint)
	return &b
}

func short(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}

// fits refuses a write whose results may be too many for one output: they
// would be lost after the records were written.
func fits(ctx context.Context, references []string) error {
	size := 0
	for _, ref := range references {
		size += maxResult + 2*len(ref)
	}
	if limit := plugin.OutputLimit(ctx); size > limit {
		return connector.Errorf(connector.ReasonTooLarge,
			"%d records are too many for one call: their results may not fit into the %d bytes that the host takes", len(references), limit).
			WithHint("Send at most %d records in a call.", max(1, limit/(size/len(references))))
	}
	return nil
}

// referencesOf returns the references of records, with one made for each that
// has none. A tenant may keep references and find records by them, so none is
// made twice, in this call or in another.
func referencesOf(records []map[string]any, key string) []string {
	call := rand.Text()[:10]
	references := make([]string, len(records))
	for i, r := range records {
		ref, ok := r[key].(string)
		if !ok {
			ref = call + "-" + strconv.Itoa(i+1)
		}
		references[i] = ref
	}
	return references
}

func privateOf(records []map[string]any) []any {
	private := make([]any, len(records))
	for i, r := range records {
		private[i] = r
	}
	return private
}
