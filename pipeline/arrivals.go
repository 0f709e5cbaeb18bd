package pipeline

import (
	"sync"

	"winnow/pipeline/post"
	"winnow/storage"
)

// maxArrivals bounds how many posts wait to be looked at, over all campaigns: some
// tens of megabytes. Beyond it they are forgotten, and the campaigns they belong to
// are read from the store instead.
const maxArrivals = 50_000

// Arrivals are the posts on their way into the store that detection has not seen.
// With them it need not read a campaign from the beginning each time a post comes.
// It is safe for concurrent use.
type Arrivals struct {
	mu    sync.Mutex
	limit int
	n     int
	of    map[string]*arrived
}

// arrived is what came of one campaign.
type arrived struct {
	posts []*post.Post
	// missed is true when there were more, old when something came that changes
	// posts from before.
	missed, old bool
}

// NewArrivals returns empty ones.
func NewArrivals() *Arrivals { return &Arrivals{limit: maxArrivals, of: make(map[string]*arrived)} }

// add takes posts in before they are stored: whoever then sees the marks that
// storing them sets finds them here.
func (a *Arrivals) add(rows []storage.PostRow) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range rows {
		c := a.of[r.Campaign]
		if c == nil {
			c = new(arrived)
			a.of[r.Campaign] = c
		}
		c.old = c.old || !r.Post.EditedAt.IsZero()
		if c.missed || a.n >= a.limit {
			a.n -= len(c.posts)
			c.posts, c.missed = nil, true
			continue
		}
		p := r.Post
		if p.Raw != nil {
			// Detection needs none of it, and it is larger than all else.
			slim := *p
			slim.Raw, slim.Query = nil, ""
			p = &slim
		}
		c.posts = append(c.posts, p)
		a.n++
	}
}

// take hands out what came of a campaign.
func (a *Arrivals) take(campaign string) arrived {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.of[campaign]
	if c == nil {
		return arrived{}
	}
	delete(a.of, campaign)
	a.n -= len(c.posts)
	return *c
}

// len is how many posts wait.
func (a *Arrivals) len() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}
