package users

import "github.com/gainsight-connector/gainsight-connector/connector"

// What to do if it is not known whether a user was written.
const (
	lookFirst = "Look for the user with user.list before you send the record again. " +
		"A user that exists already should be refused with GU_2411 and not be made twice."
	sendAgain = "Send the record again: to make the same change twice does no harm."
)

// hint says what to do about a failure (common.md, section 5.5), and what if
// the outcome is unknown.
func hint(unknown string) func(*connector.Error) string {
	return func(e *connector.Error) string {
		switch e.Downstream.Code {
		case "GU_2403":
			return "Check the lookups: objects and fields go by their API names, which object.describe lists."
		case "GU_2409":
			return "Set options.key to SFDCUserName, Gsid or SfdcUserId."
		case "GU_2410":
			return "Give another manager: nobody can be their own."
		case "GU_2411":
			return "A user of this name exists already, perhaps from an earlier call whose answer was lost. " +
				"Look with user.list, and change the user with user.update."
		}
		if e.OutcomeUnknown {
			return unknown
		}
		return ""
	}
}
