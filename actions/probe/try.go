package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Ask makes a request with the settings of a bench. An error is about the
// request, not about the tenant.
type Ask func(b *Bench) (gainsight.Request, error)

// Try asks and has the answer judged.
func Try(ask Ask, judge func(b *Bench, answer *gainsight.Answer, err error) Outcome) func(context.Context, *Bench) Outcome {
	return func(ctx context.Context, b *Bench) Outcome {
		req, err := ask(b)
		if err != nil {
			return Failure(err)
		}
		answer, err := b.Do(ctx, req)
		return judge(b, answer, err)
	}
}

// Known wants a tenant to know the path of a request. A refusal is as good as an
// answer: it comes from behind the path (open questions, "Cheap probe for a
// path").
func Known(_ *Bench, _ *gainsight.Answer, err error) Outcome {
	switch {
	case err == nil, gainsight.IsEmptyResult(err):
		return Outcome{Result: Works, Observed: "the path is known"}
	case gainsight.IsNoSuchPath(err):
		return Outcome{Result: Fails, Observed: "there is no such path"}
	case errors.Is(err, connector.ReasonInvalidInput), gainsight.IsObjectNotFound(err), errors.Is(err, connector.ReasonConflict):
		return Outcome{Result: Works, Observed: "the path is known: " + refusal(err)}
	default:
		return Failure(err)
	}
}

// Accepted wants a tenant to accept a request.
func Accepted(b *Bench, answer *gainsight.Answer, err error) Outcome {
	o := Known(b, answer, err)
	if o.Result == Works {
		if err != nil && !gainsight.IsEmptyResult(err) {
			return Outcome{Result: Refused, Observed: "it was refused: " + refusal(err)}
		}
		o.Observed = "it was accepted"
	}
	return o
}

// refusal says how a request was refused: status and code, since the text may
// hold values.
func refusal(err error) string {
	d := connector.AsError(err).Downstream
	if d.Code == "" {
		return fmt.Sprintf("HTTP %d without a code", d.Status)
	}
	return fmt.Sprintf("HTTP %d, %s", d.Status, d.Code)
}

// Rows wants the rows of a list where the endpoint's keys say.
func Rows(endpoint string) func(*Bench, *gainsight.Answer, error) Outcome {
	return func(b *Bench, answer *gainsight.Answer, err error) Outcome {
		switch {
		case gainsight.IsEmptyResult(err):
			return Outcome{Result: Unclear, Observed: "the list is empty"}
		case err != nil:
			return Failure(err)
		}
		for _, path := range b.Config().Endpoint(endpoint).Keys[gainsight.KeyRecords] {
			if kind := kindOf(answer.Find([]string{path})); kind == '[' {
				return Outcome{Result: Works, Observed: "the rows are at " + path}
			}
		}
		if found := Lists(answer.Body); len(found) > 0 {
			return Outcome{
				Result: Fails, Observed: "the rows are at " + found[0],
				Mends: Settings{Endpoint(endpoint, "keys/"+gainsight.KeyRecords, found[:1])},
			}
		}
		return Outcome{Result: Unclear, Observed: "the answer holds no list"}
	}
}

// Category wants a configuration to have the category that a key of the endpoint
// names: by category, or in a list whose items name theirs.
func Category(endpoint, key string) func(*Bench, *gainsight.Answer, error) Outcome {
	return func(b *Bench, answer *gainsight.Answer, err error) Outcome {
		if err != nil {
			return Failure(err)
		}
		for _, name := range b.Config().Endpoint(endpoint).Keys[key] {
			if bytes.Contains(answer.Data, []byte(`"`+name+`"`)) {
				return Outcome{Result: Works, Observed: "there is a category " + name}
			}
		}
		return Outcome{Result: Refused, Observed: "there is no such category in the answer"}
	}
}

// Lists returns the dotted paths of the lists of objects in an answer, at most
// three levels down.
func Lists(body json.RawMessage) []string { return lists(body, "", 3) }

func lists(value json.RawMessage, at string, levels int) []string {
	if kindOf(value) == '[' {
		var items []json.RawMessage
		if json.Unmarshal(value, &items) == nil && at != "" && len(items) > 0 && kindOf(items[0]) == '{' {
			return []string{at}
		}
		return nil
	}
	var members map[string]json.RawMessage
	if levels == 0 || json.Unmarshal(value, &members) != nil {
		return nil
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if name == "" || strings.Contains(name, ".") { // no dotted path leads there
			continue
		}
		found = append(found, lists(members[name], strings.TrimPrefix(at+"."+name, "."), levels-1)...)
	}
	return found
}

// kindOf returns the first byte of a JSON value; 0: there is none.
func kindOf(value json.RawMessage) byte {
	if value = bytes.TrimSpace(value); len(value) > 0 {
		return value[0]
	}
	return 0
}
