// Package timeline holds the actions on timeline activities (timeline.md). The
// object behind them is activity_timeline.
package timeline

import (
	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// group is the actions' place in the catalog.
const group = "Timeline APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Timeline_API/Timeline_APIs"

// object is the object behind activities (timeline.md, LIVE).
const object = "activity_timeline"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{
		activitySave(), activitySaveBulk(), activityJobStatus(), activityUpdate(), activityUpdateBulk(),
		activityDelete(), activityListDeleted(), activityRead(), activityAbortJob(),
	}
}

// bulkLimits are the limits on bulk saves (timeline.md, DOC; open question 20).
func bulkLimits() connector.ActionLimits {
	return connector.ActionLimits{BytesPerRequest: 80_000_000}
}
