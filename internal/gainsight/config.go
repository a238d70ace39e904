package gainsight

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// defaultTimeout bounds one request to the tenant.
const defaultTimeout = 60 * time.Second

// Config is a connection's settings, checked and with every default filled in.
type Config struct {
	// Tenant is the name of the tenant, for messages.
	Tenant string
	// Base is the tenant's address. No request leaves its host.
	Base *url.URL
	// Auth says how to sign in.
	Auth Auth
	// Timeout bounds one request. Default 60 s.
	Timeout time.Duration
	// Validation is the policy for what the tenant's metadata demand and what it
	// was seen to demand.
	Validation Validation
	// Drift is the policy for calls that were built with another schema and do
	// not say what to do then. Default [connector.DriftWarn].
	Drift connector.DriftPolicy
	// Zone is that of the tenant's times without an offset, both ways. Default
	// UTC (open question 31).
	Zone *time.Location
	// Required is the operator's word on fields: by action and name, whether a
	// record needs it. It beats every other source.
	Required map[string]map[string]bool
	// Observed is what an earlier connection has learnt from refusals, by action
	// and field. Nil: the settings do not say, and what the process knows stays.
	Observed  map[string]map[string]Observation
	endpoints map[string]Endpoint
	objects   map[string]string
	answers   Answers
	limits    limits
	types     map[string]string
	own       json.RawMessage
	secrets   map[string]connector.Secret
}

// Validation is the policy for fields that the tenant's metadata mark as
// required and for those whose lack it was seen to refuse. What the API itself
// demands is always checked, and so is what the connection's Required demands.
type Validation string

// The policies.
const (
	// ValidationStrict refuses a record without such a field.
	ValidationStrict Validation = "strict"
	// ValidationWarn sends it and says so. The default, because the metadata's
	// flags are known to contradict the API.
	ValidationWarn Validation = "warn"
	// ValidationOff sends it.
	ValidationOff Validation = "off"
)

// Observation is a refusal of a record for lack of a field. All that it says is
// optional: after a restart the name of the field alone will do.
type Observation struct {
	// At is when the tenant refused the record. Zero: not known.
	At time.Time `json:"at,omitzero"`
	// Code is the vendor's error code. Empty: there was none.
	Code string `json:"code,omitempty"`
	// RequestID is the vendor's id of the request. Empty: there was none.
	RequestID string `json:"requestId,omitempty"`
}

// settings is the JSON form. Its fields are those of the connection schema.
type settings struct {
	Tenant         string                     `json:"tenant"`
	BaseURL        string                     `json:"base_url"`
	Auth           authSettings               `json:"auth"`
	TimeoutSeconds float64                    `json:"timeout_seconds"`
	Validation     Validation                 `json:"validation"`
	Drift          connector.DriftPolicy      `json:"drift"`
	Endpoints      map[string]json.RawMessage `json:"endpoints"`
	Objects        map[string]string          `json:"objects"`
	Limits         map[string]json.RawMessage `json:"limits"`
	Answers        json.RawMessage            `json:"answers"`
	TimeZone       string                     `json:"time_zone"`
	FieldTypes     map[string]string          `json:"field_types"`

	Required map[string]map[string]bool        `json:"required"`
	Observed map[string]map[string]Observation `json:"observed"`
}

// ParseConfig reads a connection's settings, which already fit the connection
// schema. All that is wrong with them comes back in one
// [connector.ReasonInvalidConnection] error.
func ParseConfig(s connector.Settings) (Config, error) { return parseConfig(s, false) }

// parseConfig is [ParseConfig], also for a connection that is about to sign in.
func parseConfig(s connector.Settings, signingIn bool) (Config, error) {
	var raw settings
	if err := json.Unmarshal(s.Config, &raw); err != nil {
		return Config{}, connector.Errorf(connector.ReasonInvalidConnection, "the settings are not what the connection schema says")
	}
	var violations []connector.Violation
	base, bad := parseAddress(raw.BaseURL)
	if bad != nil {
		violations = append(violations, *bad)
	}
	parser := authParser{raw: raw.Auth, base: base, secrets: s.Secrets}
	auth := parser.parse(signingIn)
	violations = append(violations, parser.violations...)
	endpoints, wrong := tailored(raw.Endpoints, auth.Kind)
	violations = append(violations, wrong...)
	read, wrong := answers(raw.Answers)
	violations = append(violations, wrong...)
	violations = append(violations, strangers("/objects/", "is not an object behind an action", raw.Objects, renamable())...)
	limits, wrong := parseLimits(raw.Limits)
	violations = append(violations, wrong...)
	zone, err := time.LoadLocation(raw.TimeZone)
	if err != nil || raw.TimeZone == "Local" {
		violations = append(violations, connector.Violation{Pointer: "/time_zone", Message: "is not the name of a time zone, such as Europe/Berlin"})
	}
	for _, name := range slices.Sorted(maps.Keys(raw.FieldTypes)) {
		if raw.FieldTypes[name] == name {
			violations = append(violations, connector.Violation{
				Pointer: "/field_types/" + jsonpointer.Token(name), Message: "means nothing: it is the type itself",
			})
		}
	}
	if len(violations) > 0 {
		e := connector.Invalid("the settings of the connection cannot be used", violations)
		e.Reason = connector.ReasonInvalidConnection
		return Config{}, e
	}
	c := Config{
		Tenant: s.Tenant, Base: base, Auth: auth, Validation: raw.Validation, Drift: raw.Drift,
		endpoints: endpoints, objects: raw.Objects, answers: read, limits: limits, types: raw.FieldTypes, Zone: zone,
		own: s.Config, secrets: s.Secrets,
		Timeout: time.Duration(raw.TimeoutSeconds * float64(time.Second)),
	}
	if c.Tenant == "" {
		c.Tenant = base.Hostname()
	}
	c.Required, c.Observed = raw.Required, raw.Observed
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Validation == "" {
		c.Validation = ValidationWarn
	}
	if c.Drift == "" {
		c.Drift = connector.DriftWarn
	}
	return c, nil
}

