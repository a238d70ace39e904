package actions

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// checkReport is what a check tells a person.
type checkReport struct {
	Tenant   string             `json:"tenant"`
	Address  string             `json:"address"`
	SignIn   gainsight.AuthKind `json:"signIn"`
	Header   string             `json:"authHeader"`
	TokenURL string             `json:"tokenUrl,omitempty"`
	Objects  int                `json:"objects"`
	// Budgets are all call budgets of the connection.
	Budgets []checkedBudget `json:"budgets"`
	// Observed are the fields for whose lack the tenant refused records, in the
	// form of the setting of that name: a host that keeps them there hands them
	// back when it opens the connection in another process.
	Observed map[string]map[string]gainsight.Observation `json:"observed"`
}

// checkedBudget is one window of a call budget.
type checkedBudget struct {
	Name   string    `json:"name"`
	Window string    `json:"window"`
	Limit  int       `json:"limit"`
	Spent  int       `json:"spent"`
	Left   int       `json:"left"`
	Ends   time.Time `json:"ends"`
	// Source is "counted" by the connector, or what the "tenant" said.
	Source string `json:"source"`
	// Setting is the place in the connection's settings that changes Limit.
	Setting string `json:"setting"`
}

func checkedBudgets(client *gainsight.Client) []checkedBudget {
	budgets := []checkedBudget{}
	for _, s := range client.BudgetStates() {
		b := checkedBudget{
			Name: s.Budget, Window: s.Period.String(), Limit: s.Limit, Spent: s.Spent, Left: s.Left, Ends: s.Ends.UTC(),
			Source: "counted", Setting: s.Period.Pointer(s.Budget),
		}
		if s.Throttled || s.Lowered {
			b.Source = "tenant"
		}
		budgets = append(budgets, b)
	}
	return budgets
}

// check asks the tenant for its objects, past every cache.
func (t *Tenant) check(ctx context.Context) (connector.Check, error) {
	session := t.client.Session(false)
	if plugin.Detailed(ctx) {
		session.Detail()
	}
	answer, err := session.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
	if err != nil {
		return connector.Check{}, costing(session.Stats(), err)
	}
	var objects []json.RawMessage
	if err := json.Unmarshal(answer.Data, &objects); err != nil {
		return connector.Check{}, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's list of objects is not a list: %w", err)
	}
	config := t.client.Config()
	report, err := marshal(checkReport{
		Tenant: config.Tenant, Address: config.Base.String(), SignIn: config.Auth.Kind,
		Header: config.AuthHeader(gainsight.ObjectList), TokenURL: t.client.TokenURL(), Objects: len(objects),
		Budgets: checkedBudgets(t.client), Observed: t.observations.all(),
	})
	return connector.Check{Report: report, Stats: session.Stats()}, err
}
