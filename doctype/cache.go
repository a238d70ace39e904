package doctype

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// DefaultMaxAge is how long metadata are used without asking again.
	DefaultMaxAge = 5 * time.Minute
	// retryDelay is how long old metadata are used after a fetch failed, so
	// that not every caller waits for a tenant that is down.
	retryDelay = 30 * time.Second
)

// FetchFunc reads the metadata of one object from the tenant.
type FetchFunc func(ctx context.Context, object string) (Object, []connector.Diagnostic, error)

// CacheOptions tune a [Cache].
type CacheOptions struct {
	// MaxAge is how long metadata are used without asking again.
	// 0: [DefaultMaxAge].
	MaxAge time.Duration
	// Clock tells the time. Nil: [time.Now].
	Clock func() time.Time
}

// Snapshot is the metadata of an object as of some moment. It is shared and
// must not be changed.
type Snapshot struct {
	// Object is the metadata.
	Object Object
	// Diagnostics are remarks on them; one of them says so if they are old
	// because the tenant did not answer.
	Diagnostics []connector.Diagnostic
	// FetchedAt is when they were read.
	FetchedAt time.Time
	// Digest is a SHA-256, in hexadecimal, that changes with the metadata and
	// with nothing else.
	Digest string
}

// Cache keeps the metadata of one tenant's objects. Names of objects are
// matched regardless of case. It is safe for concurrent use.
type Cache struct {
	fetch  FetchFunc
	maxAge time.Duration
	clock  func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
}

// entry is what is known of one object. The cache's mutex guards it.
type entry struct {
	fetched    Snapshot  // as it was read
	served     Snapshot  // the same, with a remark if it is old
	freshUntil time.Time // zero until there is a snapshot
	flight     *flight   // nil while nobody asks the tenant
}

// flight is one call of fetch that callers wait for.
type flight struct {
	done    chan struct{} // closed when snapshot and err are set
	cancel  context.CancelFunc
	waiting int // guarded by the cache's mutex

	snapshot Snapshot
	err      error
}

// NewCache returns an empty cache that fills itself with fetch. Nil opts are
// the defaults.
func NewCache(fetch FetchFunc, opts *CacheOptions) *Cache {
	c := &Cache{fetch: fetch, maxAge: DefaultMaxAge, clock: time.Now, entries: map[string]*entry{}}
	if opts != nil && opts.MaxAge > 0 {
		c.maxAge = opts.MaxAge
	}
	if opts != nil && opts.Clock != nil {
		c.clock = opts.Clock
	}
	return c
}

// Object returns the metadata of the object called name. It asks the tenant if
// there are none or they are older than the maximum age. Callers at the same
// time share one fetch; it goes on until the last of them has gone.
//
// If the fetch fails and there are old metadata, those are returned with a
// diagnostic, and the tenant is left alone for half a minute; only
// [connector.ReasonNotFound] is final. Otherwise the error is that of fetch,
// or that of ctx.
func (c *Cache) Object(ctx context.Context, name string) (Snapshot, error) {
	return c.get(ctx, name, false)
}

// Refresh is [Cache.Object], but asks the tenant in any case, or joins those
// who are asking already.
func (c *Cache) Refresh(ctx context.Context, name string) (Snapshot, error) {
	return c.get(ctx, name, true)
}

// Forget drops what is known of the object called name. A fetch under way ends
// for its callers but is not kept.
func (c *Cache) Forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, strings.ToLower(name))
}

func (c *Cache) get(ctx context.Context, name string, refresh bool) (Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return Snapshot{}, err
	}
	key := strings.ToLower(name)
	c.mu.Lock()
	e := c.entries[key]
	if e == nil {
		e = &entry{}
		c.entries[key] = e
	}
	if !refresh && c.clock().Before(e.freshUntil) {
		defer c.mu.Unlock()
		return e.served, nil
	}
	if e.flight == nil {
		e.flight = c.start(ctx, e, key, name)
	}
	f := e.flight
	f.waiting++
	c.mu.Unlock()

	select {
	case <-f.done:
		return f.snapshot, f.err
	case <-ctx.Done():
		c.leave(e, f, key)
		return Snapshot{}, ctx.Err()
	}
}

// leave takes one caller off f, and ends f if it was the last.
func (c *Cache) leave(e *entry, f *flight, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	f.cancel()
	if e.flight == f {
		e.flight = nil
		c.dropIfEmpty(e, key)
	}
}

// dropIfEmpty keeps names that lead nowhere from piling up.
func (c *Cache) dropIfEmpty(e *entry, key string) {
	if e.freshUntil.IsZero() && c.entries[key] == e {
		delete(c.entries, key)
	}
}

// start fetches on a context that has the values of ctx but not its end.
func (c *Cache) start(ctx context.Context, e *entry, key, name string) *flight {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	go func() {
		defer cancel()
		snapshot, err := c.read(ctx, name)
		c.mu.Lock()
		defer c.mu.Unlock()
		f.snapshot, f.err = snapshot, err
		if e.flight == f {
			e.flight = nil
			c.land(e, f)
			c.dropIfEmpty(e, key)
		}
		close(f.done)
	}()
	return f
}

// land keeps the outcome of f in e, or falls back on what e has.
func (c *Cache) land(e *entry, f *flight) {
	switch {
	case f.err == nil:
		e.fetched, e.served, e.freshUntil = f.snapshot, f.snapshot, c.clock().Add(c.maxAge)
	case errors.Is(f.err, connector.ReasonNotFound):
		*e = entry{}
	case !e.freshUntil.IsZero():
		e.served = e.fetched.old()
		f.snapshot, f.err = e.served, nil
		e.freshUntil = c.clock().Add(min(retryDelay, c.maxAge))
	}
}

// old returns s with a remark on its age.
func (s Snapshot) old() Snapshot {
	s.Diagnostics = append(slices.Clone(s.Diagnostics), connector.Diagnostic{
		Severity: connector.SeverityWarning,
		Summary: fmt.Sprintf("the metadata of %s are from %s: reading them again failed",
			s.Object.Name, s.FetchedAt.UTC().Format(time.RFC3339)),
	})
	return s
}

// read calls fetch. It runs on a goroutine of its own, where a panic would
// end the process.
func (c *Cache) read(ctx context.Context, name string) (s Snapshot, err error) {
	defer func() {
		if r := recover(); r != nil {
			e := connector.Errorf(connector.ReasonPluginPanic, "reading the metadata of %s failed", name)
			s, err = Snapshot{}, fmt.Errorf("%w: %v\n%s", e, r, debug.Stack())
		}
	}()
	object, diagnostics, err := c.fetch(ctx, name)
	if err != nil {
		return Snapshot{}, err
	}
	digest, err := digestOf(object, diagnostics)
	if err != nil {
		return Snapshot{}, err
	}
	return Snapshot{Object: object, Diagnostics: diagnostics, FetchedAt: c.clock(), Digest: digest}, nil
}

func digestOf(object Object, diagnostics []connector.Diagnostic) (string, error) {
	content, err := json.Marshal([]any{object, diagnostics})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}