// defaults are the endpoints by name. They take more than all else that a
// connection needs, so all connections share them; nobody changes them.
var defaults = sync.OnceValue(func() map[string]Endpoint {
	all := map[string]Endpoint{}
	for _, e := range Endpoints() {
		all[e.Name] = e
	}
	return all
})

// tailored returns the endpoints that a connection has of its own.
func tailored(own map[string]json.RawMessage, kind AuthKind) (map[string]Endpoint, []connector.Violation) {
	var all map[string]Endpoint
	var violations []connector.Violation
	for _, name := range slices.Sorted(maps.Keys(own)) {
		pointer := "/endpoints/" + jsonpointer.Token(name)
		def, ok := defaults()[name]
		if !ok {
			violations = append(violations, unknown(pointer, "is not an endpoint", name, slices.Sorted(maps.Keys(defaults()))))
			continue
		}
		tailored, wrong := def.tailor(pointer, own[name])
		if tailored.AuthHeader != def.AuthHeader && kind != AuthAccessKey {
			wrong = append(wrong, connector.Violation{Pointer: pointer + "/auth_header", Message: "means nothing here: it is for an access key"})
		}
		if all == nil {
			all = map[string]Endpoint{}
		}
		all[name] = tailored
		violations = append(violations, wrong...)
	}
	return all, violations
}

// unknown is the violation for a name that is none of those known.
func unknown(pointer, message, name string, known []string) connector.Violation {
	if hint := nearest.Hint(name, known); hint != "" {
		message += "; " + hint
	}
	return connector.Violation{Pointer: pointer, Message: message}
}

// Endpoint returns an endpoint with this connection's overrides.
func (c Config) Endpoint(name string) Endpoint {
	if own, ok := c.endpoints[name]; ok {
		return own
	}
	return defaults()[name]
}

// budgets returns the budgets that a request counts against. One whose path
// comes with the call counts as the operation that the path belongs to.
func (c Config) budgets(e Endpoint, path string) []Budget {
	names := e.Budgets
	if e.Name == APIRequest {
		names = c.operation(e, strings.TrimPrefix(path, c.Base.Path)).Budgets
	}
	budgets := make([]Budget, 0, len(names))
	for _, name := range names {
		budgets = append(budgets, c.limits.budgets[name])
	}
	return budgets
}

// operation returns the endpoint with the longest path that begins that of a
// request of the same method; e itself if there is none.
func (c Config) operation(e Endpoint, path string) Endpoint {
	found, length := e, 0
	for _, name := range slices.Sorted(maps.Keys(defaults())) {
		known := c.Endpoint(name)
		begin, _, _ := strings.Cut(known.Path, "{")
		begin = strings.TrimSuffix(begin, "/")
		if known.Method == e.Method && len(begin) > length && strings.HasPrefix(path+"/", begin+"/") {
			found, length = known, len(begin)
		}
	}
	return found
}

// FieldType returns the data type as which a type of the tenant's metadata is
// treated: the connection's own choice for it, or the type itself (open question
// 49).
func (c Config) FieldType(name string) string { return cmp.Or(c.types[name], name) }

// With returns the settings with a JSON merge patch (RFC 7396) laid over them:
// what a tenant's settings would be with another value for some.
func (c Config) With(patch json.RawMessage) (Config, error) {
	own, err := mergePatch(c.own, patch)
	if err != nil {
		return Config{}, connector.Errorf(connector.ReasonInternal, "the settings cannot be changed: %w", err)
	}
	return ParseConfig(connector.Settings{Tenant: c.Tenant, Config: own, Secrets: c.secrets})
}
