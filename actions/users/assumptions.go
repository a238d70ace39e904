package users

import (
	"strconv"

	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open question 27).
func Assumptions() []probe.Assumption {
	const assumed = "users"
	// As many as a page holds: a smaller maximum is refused, or cut. Users have
	// a budget of their own, so that one request has to do.
	list := func(b *probe.Bench) (gainsight.Request, error) {
		size := b.Config().Endpoint(gainsight.UserList).PageSize
		return probe.Query(gainsight.UserList, gainsight.DialectUsers, probe.Select("Name"), size)(b)
	}
	return append(probe.List(assumed, "user.list", gainsight.UserList, list),
		probe.Accepts("user.list.page_size", "A page of users may be this large", assumed, "user.list",
			func(c gainsight.Config) string { return strconv.Itoa(c.Endpoint(gainsight.UserList).PageSize) },
			list, probe.Each(gainsight.UserList, "page_size", 50, 25)...),
		probe.Records(assumed, "user.create", gainsight.UserCreate),
		probe.Records(assumed, "user.update", gainsight.UserUpdate),
		probe.Write(assumed, "user.set_status", gainsight.UserSetStatus, []any{}),
		probe.Untold("user.create.answer", "The answer to a write is one of the shapes that are read", assumed, "user.create",
			"only a user that is written could tell; results that are unknown say so, and keys of the endpoint say where they are"),
	)
}
