package schema

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"

	"github.com/gainsight-connector/gainsight-connector/internal/lru"
)

// Cache shares compiled schemas by content. It holds a bounded number of bytes
// and drops the schemas used longest ago. It is safe for concurrent use.
type Cache struct {
	mu           sync.Mutex
	kept         *lru.Cache[digest, func() (*Schema, error)]
	compilations atomic.Int64
}

type digest [sha256.Size]byte

// weightOfByte is what a byte of a document comes to when it is compiled:
// measured, with little prose in the document, and rounded up.
const weightOfByte = 9

// NewCache returns an empty cache of about so many bytes. The schema used last
// is kept even if it alone takes more.
func NewCache(bytes int64) *Cache {
	return &Cache{kept: lru.New[digest, func() (*Schema, error)](bytes)}
}

// Compile is [Compile], done once for each content however many ask at once.
// An error is remembered like a schema: the same content fails again.
func (c *Cache) Compile(document []byte) (*Schema, error) {
	return c.compiler(sha256.Sum256(document), document)()
}

// Compilations returns how often a content was compiled, failures included.
func (c *Cache) Compilations() int64 { return c.compilations.Load() }

func (c *Cache) compiler(key digest, document []byte) func() (*Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.kept.Get(key); ok {
		return known
	}
	once := sync.OnceValues(func() (*Schema, error) {
		c.compilations.Add(1)
		return Compile(document)
	})
	c.kept.Put(key, once, int64(len(document))*weightOfByte)
	return once
}

// rename makes what was compiled of one document that of another, which binds
// the same, and is shorter.
func (c *Cache) rename(from, to []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := sha256.Sum256(from)
	if known, ok := c.kept.Get(key); ok {
		c.kept.Remove(key)
		c.kept.Put(sha256.Sum256(to), known, int64(len(from))*weightOfByte)
	}
}
