package throttle

import (
	"fmt"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// The paces of log-ins. An office behind one address has more tries than a name,
// and both are far below what guessing a password takes.
var (
	addressPace = Pace{Burst: 20, Interval: 20 * time.Second}
	namePace    = Pace{Burst: 10, Interval: time.Minute}
)

const (
	// addresses and known bound what is remembered; the oldest is forgotten.
	addresses = 16384
	known     = 4096
	// nameSlots is how many accounts all names share. A fixed number needs no
	// forgetting, which would let somebody who tries many names clear the
	// account of one, and treats names that do not exist as those that do.
	nameSlots = 4096
)

// Throttle says how often a log-in may be tried, by address and by name. Attempts
// are spent before the password is looked at, so that many at once count too, and
// given back when it was right.
type Throttle struct {
	mu        sync.Mutex
	seed      maphash.Seed
	addresses *lru.Cache[netip.Prefix, *time.Time]
	names     []time.Time
	// known are the places from which somebody logged in before: there they have
	// an account of their own, so that nobody elsewhere can lock them out.
	known *lru.Cache[string, *time.Time]
}

// New makes a throttle that nobody has tried anything at.
func New() (*Throttle, error) {
	t := &Throttle{seed: maphash.MakeSeed(), names: make([]time.Time, nameSlots)}
	var err error
	if t.addresses, err = lru.New[netip.Prefix, *time.Time](addresses); err != nil {
		return nil, fmt.Errorf("make the throttle: %w", err)
	}
	if t.known, err = lru.New[string, *time.Time](known); err != nil {
		return nil, fmt.Errorf("make the throttle: %w", err)
	}
	return t, nil
}

// network is what counts as one address: whoever has one of IPv6 has 2^64.
func network(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.WithZone("").Prefix(bits) // the zero Prefix for the zero Addr
	return p
}

func place(name string, a netip.Addr) string { return network(a).String() + " " + name }

// accounts returns where attempts of a name from an address are counted.
func (t *Throttle) accounts(name string, a netip.Addr) (address, named *time.Time) {
	address, ok := t.addresses.Get(network(a))
	if !ok {
		address = new(time.Time)
		t.addresses.Add(network(a), address)
	}
	named, ok = t.known.Get(place(name, a))
	if !ok {
		named = &t.names[maphash.String(t.seed, name)%nameSlots]
	}
	return address, named
}

// Try spends one attempt, or returns how long to wait.
func (t *Throttle) Try(name string, a netip.Addr, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address, named := t.accounts(name, a)
	if wait = addressPace.Try(address, now); wait > 0 {
		return wait
	}
	if wait = namePace.Try(named, now); wait > 0 {
		addressPace.GiveBack(address)
	}
	return wait
}

// TryAddress spends one attempt of an address, whoever it is, or returns how long to
// wait.
func (t *Throttle) TryAddress(a netip.Addr, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address, _ := t.accounts("", a)
	return addressPace.Try(address, now)
}

// GiveBack takes an attempt for none: the password was right, or not looked at.
func (t *Throttle) GiveBack(name string, a netip.Addr, right bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address, named := t.accounts(name, a)
	addressPace.GiveBack(address)
	namePace.GiveBack(named)
	if _, ok := t.known.Get(place(name, a)); right && !ok {
		t.known.Add(place(name, a), new(time.Time))
	}
}
