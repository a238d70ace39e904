package sandbox

import (
	"net/http"
	"strconv"
)

// An activityResult is the outcome of one record.
type activityResult struct {
	key string // the id by which the record was named
	id  string // activityId
	bad *refusal
}

// activityErrors is one record's part of the failures.
type activityErrors []map[string]string

func (r activityResult) errors() activityErrors {
	return activityErrors{{"errorCode": r.bad.code, "message": r.bad.text}}
}

// activityMaps is the reply that a simulator has (timeline.md, INFERRED).
type activityMaps struct {
	Success  map[string][]map[string]string `json:"success"`
	Failures map[string]activityErrors      `json:"failures"`
}

func mapsOf(results []activityResult) activityMaps {
	data := activityMaps{Success: map[string][]map[string]string{}, Failures: map[string]activityErrors{}}
	for _, r := range results {
		if r.bad != nil {
			data.Failures[r.key] = r.errors()
		} else {
			data.Success[r.key] = []map[string]string{{"activityId": r.id}}
		}
	}
	return data
}

// activityResults answers a write in one of the plausible forms (open question
// 18). result stays true whatever failed (INFERRED) unless the forms say
// otherwise.
func (c *call) activityResults(results []activityResult) answer {
	failed := 0
	for _, r := range results {
		if r.bad != nil {
			failed++
		}
	}
	var data any
	switch c.tenant.forms.ActivityReply {
	case ActivityLists:
		data = listsOf(results)
	case ActivityObjects:
		data = objectsOf(results)
	case ActivityObjectAPI:
		return c.objectAPI(results, failed)
	case ActivityBare:
		if failed > 0 {
			data = mapsOf(results)
		}
	default:
		data = mapsOf(results)
	}
	if failed > 0 && c.tenant.forms.PartialFails {
		desc := strconv.Itoa(failed) + " records failed"
		return answer{status: http.StatusOK, body: standard{ErrorDesc: &desc, RequestID: c.id, Data: data}}
	}
	return c.ok(data)
}

func listsOf(results []activityResult) ctaResults {
	data := ctaResults{Success: []map[string]string{}, Failure: []map[string]string{}}
	for _, r := range results {
		if r.bad != nil {
			data.Failure = append(data.Failure, map[string]string{r.key: r.bad.Error()})
		} else {
			data.Success = append(data.Success, map[string]string{r.key: r.id})
		}
	}
	return data
}

func objectsOf(results []activityResult) []map[string]any {
	data := make([]map[string]any, len(results))
	for i, r := range results {
		data[i] = map[string]any{"ExternalId": r.key, "success": r.bad == nil}
		if r.bad != nil {
			data[i]["errorCode"], data[i]["errorDesc"] = r.bad.code, r.bad.text
		} else {
			data[i]["activityId"] = r.id
		}
	}
	return data
}

// objectAPI is the reply of the object APIs: errors by position, nested twice
// (common.md 6, DOC2). Unlike there, the other records are written: what was
// done is done.
func (c *call) objectAPI(results []activityResult, failed int) answer {
	if failed == 0 {
		records := make([]map[string]string, len(results))
		for i, r := range results {
			records[i] = map[string]string{"ExternalId": r.key, "activityId": r.id}
		}
		return c.ok(map[string]any{"count": len(records), "errors": nil, "records": records})
	}
	var inner []any
	code, desc := "", ""
	for _, r := range results {
		entry := map[string]any{"success": r.bad == nil, "parsedValue": nil, "errors": []any{}}
		if r.bad != nil {
			code, desc = r.bad.code, r.bad.text
			entry["errors"] = []any{map[string]any{
				"errorMessage": r.bad.text, "errorCode": r.bad.code, "fieldName": nil, "invalidValue": nil,
			}}
		}
		inner = append(inner, entry)
	}
	return c.refuse(code, desc, map[string]any{"count": len(results) - failed, "errors": []any{inner}, "records": nil})
}
