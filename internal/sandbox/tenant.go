package sandbox

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Tenant is one simulated Gainsight tenant: an [http.Handler]. It is safe for
// concurrent use. Make one with [New].
type Tenant struct {
	name      string
	accessKey string
	clock     func() time.Time
	forms     Forms
	options   Options

	schema  *schema
	config  ctaConfig
	work    workConfig
	plans   planConfig
	bundles []string
	routes  []route
	meters  meters
	faults  faults
	ledger  ledger
	jobs    jobs
	auth    *authServer
	types   []string // names of activity types

	mu      sync.RWMutex // guards all below
	tables  map[string]*table
	ctaRefs map[string]string // referenceId of a created CTA to its GSID
	demands map[*field]bool   // see Enforce

	activityJobs      []*activityJob
	deletedActivities []deletedActivity
}

// Seed is the data a tenant starts with. Take one from [Acme] or [Globex]. The
// exported fields may be changed before [New]. Several tenants may start with one
// seed; none changes it.
type Seed struct {
	// Name is the tenant's host label, such as "acme".
	Name string
	// AccessKey is the key the tenant accepts. The seeds' keys are fake.
	AccessKey string
	// Machine and Application are the OAuth clients that the tenant knows: one
	// for itself, one for users. The seeds' clients are fake.
	Machine, Application Client

	objects    []*object
	categories []*category
	config     ctaConfig
	work       workConfig
	plans      planConfig
	bundles    []string            // names of permission bundles
	records    map[string][]record // by object name
	types      []string            // names of activity types
}

// Options vary a tenant. The zero value, and nil, mean a tenant with the
// documented limits that answers in the default forms.
type Options struct {
	// Clock tells the time for limit windows, dates and job ages. Default
	// time.Now.
	Clock func() time.Time
	// Limits replace the documented limits when not nil.
	Limits *Limits
	// Forms choose among the documented forms that conflict.
	Forms Forms
	// ExportRows is the number of rows of the generated object usage__gc.
	// Default 1,000,000; negative means none.
	ExportRows int
	// JobPolls is how many status calls an export job answers before its last
	// state. The first is SUBMITTED; with three or more the second is
	// NOT_STARTED; the others are IN_PROGRESS. Default 2; negative means none,
	// so that the first call already finds the job finished.
	JobPolls int
	// ChunkUses is how often each chunk URL answers before it expires. A status
	// call gives out new ones. Default 0: always (the lifetime is UNKNOWN).
	ChunkUses int
	// JobOutcomes gives the last state of export jobs by object name (lower
	// case). Default JobCompleted.
	JobOutcomes map[string]JobState
	// ActivityBytes is the largest body of a bulk save or update of
	// activities. Default 80,000,000 (timeline.md, DOC; open question 20).
	ActivityBytes int64
	// TokenLifetime is how long an OAuth access token lives. Default: 24 hours
	// for a machine (common.md 2.2, DOC2), one hour for a user (UNKNOWN).
	TokenLifetime time.Duration
	// AutoApprove takes the consent of users for given, without a page that asks.
	AutoApprove bool
}

// New returns a tenant that starts with the seed. opts may be nil.
func New(seed Seed, opts *Options) *Tenant {
	if opts == nil {
		opts = &Options{}
	}
	t := &Tenant{
		name:      seed.Name,
		accessKey: seed.AccessKey,
		clock:     opts.Clock,
		forms:     opts.Forms,
		options:   *opts,
		schema:    newSchema(seed.objects, seed.categories),
		config:    seed.config,
		plans:     seed.plans,
		bundles:   seed.bundles,
		work:      seed.work,
		types:     seed.types,
		tables:    make(map[string]*table, len(seed.objects)),
		ctaRefs:   map[string]string{},
		demands:   map[*field]bool{},
	}
	if t.clock == nil {
		t.clock = time.Now
	}
	t.schema.numberType = opts.Forms.NumberType
	t.options.ExportRows = cmp.Or(opts.ExportRows, defaultExportRows)
	t.options.JobPolls = cmp.Or(opts.JobPolls, defaultJobPolls)
	for _, o := range seed.objects {
		t.tables[o.name] = newTable(seed.records[o.name])
	}
	t.tables[deletedPlans] = newTable(seed.records[deletedPlans])
	t.options.ActivityBytes = cmp.Or(opts.ActivityBytes, maxActivityBytes)
	t.activityJobs = seedActivityJobs(seed.Name)
	t.seedExports()
	t.auth = newAuthServer(t, seed)
	t.meters = newMeters(opts.Limits)
	t.routes = t.newRoutes()
	return t
}

// Name returns the tenant's host label, such as "acme".
func (t *Tenant) Name() string { return t.name }

// AccessKey returns the key that this tenant accepts.
func (t *Tenant) AccessKey() string { return t.accessKey }

// ServeHTTP answers one request. It panics with [http.ErrAbortHandler] when a
// fault drops the connection.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{tenant: t, request: r, id: newUUID()}
	hit := t.faults.match(r)
	a, done := hit.before(c)
	if !done {
		a = t.forms.reshape(t.answer(w, c))
	}
	status := a.status
	if hit.loses() {
		status = 0
	}
	t.ledger.add(Request{
		Time: t.clock(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Status: status, RequestID: c.id,
	})
	hit.send(w, a)
}

// answer takes the request through the gateway to its API group.
func (t *Tenant) answer(w http.ResponseWriter, c *call) answer {
	if a, ok := t.auth.answer(w, c); ok {
		return a
	}
	if !t.authorized(c.request) {
		return c.gateway(http.StatusUnauthorized, codeUnauthorized, "Unauthorized")
	}
	rt, params := match(t.routes, c.request.Method, c.request.URL.Path)
	if rt == nil {
		// A known path with another method is no route either: the gateway's
		// answer to it is UNKNOWN, this one INFERRED.
		return c.gateway(http.StatusNotFound, codeNoRoute, "No such route")
	}
	c.route, c.params = rt, params
	if !t.meters.take(rt.budget, t.clock()) {
		return c.throttled(t.forms.throttle(rt.budget))
	}
	if rt.reads {
		if refusal, ok := c.readBody(w); !ok {
			return refusal
		}
	}
	return rt.handle(c)
}

// newUUID returns a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
