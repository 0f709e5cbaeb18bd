package storage

import (
	"hash/maphash"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// memory is what the writer remembers of things by a hash of their key: a bounded
// number of them, of which the older half is forgotten first. It is safe for
// concurrent use.
type memory[K comparable, V any] struct {
	mu         sync.Mutex
	seed       maphash.Seed
	young, old map[uint64]V
	limit      int
	size       prometheus.Gauge
}

func newMemory[K comparable, V any](limit int, size prometheus.Gauge) *memory[K, V] {
	return &memory[K, V]{seed: maphash.MakeSeed(), young: make(map[uint64]V), limit: limit, size: size}
}

// get returns what is remembered of k, and remembers it longer for that.
func (m *memory[K, V]) get(k K) (v V, ok bool) {
	h := maphash.Comparable(m.seed, k)
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok = m.young[h]; !ok {
		if v, ok = m.old[h]; ok {
			m.put(h, v)
		}
	}
	return v, ok
}

func (m *memory[K, V]) set(k K, v V) {
	h := maphash.Comparable(m.seed, k)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(h, v)
}

func (m *memory[K, V]) put(h uint64, v V) {
	if _, known := m.young[h]; !known && len(m.young) >= m.limit/2 {
		m.young, m.old = make(map[uint64]V), m.young
	}
	m.young[h] = v
	m.size.Set(float64(len(m.young) + len(m.old)))
}

// clear forgets everything.
func (m *memory[K, V]) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.young, m.old = make(map[uint64]V), nil
	m.size.Set(0)
}
