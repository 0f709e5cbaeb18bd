package jetstream

import (
	"context"
	"fmt"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/sieve"
	"winnow/collectors/bluesky/socket"
	"winnow/pipeline/post"
)

// enough is how many posts the other host must have sent for the comparison to
// mean anything.
const enough = 50

// compare holds the host against another one now and then: hosts have been seen
// that swallowed posts while everything else went on. A host that sends less
// than half of what another one does at the same time is blind.
func (r *run) compare(ctx context.Context, cancel context.CancelCauseFunc) {
	pace := r.s.o.Pace
	if pace.Compare < 0 || len(r.s.hosts.list) < 2 {
		return
	}
	agreed := r.began
	if r.start.cursor != 0 {
		agreed = r.start.from
	}
	ticker := time.NewTicker(pace.Compare)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := r.s.o.Now()
		r.mu.Lock()
		caughtUp := r.live && now.Sub(r.at.time()) < replaying+pace.Window
		r.mu.Unlock()
		other, ok := r.s.hosts.other(r.host, now)
		if !ok || !caughtUp {
			r.s.metrics.comparison(comparedSkipped)
			continue
		}
		ours, theirs, err := r.race(ctx, other)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.s.metrics.comparison(comparedFailed)
		case theirs >= enough && ours*2 < theirs:
			r.s.metrics.comparison(comparedBlind)
			r.s.hosts.blind(agreed)
			cancel(&collectors.Fault{
				Cause: post.Blind,
				Err: fmt.Errorf("%s sent %d posts in %v, %s %d", r.s.hosts.list[r.host].Name(), ours, pace.Window,
					r.s.hosts.list[other].Name(), theirs),
			})
			return
		case ours >= enough && theirs*2 < ours:
			r.s.metrics.comparison(comparedOtherBlind)
		default:
			r.s.metrics.comparison(comparedAgreed)
			agreed = now
		}
	}
}

// race counts how many posts come from this host and from another one in the
// same stretch of time.
func (r *run) race(ctx context.Context, other int) (ours, theirs uint64, err error) {
	conn, _, err := r.s.open(ctx, other, start{}, socket.Request{Collections: []string{bluesky.CollectionPost}})
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	before := r.count()
	ctx, cancel := context.WithTimeout(ctx, r.s.o.Pace.Window)
	defer cancel()
	theirs, err = countPosts(ctx, conn)
	return r.count() - before, theirs, err
}

func (r *run) count() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

// countPosts counts the posts that a connection brings until ctx ends. An error
// is one of the connection.
func countPosts(ctx context.Context, conn *socket.Conn) (n uint64, err error) {
	for {
		frame, err := conn.Next(ctx)
		if ctx.Err() != nil {
			return n, nil //nolint:nilerr // the end of the window, as it should be
		}
		if err != nil {
			if unreadable(err) {
				continue
			}
			return n, err
		}
		var h sieve.Head
		if sieve.Scan(frame, &h) && string(h.Collection) == bluesky.CollectionPost && string(h.Operation) == "create" {
			n++
		}
	}
}
