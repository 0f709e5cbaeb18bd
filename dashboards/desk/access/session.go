package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"
)

const (
	// maxIdle and maxAge end a session: a break, and a working day. NIST SP
	// 800-63B-4, section 2.2.3, asks for at most one and twenty-four hours.
	maxIdle = time.Hour
	maxAge  = 12 * time.Hour
	// maxSessions and maxSessionsEach bound the memory; beyond them the one that
	// was idle longest ends. Only who knows a password fills them.
	maxSessions     = 5000
	maxSessionsEach = 20
	// idBytes is the length of a session's id before it is encoded.
	idBytes = 32
)

// session is one browser that somebody logged in with.
type session struct {
	user string
	// stamp is the user's as it was at log-in: when it changes, this ends.
	stamp       string
	began, seen time.Time
}

func (s *session) over(now time.Time) bool {
	return now.Sub(s.began) >= maxAge || now.Sub(s.seen) >= maxIdle || now.Before(s.began)
}

// Sessions are those that are open, by the hash of their id: who reads the
// memory of the process by accident finds no id to use.
type Sessions struct {
	mu   sync.Mutex
	open map[[sha256.Size]byte]*session
}

// NewSessions returns none. They may outlive the door that they came in by.
func NewSessions() *Sessions { return &Sessions{open: map[[sha256.Size]byte]*session{}} }

// begin opens a session and returns its id, which nobody had before.
func (s *Sessions) begin(user, stamp string, now time.Time) string {
	var raw [idBytes]byte
	_, _ = rand.Read(raw[:]) // it never fails
	id := base64.RawURLEncoding.EncodeToString(raw[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, one := range s.open {
		if one.over(now) {
			delete(s.open, key)
		}
	}
	s.shrink(maxSessionsEach, func(one *session) bool { return one.user == user })
	s.shrink(maxSessions, func(*session) bool { return true })
	s.open[sha256.Sum256([]byte(id))] = &session{user: user, stamp: stamp, began: now, seen: now}
	return id
}

// shrink makes room for one more among the sessions of a kind.
func (s *Sessions) shrink(limit int, kind func(*session) bool) {
	n := 0
	var last [sha256.Size]byte
	var seen time.Time
	for key, one := range s.open {
		if !kind(one) {
			continue
		}
		if n++; n == 1 || one.seen.Before(seen) {
			last, seen = key, one.seen
		}
	}
	if n >= limit {
		delete(s.open, last)
	}
}

// find returns the session of an id if it is open, and counts it as used.
func (s *Sessions) find(id string, now time.Time) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(id))
	one, ok := s.open[key]
	if !ok {
		return session{}, false
	}
	if one.over(now) {
		delete(s.open, key)
		return session{}, false
	}
	one.seen = now
	return *one, true
}

// end closes the session of an id, if there is one.
func (s *Sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sha256.Sum256([]byte(id)))
}
