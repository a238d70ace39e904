package sandbox

import (
	"net/http"
)

// User management codes (common.md 5.5, DOC2 summary).
const (
	codeUserCreate    = "GU_2401"
	codeUserUpdate    = "GU_2402"
	codeUserLookup    = "GU_2403"
	codeUserKey       = "GU_2409"
	codeOwnManager    = "GU_2410"
	codeUserDuplicate = "GU_2411"
)

// bundlesKey is where a user keeps the permission bundles: no field of the
// object has this name.
const bundlesKey = "permissionBundles"

// userRoutes are the user management operations (users.md). The code of a
// request that cannot be read is INFERRED, for the list from the object APIs.
func (t *Tenant) userRoutes() []route {
	const path = "/v1/users/services"
	routes := []route{
		{method: http.MethodPost, path: path, bad: codeUserCreate, handle: t.createUsers},
		{method: http.MethodPut, path: path, bad: codeUserUpdate, handle: t.updateUsers},
		{method: http.MethodPut, path: path + "/status", bad: codeUserUpdate, handle: t.setUserStatus},
		{method: http.MethodPost, path: path + "/list", bad: codeBadData, handle: t.listUsers},
	}
	for i := range routes {
		routes[i].slash, routes[i].reads, routes[i].budget = SlashRefused, true, budgetUsers
	}
	return routes
}

// Users returns every user of the tenant in order of creation: canonical field
// name to value as the list operation shows it, all fields, nulls left out,
// and the permission bundles.
func (t *Tenant) Users() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := t.all(t.schema.object(objectUser))
	for i, r := range t.table(objectUser).records {
		if bundles, ok := r[bundlesKey]; ok {
			out[i][bundlesKey] = bundles
		}
	}
	return out
}
