package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// Quota is how many requests a server takes in a time.
type Quota struct {
	Calls int
	Per   time.Duration
}

// The quotas of Mastodon: of all requests with one token or from one address,
// and of those that name an id to page from. GoToSocial's is like the first.
var (
	AllCalls    = Quota{Calls: 300, Per: 5 * time.Minute}
	PagingCalls = Quota{Calls: 300, Per: 15 * time.Minute}
)

// limiter keeps to two thirds of a quota, a fifth of it at once.
func (q Quota) limiter() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(q.Calls)*2/3/q.Per.Seconds()), max(q.Calls/5, 1))
}

// limits is what may be asked, by our own count and by the server's words.
type limits struct {
	all, paging *rate.Limiter

	mu         sync.Mutex
	left, most int // as the server told last; most is 0 if it never did
	reset      time.Time
	until      time.Time // nothing may be asked before
}

// maxWait bounds how long a server's header can keep us from asking.
const maxWait = time.Hour

// wait waits until a request may be made. The error is a *collectors.Fault if
// the server does not want any for a while, else the end of ctx.
func (l *limits) wait(ctx context.Context, paging bool, now time.Time) error {
	if until := l.closed(now); !until.IsZero() {
		return &collectors.Fault{Cause: post.RateLimited, Until: until, Err: errors.New("the instance's limit is used up")}
	}
	if paging {
		if err := l.paging.Wait(ctx); err != nil {
			return waitEnded(ctx, err)
		}
	}
	if err := l.all.Wait(ctx); err != nil {
		return waitEnded(ctx, err)
	}
	return nil
}

// waitEnded is the end of ctx, or says that it would end before the turn comes.
func waitEnded(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return &collectors.Fault{Cause: post.RateLimited, Err: err}
}

// closed returns until when nothing may be asked, zero if something may.
func (l *limits) closed(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		return l.until
	}
	return time.Time{}
}

// spare reports whether there is room for what can wait: half of our own burst
// and a quarter of what the server grants.
func (l *limits) spare(now time.Time) bool {
	for _, own := range []*rate.Limiter{l.all, l.paging} {
		if own.Tokens() < float64(own.Burst())/2 {
			return false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		return false
	}
	return l.most == 0 || !now.Before(l.reset) || l.left*4 >= l.most
}

// observe takes in what an answer's header says of the limits.
func (l *limits) observe(h http.Header, now time.Time) {
	left, err1 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	most, err2 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	reset, err3 := time.Parse(time.RFC3339, h.Get("X-RateLimit-Reset"))
	if err1 != nil || err2 != nil || err3 != nil || most <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.most, l.reset = left, most, bounded(reset, now)
	if left <= 0 && l.reset.After(l.until) {
		l.until = l.reset
	}
}

// refused takes in a refusal to answer more, until a time or for a while.
func (l *limits) refused(until, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.IsZero() {
		until = now.Add(time.Minute)
	}
	if until = bounded(until, now); until.After(l.until) {
		l.until = until
	}
}

func bounded(t, now time.Time) time.Time {
	if most := now.Add(maxWait); t.After(most) {
		return most
	}
	return t
}
