// Package users holds the user management actions (users.md). The object
// behind users is gsuser.
//
// A user's natural key is the user name, SFDCUserName. No answer of the write
// operations is documented, so [outcomes] reads every shape that it may have.
// Whether a user is a super admin cannot be written here (users.md, DOC), and
// no action offers it.
package users

import (
	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// group is the actions' place in the catalog.
const group = "User Management APIs"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/User_Management_APIs/User_Management_APIs"

// object is the object behind users (users.md, LIVE).
const object = "gsuser"

// usersPerRequest is how many users a write takes (users.md, DOC).
const usersPerRequest = 50

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{userCreate(), userUpdate(), userSetStatus(), userList()}
}

func writeLimits() connector.ActionLimits {
	return connector.ActionLimits{RecordsPerRequest: usersPerRequest}
}
