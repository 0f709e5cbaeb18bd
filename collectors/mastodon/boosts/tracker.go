package boosts

import (
	"maps"
	"slices"
	"sync"
	"time"

	"winnow/collectors/mastodon"
)

const (
	// soonest and latest bound how long a post is left alone.
	soonest = time.Minute
	latest  = 2 * time.Hour
	// forget is how long a post is kept that nobody boosts any more.
	forget = 5 * 24 * time.Hour
	// maxKnown is how many accounts are remembered for each post.
	maxKnown = 1000
)

// Tracker remembers posts. It is safe for concurrent use.
type Tracker struct {
	most int

	mu    sync.Mutex
	posts map[string]*entry // by the server's id
	state []byte            // see State
}

// entry is a post.
type entry struct {
	id     string
	status *mastodon.Status // nil after a restart, until it is asked for
	// created is when it was posted, rose when its figure rose last, looked
	// when the figure was seen last.
	created, rose, looked time.Time
	// count is its figure of boosts, listed what that was when they were
	// listed; quiet is when the two were last seen equal.
	count, listed int64
	quiet         time.Time
	// since asks for boosts not known yet; known are those accounts.
	since string
	known map[string]struct{}
	// failed is how often listing it failed in a row.
	failed int
}

// New returns a tracker of at most most posts.
func New(most int) *Tracker {
	return &Tracker{most: max(most, 1), posts: make(map[string]*entry)}
}

// Note takes in a status as it was sent at a time. It reports whether the
// status was known with other figures, so that the new ones are news.
func (t *Tracker) Note(st *mastodon.Status, now time.Time) (changed bool) {
	if st.Reblog != nil || st.ID == "" {
		return false
	}
	if st.Query != "" { // how it came is no use here, and takes room for days
		bare := *st
		bare.Raw, bare.Query = nil, ""
		st = &bare
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.posts[string(st.ID)]
	if e == nil {
		e = &entry{id: string(st.ID), created: st.CreatedAt, rose: st.CreatedAt, quiet: st.CreatedAt}
		if now.Sub(e.created) > forget && st.ReblogsCount == 0 {
			return false
		}
		t.posts[e.id] = e
		defer t.evict(now)
	}
	changed = e.status != nil &&
		(e.status.ReblogsCount != st.ReblogsCount || e.status.FavouritesCount != st.FavouritesCount || e.status.RepliesCount != st.RepliesCount)
	e.status = st
	e.looked = now
	if st.ReblogsCount > e.count {
		e.rose = now
	}
	if e.count = max(st.ReblogsCount, 0); e.count <= e.listed {
		// Somebody may have taken a boost back: the next one is new again.
		e.listed = e.count
		e.quiet = now
	}
	return changed
}

// Job is what to do about a post.
type Job struct {
	ID string
	// Status is as last seen, nil if it must be asked for. It must not be
	// changed.
	Status *mastodon.Status
	// Fresh says that Status is recent enough; List that there are boosts to
	// be listed, those that came after Since, which may be empty for all.
	Fresh, List bool
	Since       string
	// Quiet is when there were no such boosts yet, Count the figure of boosts.
	Quiet time.Time
	Count int64
}

// Next returns the post to look at now, false if none.
func (t *Tracker) Next(now time.Time) (Job, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var best *entry
	for _, e := range t.posts {
		if e.due(now) && (best == nil || e.before(best)) {
			best = e
		}
	}
	if best == nil {
		return Job{}, false
	}
	return Job{
		ID: best.id, Status: best.status, Since: best.since, Quiet: best.quiet, Count: best.count,
		Fresh: best.status != nil && now.Sub(best.looked) < soonest/2,
		List:  best.count > best.listed,
	}, true
}

// due reports whether it is time to look at a post.
func (e *entry) due(now time.Time) bool {
	wait := min(max(now.Sub(e.rose)/4, soonest), latest)
	if e.failed > 0 {
		wait = min(wait<<min(e.failed, 6), latest)
	} else if e.count > e.listed {
		return true
	}
	return e.status == nil || now.Sub(e.looked) >= wait
}

// before says which of two that are due comes first: the one with more boosts
// to be listed, then the one not seen for longer.
func (e *entry) before(o *entry) bool {
	if a, b := e.count-e.listed, o.count-o.listed; a != b {
		return a > b
	}
	if !e.looked.Equal(o.looked) {
		return e.looked.Before(o.looked)
	}
	return e.id < o.id
}

// Known reports whether an account's boost of a post is known; account is the
// server's id. Of a post that is not remembered all are.
func (t *Tracker) Known(id, account string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.posts[id]
	if e == nil {
		return true
	}
	_, ok := e.known[account]
	return ok
}

// Learn remembers that accounts boosted a post, of the first thousand.
func (t *Tracker) Learn(id string, accounts ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.posts[id]
	if e == nil {
		return
	}
	if e.known == nil {
		e.known = make(map[string]struct{})
	}
	for _, a := range accounts {
		if len(e.known) < maxKnown {
			e.known[a] = struct{}{}
		}
	}
}

// Listed says that the boosts of a post were listed when its figure was count,
// and what to ask for the next time.
func (t *Tracker) Listed(id string, count int64, since string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.posts[id]
	if e == nil {
		return
	}
	e.listed, e.quiet, e.looked, e.failed = count, now, now, 0
	if since != "" {
		e.since = since
	}
	t.state = nil
}

// Failed says that looking at a post failed: it is left alone for a while.
func (t *Tracker) Failed(id string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.posts[id]; e != nil {
		e.failed++
		e.looked = now
	}
}

// Forget drops a post, and returns the accounts known to have boosted it.
func (t *Tracker) Forget(id string) (accounts []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.posts[id]
	if e == nil {
		return nil
	}
	if e.listed > 0 {
		t.state = nil
	}
	delete(t.posts, id)
	return slices.Sorted(maps.Keys(e.known))
}

// Has reports whether a post is remembered.
func (t *Tracker) Has(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.posts[id] != nil
}

// Len is how many posts are remembered.
func (t *Tracker) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.posts)
}

// evict drops what is too much: a tenth of all, so that it is not for each post
// that all are looked through.
func (t *Tracker) evict(now time.Time) {
	if len(t.posts) <= t.most {
		return
	}
	all := make([]*entry, 0, len(t.posts))
	for _, e := range t.posts {
		if now.Sub(e.rose) > forget {
			delete(t.posts, e.id)
			continue
		}
		all = append(all, e)
	}
	excess := len(all) - t.most
	if excess <= 0 {
		return
	}
	// Those that nobody boosted for longest go first.
	slices.SortFunc(all, func(a, b *entry) int { return a.rose.Compare(b.rose) })
	for _, e := range all[:min(excess+t.most/10, len(all)-1)] {
		delete(t.posts, e.id)
	}
	t.state = nil
}
