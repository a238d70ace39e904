package actions

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// locate looks for the records whose outcome is open and settles those that
// are there. It returns the places of those that are not, and false if that
// could not be found out.
func (w *Write) locate(ctx context.Context, c *Call, b Batch, results []RecordResult) (missing []int, ok bool) {
	var open []int
	for i, r := range results {
		if r.Status == StatusUnknown {
			open = append(open, i)
		}
	}
	if len(open) == 0 || w.Locate == nil {
		return open, len(open) == 0
	}
	found, err := w.Locate(ctx, c, b.pick(open))
	if err != nil {
		return open, false // their outcome stays what it was
	}
	for place, i := range open {
		id, there := found[place]
		if !there {
			missing = append(missing, i)
			continue
		}
		results[i] = RecordResult{Index: results[i].Index, ReferenceID: results[i].ReferenceID, Status: StatusSucceeded}
		if id != "" {
			results[i].ID = &id
		}
	}
	return missing, true
}

// recover settles the records of a request whose answer was lost: those that
// are not there are sent once more. It reports whether the tenant was found to
// answer again.
func (w *Write) recover(ctx context.Context, c *Call, b Batch, results []RecordResult, lost error) bool {
	if w.Locate == nil || !connector.AsError(lost).OutcomeUnknown {
		return false
	}
	missing, ok := w.locate(ctx, c, b, results)
	if !ok {
		return false
	}
	if len(missing) == 0 {
		return true
	}
	again := b.pick(missing)
	second := make([]RecordResult, len(missing))
	for place, i := range missing {
		second[place] = RecordResult{Index: results[i].Index, ReferenceID: results[i].ReferenceID}
	}
	err := w.send(ctx, c, again, second)
	if err != nil {
		e := *connector.AsError(err)
		e.OutcomeUnknown = true // what the first request may have done stays done
		settle(second, &e)
	} else {
		w.arrivedLate(ctx, c, again, second)
	}
	for place, i := range missing {
		results[i] = second[place]
	}
	return err == nil
}

// arrivedLate looks once more for what the second request did not write: the
// first may have been carried out meanwhile, and then its record was refused as
// one that exists.
func (w *Write) arrivedLate(ctx context.Context, c *Call, b Batch, results []RecordResult) {
	for i := range results {
		if results[i].Status != StatusFailed {
			continue
		}
		if found, err := w.Locate(ctx, c, b.pick([]int{i})); err == nil {
			if id, there := found[0]; there {
				results[i].Status, results[i].Error = StatusSucceeded, nil
				if id != "" {
					results[i].ID = &id
				}
			}
		}
	}
}

// doubt goes through the failures of a call that was made before, in a process
// that ended: what that one wrote the tenant refuses now as there already, and
// what was held back this time may have been sent then.
func (w *Write) doubt(ctx context.Context, c *Call, b Batch, results []RecordResult) {
	for i := range results {
		r := &results[i]
		if r.Status == StatusFailed && systemic(r.Error) {
			e := *r.Error
			e.OutcomeUnknown = true
			r.Status, r.Error = StatusUnknown, &e
		}
	}
	if w.Locate != nil {
		w.arrivedLate(ctx, c, b, results)
	}
}

// pick returns the batch with the records of some places only.
func (b Batch) pick(places []int) Batch {
	records, references := make([]map[string]any, len(places)), make([]string, len(places))
	for n, i := range places {
		records[n], references[n] = b.Records[i], b.References[i]
	}
	b.Records, b.References = records, references
	return b
}
