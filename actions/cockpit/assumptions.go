package cockpit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open questions 23, 24,
// 29 to 32 and 44).
func Assumptions() []probe.Assumption {
	const assumed = "cockpit"
	list := func(q gainsight.Query) probe.Ask {
		return probe.Query(gainsight.CTAList, gainsight.DialectCockpit, q, 1)
	}
	name := probe.Select("Name")
	all := probe.List(assumed, "cta.list", gainsight.CTAList, list(name))
	all = append(all,
		probe.Empty(assumed, "cta.list", gainsight.CTAList,
			list(probe.Where(name, "Gsid", "EQ", probe.Nobody)), list(probe.Where(name, "Gsid", "NE", probe.Nobody))),
		ordered(assumed),
	)
	all = append(all, configuration(assumed)...)
	return append(all,
		probe.Requests(assumed, "cta.create", gainsight.CTACreate),
		probe.Requests(assumed, "cta.update", gainsight.CTAUpdate),
		probe.Untold("cta.update.body", "Nothing beside the records is needed for an update", assumed, "cta.update",
			"how a change cascades to tasks is told by no answer; if the vendor tells you the parameter, set body or query of the endpoint"),
	)
}

// ordered assumes that the list ignores an order, or keeps it, as the connection
// says.
func ordered(group string) probe.Assumption {
	return probe.Assumption{
		ID: "cta.list.order_by", Title: "The list of CTAs cannot be sorted, unless the connection says so", Group: group, Operation: "cta.list",
		Evidence: connector.EvidenceInferred,
		Current:  func(c gainsight.Config) string { return string(c.Endpoint(gainsight.CTAList).OrderBy) },
		Try: func(ctx context.Context, b *probe.Bench) probe.Outcome {
			up, o := names(ctx, b, "asc")
			if o.Result != probe.Works {
				return o
			}
			down, o := names(ctx, b, "desc")
			if o.Result != probe.Works {
				return o
			}
			return judgeOrder(up, down, b.Config().Endpoint(gainsight.CTAList).OrderBy == gainsight.OrderSent)
		},
		Others: probe.Each(gainsight.CTAList, "order_by", gainsight.OrderSent, gainsight.OrderRefused),
	}
}

// names asks for some names in an order.
func names(ctx context.Context, b *probe.Bench, direction string) ([]string, probe.Outcome) {
	answer, err := b.Do(ctx, gainsight.Request{
		Endpoint: gainsight.CTAList, Effect: connector.EffectRead,
		Body: map[string]any{"select": []string{"Name"}, "pageSize": 20, "pageNumber": 1, "orderBy": map[string]string{"Name": direction}},
	})
	if o := probe.Accepted(b, answer, err); o.Result != probe.Works {
		if o.Result == probe.Refused {
			o = probe.Outcome{Result: probe.Unclear, Observed: "an order is refused"}
		}
		return nil, o
	}
	if err != nil { // an empty result
		return nil, probe.Outcome{Result: probe.Works}
	}
	rows, err := actions.RowsOf(b.Config().Endpoint(gainsight.CTAList), answer)
	if err != nil {
		return nil, probe.Failure(err)
	}
	var names []string
	for _, raw := range rows {
		var row struct {
			Name string `json:"Name"`
		}
		_ = json.Unmarshal(raw, &row) // a row without a name sorts nowhere
		names = append(names, strings.ToLower(row.Name))
	}
	return names, probe.Outcome{Result: probe.Works}
}

// judgeOrder compares what came upwards and downwards with what is expected.
func judgeOrder(up, down []string, expected bool) probe.Outcome {
	if len(up) < 2 || up[0] == up[len(up)-1] && down[0] == down[len(down)-1] {
		return probe.Outcome{Result: probe.Unclear, Observed: "there are too few CTAs to tell"}
	}
	falling := slices.Clone(down)
	slices.Reverse(falling)
	sorted := slices.IsSorted(up) && slices.IsSorted(falling) && up[0] != down[0]
	o := probe.Outcome{Result: probe.Fails, Observed: "an order is ignored"}
	if sorted {
		o.Observed = "an order is kept"
	}
	if sorted == expected {
		o.Result = probe.Works
	}
	return o
}

// configuration assumes the names of the categories of the configuration, one by
// one. Other names are guesses.
func configuration(group string) []probe.Assumption {
	request := func(b *probe.Bench) (gainsight.Request, error) {
		endpoint := b.Config().Endpoint(gainsight.CTAConfig)
		return gainsight.Request{
			Endpoint: gainsight.CTAConfig, Effect: connector.EffectRead, Query: configurationQuery(endpoint, actions.EntityCompany),
		}, nil
	}
	all := []probe.Assumption{probe.Path(group, "cta.config", gainsight.CTAConfig, request)}
	for _, c := range []struct {
		key    string
		others []string
	}{
		{gainsight.KeyType, []string{"CTA_TYPES", "TYPE"}},
		{gainsight.KeyReason, []string{"CTA_REASONS", "REASON", "CTA_REASON_CODE"}},
		{gainsight.KeyStatus, []string{"CTA_STATUSES", "STATUS"}},
		{gainsight.KeyPriority, []string{"CTA_PRIORITIES", "PRIORITY"}},
	} {
		a := probe.Assumption{
			ID: "cta.config." + c.key, Title: "The configuration has a category of this name for " + c.key, Group: group, Operation: "cta.config",
			Evidence: connector.EvidenceInferred, Try: probe.Try(request, probe.Category(gainsight.CTAConfig, c.key)),
			Current: func(cfg gainsight.Config) string { return fmt.Sprint(cfg.Endpoint(gainsight.CTAConfig).Keys[c.key]) },
		}
		for _, name := range c.others {
			a.Others = append(a.Others, probe.Settings{probe.Endpoint(gainsight.CTAConfig, "keys/"+c.key, []string{name})})
		}
		all = append(all, a)
	}
	return all
}
