// Package goals holds the Customer Goals actions (goals.md). What object is
// behind goals is not known; it is found by its label, or named by the
// connection.
package goals

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// group is the actions' place in the catalog.
const group = "Customer Goals APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Customer_Goals_API/Customer_Goals_APIs"

// goalsPerCall is one: there is no bulk (goals.md, DOC).
const goalsPerCall = 1

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{goalCreate(), goalUpdate(), goalList()}
}

// limits are those of a write of goals (goals.md, DOC).
func limits() connector.ActionLimits {
	return connector.ActionLimits{RecordsPerRequest: goalsPerCall}
}

// What a goal gains and loses, in the input: the CTAs and success plans that
// serve it.
const (
	association  = "association"
	dissociation = "dissociation"
)

// company lets a goal name its company as a person does.
func company() actions.Resolver {
	return actions.Resolver{Field: "CompanyId", Key: "CompanyName", Object: "company", Match: "Name"}
}

// contexts are the fields and short forms of which a new goal needs one: it
// belongs to a company, a relationship or an opportunity (goals.md).
func contexts() []string {
	return []string{"CompanyId", "CompanyName", "RelationshipId", "OpportunityId"}
}

// checkContext wants one of them in every new goal, or a lookup that finds it.
func checkContext(input map[string]any) []connector.Violation {
	var violations []connector.Violation
	records, _ := input["records"].([]any)
	lookups, _ := input["lookups"].(map[string]any)
	for i, v := range records {
		r, _ := v.(map[string]any)
		if slices.ContainsFunc(contexts(), func(name string) bool { return r[name] != nil || lookups[name] != nil }) {
			continue
		}
		violations = append(violations, connector.Violation{
			Pointer: fmt.Sprintf("/records/%d/CompanyId", i),
			Message: "is required; give it, or CompanyName to look it up; or, for a goal of another kind, RelationshipId or OpportunityId",
		})
	}
	return violations
}

// options lists the statuses that the tenant's goals have: no call tells all of
// them (goals.md, UNKNOWN).
func options() map[string]actions.Choices {
	const status = "StatusName"
	used := actions.InUse{
		Object: gainsight.ObjectGoal, Endpoint: gainsight.ObjectQuery, Fields: []string{status}, Newest: "ModifiedDate",
	}
	return map[string]actions.Choices{"/records/*/" + status: used.Of(status)}
}

// requests is the envelope of a write: what a goal gains and loses stands
// beside its record (goals.md, DOC).
func requests(b actions.Batch) any {
	return actions.RequestsBeside(association, dissociation)(b)
}

// created is requests with the entity type that follows from the ids of a
// record that names none: the sample has it (goals.md, DOC sample).
func created(b actions.Batch) any {
	records := make([]map[string]any, len(b.Records))
	for i, r := range b.Records {
		records[i] = maps.Clone(r)
		if r["EntityType"] == nil {
			records[i]["EntityType"] = entityType(r)
		}
	}
	b.Records = records
	return requests(b)
}

// entityType is what kind of record a goal belongs to; the spellings of all but
// the first are inferred (goals.md).
func entityType(r map[string]any) string {
	switch {
	case r["RelationshipId"] != nil:
		return "RELATIONSHIP"
	case r["OpportunityId"] != nil:
		return "OPPORTUNITY"
	}
	return "COMPANY"
}

// outcomes reads the answer to a write, whose shape is not known (open question
// 26). A success may say nothing of its one goal, which is written then; of
// several, who knows.
func outcomes(data json.RawMessage, b actions.Batch) map[int]actions.Outcome {
	told := actions.PlacedOutcomes(data, b)
	if len(told) == 0 && len(b.Records) == 1 && !b.Refused {
		return map[int]actions.Outcome{0: {}}
	}
	return told
}
