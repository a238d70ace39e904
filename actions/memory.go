package actions

import (
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/lru"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// What a process keeps of all its tenants together, in bytes. What is dropped
// is made or asked for anew. The metadata come first, since only they cost a
// call, and a tenant that does not answer can be written to as long as they are
// there.
const (
	metadataBytes = 80 << 20
	builtBytes    = 12 << 20
	decoderBytes  = 8 << 20
	compiledBytes = 16 << 20
)

// maxPrincipals is of how many tenants and credentials a process remembers what
// it has observed, those of open connections apart.
const maxPrincipals = 4096

const (
	// staleFor is how long after their time the metadata are used while they
	// are read again.
	staleFor = 10 * time.Minute
	// refreshAge is how old the metadata must be for a refresh to read them
	// again: a host that refreshes all actions asks once for each object.
	refreshAge = 2 * time.Second
	// refusalAge is the same after a refused write, so that a flow which is
	// refused all the time does not spend the tenant's calls on it.
	refusalAge = time.Minute
)

// memory is what the tenants of a process share.
type memory struct {
	metadata *memo.Budget
	objects  doctype.Pool
	compiled *schema.Cache
	decoders *lru.Cache[string, *doctype.Decoder] // by the digest of the metadata

	building sync.Mutex
	built    *lru.Cache[string, func() (*tenantSchema, error)]

	mu           sync.Mutex
	observations *lru.Cache[string, *observations] // by principal
}

func newMemory(compiled *schema.Cache) *memory {
	return &memory{
		metadata: memo.NewBudget(metadataBytes),
		compiled: compiled,
		decoders: lru.New[string, *doctype.Decoder](decoderBytes),
		built:    lru.New[string, func() (*tenantSchema, error)](builtBytes),

		observations: lru.New[string, *observations](maxPrincipals),
	}
}

// observed returns what is observed of the tenant of a connection: what its
// settings hand back, in place of what the process knew, or else what that was.
func (m *memory) observed(config gainsight.Config) *observations {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := config.Principal()
	o, known := m.observations.Get(key)
	if !known {
		o = &observations{}
		m.observations.Put(key, o, 1)
	}
	if config.Observed != nil {
		o.replace(config.Observed)
	}
	return o
}

// schemas returns the schemas that build makes of a basis, which tells all that
// they are made of. However many ask at once, they are made once.
func (m *memory) schemas(basis string, build func() (*tenantSchema, error)) (*tenantSchema, error) {
	m.building.Lock()
	made, known := m.built.Get(basis)
	if !known {
		made = sync.OnceValues(func() (*tenantSchema, error) {
			s, err := build()
			if err != nil {
				m.built.Remove(basis)
				return nil, err
			}
			m.built.Put(basis, made, s.weight())
			return s, nil
		})
		m.built.Put(basis, made, 0) // what it weighs is known when it is made
	}
	m.building.Unlock()
	return made()
}

// decoder returns the decoder of an object's rows, which takes somewhat less
// than the metadata themselves.
func (m *memory) decoder(s doctype.Snapshot) *doctype.Decoder {
	if d, ok := m.decoders.Get(s.Digest); ok {
		return d
	}
	d := doctype.NewDecoder(s.Object.Fields)
	m.decoders.Put(s.Digest, d, int64(s.Size()))
	return d
}

// etags are those of the schemas that a tenant had when they were last built,
// by action and selectors. It is safe for concurrent use.
type etags struct {
	mu    sync.Mutex
	known map[string]string
}

// maxEtags bounds them: keys come from callers.
const maxEtags = 256

// changed notes an ETag and reports whether there was another one.
func (e *etags) changed(key, etag string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	before, known := e.known[key]
	if e.known == nil || len(e.known) >= maxEtags {
		e.known = map[string]string{} // whoever varies selectors at will misses a change
	}
	e.known[key] = etag
	return known && before != etag
}
