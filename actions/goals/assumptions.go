package goals

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open questions 5, 6 and
// 26).
func Assumptions() []probe.Assumption {
	const assumed = "goals"
	list := probe.Query(gainsight.GoalList, gainsight.DialectCockpit, probe.Select("Name"), 1)
	all := probe.List(assumed, "goal.list", gainsight.GoalList, list)
	all[0].Others = append(all[0].Others, probe.Each(gainsight.GoalList, "method", "PUT", "GET")...)
	return append(all,
		probe.Assumption{
			ID: "objects.goal", Title: "The object behind goals is found by its label", Group: assumed, Operation: "goal.create",
			Evidence: connector.EvidenceInferred, Try: tryObject,
			Current: func(c gainsight.Config) string {
				if own := c.Object(gainsight.ObjectGoal); own != "" {
					return own
				}
				return "labels " + strings.Join(gainsight.LabelledObjects()[gainsight.ObjectGoal], ", ")
			},
		},
		probe.Requests(assumed, "goal.create", gainsight.GoalCreate),
		probe.Requests(assumed, "goal.update", gainsight.GoalUpdate),
		probe.Untold("goal.update.field_names", "What a goal loses is named dissociation", assumed, "goal.update",
			"only a goal that is changed could tell; if the key is refused, set field_names of the endpoint"),
	)
}

// tryObject looks for the object in the tenant's list.
func tryObject(ctx context.Context, b *probe.Bench) probe.Outcome {
	answer, err := b.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
	if err != nil {
		return probe.Failure(err)
	}
	var objects []struct {
		Name  string `json:"objectName"`
		Label string `json:"label"`
		Type  string `json:"objectType"`
	}
	if json.Unmarshal(answer.Data, &objects) != nil {
		return probe.Outcome{Result: probe.Unclear, Observed: "the list of objects is no list"}
	}
	own := b.Config().Object(gainsight.ObjectGoal)
	labels := gainsight.LabelledObjects()[gainsight.ObjectGoal]
	var near []string
	for _, o := range objects {
		is := func(label string) bool { return strings.EqualFold(o.Label, label) || strings.EqualFold(o.Name, label) }
		switch {
		case own != "" && strings.EqualFold(o.Name, own), own == "" && o.Type != "CUSTOM" && slices.ContainsFunc(labels, is):
			return probe.Outcome{Result: probe.Works, Observed: "it is " + o.Name}
		case strings.Contains(strings.ToLower(o.Name+" "+o.Label), "goal"):
			near = append(near, o.Name)
		}
	}
	o := probe.Outcome{Result: probe.Refused, Observed: "no object is"}
	if len(near) == 1 {
		o.Mends = probe.Settings{probe.Set("/objects/"+gainsight.ObjectGoal, near[0])}
	}
	if len(near) > 0 {
		o.Observed += fmt.Sprintf("; by their names %s may be", strings.Join(near, ", "))
	}
	return o
}
