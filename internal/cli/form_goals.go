package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

func goalForms() []form {
	reply := func(to sandbox.GoalReplyForm) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.GoalReply = to }
	}
	return []form{
		{"goal-reply", []formChoice{
			{"object", "a written goal is answered with its record", reply(sandbox.GoalReplyObject)},
			{"list", "with a list of its record", reply(sandbox.GoalReplyList)},
			{"maps", "with success and failure lists, by index", reply(sandbox.GoalReplyMaps)},
			{"counts", "with count, errors and records", reply(sandbox.GoalReplyCounts)},
			{"text", "with its GSID", reply(sandbox.GoalReplyText)},
			{"null", "with no data", reply(sandbox.GoalReplyNull)},
		}},
		{"goal-list-path", []formChoice{
			{"fetch", "goals are listed at /v1/csgoal/external/fetch", func(f *sandbox.Forms) { f.GoalListPath = "" }},
			{"list", "at /v1/csgoal/external/list", func(f *sandbox.Forms) { f.GoalListPath = "/v1/csgoal/external/list" }},
		}},
		switched("goal-update-post", "goals are updated by PUT", "by POST", func(f *sandbox.Forms) *bool { return &f.GoalUpdatePost }),
		{"goal-dissociation", []formChoice{
			{"dissociation", "the key of what a goal loses is dissociation", func(f *sandbox.Forms) { f.GoalDissociation = "" }},
			{"disassociation", "it is disassociation, of which the connector has to be told",
				func(f *sandbox.Forms) { f.GoalDissociation = "disassociation" }},
		}},
		switched("goal-object-hidden", "the metadata show the object behind goals", "hide it",
			func(f *sandbox.Forms) *bool { return &f.GoalObjectHidden }),
		switched("pages-ignored", "task and goal lists cut pages", "give all rows, whatever page is asked for",
			func(f *sandbox.Forms) *bool { return &f.PagesIgnored }),
	}
}
