package jetstream

import (
	"hash/maphash"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// recentEvents is how many delivered events are remembered: at a thousand
// matches a minute, those of the longest rewind of a server.
const recentEvents = 32 << 10

// recent is the events delivered lately, whatever host they came from.
type recent struct {
	seed   maphash.Seed
	mu     sync.Mutex
	events *simplelru.LRU[uint64, struct{}]
}

func newRecent() (*recent, error) {
	events, err := simplelru.NewLRU[uint64, struct{}](recentEvents, nil)
	return &recent{seed: maphash.MakeSeed(), events: events}, err
}

// key names an event; 0 for one that cannot be told from others.
func (r *recent) key(did, collection, rkey, operation, rev string) uint64 {
	if rev == "" {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, part := range []string{did, collection, rkey, operation, rev} {
		_, _ = h.WriteString(part) // never fails
		_ = h.WriteByte('/')
	}
	return h.Sum64() | 1
}

func (r *recent) has(key uint64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events.Contains(key)
}

func (r *recent) add(key uint64) {
	if key == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events.Add(key, struct{}{})
}
