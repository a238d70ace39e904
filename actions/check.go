package actions

import (
	"context"
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// checkReport is what a check tells a person.
type checkReport struct {
	Tenant  string `json:"tenant"`
	Address string `json:"address"`
	Header  string `json:"authHeader"`
	Objects int    `json:"objects"`
}

// check asks the tenant for its objects, past every cache.
func (t *Tenant) check(ctx context.Context) (connector.Check, error) {
	session := t.client.Session(false)
	answer, err := session.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
	if err != nil {
		return connector.Check{}, err
	}
	var objects []json.RawMessage
	if err := json.Unmarshal(answer.Data, &objects); err != nil {
		return connector.Check{}, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's list of objects is not a list: %w", err)
	}
	config := t.client.Config()
	report, err := marshal(checkReport{
		Tenant: config.Tenant, Address: config.Base.String(),
		Header: config.Endpoint(gainsight.ObjectList).AuthHeader, Objects: len(objects),
	})
	return connector.Check{Report: report, Stats: session.Stats()}, err
}
