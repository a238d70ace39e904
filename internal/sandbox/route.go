package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// A route is one operation of the API.
type route struct {
	method string
	path   string // segments; {name} matches any one segment
	slash  Slash  // whether the path may, must or must not end in a slash
	budget budgetName
	reads  bool   // has a JSON body
	most   int64  // bytes of the body; 0: maxBody
	bad    string // the group's error code for a request that cannot be read
	handle func(*call) answer

	segments []string // of path
}

// newRoutes lists the routes of every API group.
func (t *Tenant) newRoutes() []route {
	routes := slices.Concat(
		t.objectRoutes(),
		t.dropdownRoutes(),
		t.ctaRoutes(),
		t.userRoutes(),
		t.taskRoutes(),
		t.goalRoutes(),
		t.bulkRoutes(),
		t.queryRoutes(),
		t.planRoutes(),
		t.activityRoutes(),
	)
	for i := range routes {
		routes[i].segments = strings.Split(strings.Trim(routes[i].path, "/"), "/")
	}
	return routes
}

// match finds the route of a request and the values of its path parameters.
// The gateway does not redirect: a slash too many is another path (INFERRED).
func match(routes []route, method, path string) (*route, map[string]string) {
	trimmed, slashed := strings.CutSuffix(path, "/")
	segments := strings.Split(strings.TrimPrefix(trimmed, "/"), "/")
	for i := range routes {
		rt := &routes[i]
		if rt.method != method || !rt.slash.allows(slashed) {
			continue
		}
		if params, ok := matchSegments(rt.segments, segments); ok {
			return rt, params
		}
	}
	return nil, nil
}

func matchSegments(want, segments []string) (map[string]string, bool) {
	if len(want) != len(segments) {
		return nil, false
	}
	var params map[string]string
	for i, w := range want {
		name, isParam := strings.CutPrefix(w, "{")
		switch {
		case !isParam && w != segments[i], isParam && segments[i] == "":
			return nil, false
		case isParam:
			if params == nil {
				params = map[string]string{}
			}
			params[strings.TrimSuffix(name, "}")] = segments[i]
		}
	}
	return params, true
}

// A call is one request on its way through the tenant.
type call struct {
	tenant  *Tenant
	request *http.Request
	id      string // requestId
	route   *route
	params  map[string]string
	body    []byte
}
