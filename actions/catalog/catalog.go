// Package catalog puts the actions of all groups together: it is the Gainsight
// connector as a host sees it.
package catalog

import (
	"context"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/api"
	"github.com/gainsight-connector/gainsight-connector/actions/bulk"
	"github.com/gainsight-connector/gainsight-connector/actions/cockpit"
	"github.com/gainsight-connector/gainsight-connector/actions/goals"
	"github.com/gainsight-connector/gainsight-connector/actions/metadata"
	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/actions/successplan"
	"github.com/gainsight-connector/gainsight-connector/actions/tasks"
	"github.com/gainsight-connector/gainsight-connector/actions/timeline"
	"github.com/gainsight-connector/gainsight-connector/actions/users"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// Version is the version of the connector.
const Version = "10.7.0"

// Connector returns the Gainsight connector. Its thorough check is that of
// [Assumptions] unless the options have another.
func Connector(opts actions.Options) plugin.Connector {
	if opts.Thorough == nil {
		opts.Thorough = func(ctx context.Context, client *gainsight.Client, req connector.ThoroughCheck) (connector.Check, error) {
			return probe.Run(ctx, client, Assumptions(), req)
		}
	}
	return actions.New(manifest(), slices.Concat(
		bulk.Actions(),
		goals.Actions(),
		metadata.Actions(),
		timeline.Actions(),
		users.Actions(),
		cockpit.Actions(),
		tasks.Actions(),
		successplan.Actions(),
		api.Actions(),
	), opts)
}

// Assumptions returns what the actions of all groups take for granted about a
// tenant, in the order in which a probe tests it: what others rest on first.
func Assumptions() []probe.Assumption {
	return slices.Concat(
		probe.Answers(),
		metadata.Assumptions(),
		cockpit.Assumptions(),
		tasks.Assumptions(),
		successplan.Assumptions(),
		goals.Assumptions(),
		users.Assumptions(),
		timeline.Assumptions(),
		bulk.Assumptions(),
	)
}

func manifest() connector.Manifest {
	return connector.Manifest{
		Name: "gainsight", Version: Version, Title: "Gainsight CS",
		Description: "Connects flows to Gainsight CS (NXT): Calls to Action, tasks, success plans, goals, timeline activities, users, object " +
			"metadata and bulk exports, with schemas that follow each tenant's own fields.",
		APIVersion: "nxt (6.34)", APIType: "REST",
		Authentication: []string{
			"Access key (access_key)",
			"OAuth 2.0 client credentials (client_id, client_secret)",
			"OAuth 2.0 authorization code with PKCE (client_id, client_secret, refresh_token)",
		},
		Prerequisites: []string{
			"A Gainsight CS (NXT) tenant",
			"An access key or OAuth credentials of the Gainsight API, made by a Super Admin, or a registered OAuth application",
		},
		DocumentationURL: "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/About/API_Documentation_Overview",
	}
}
