package instance

import (
	"context"
	"errors"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/boosts"
	"winnow/collectors/mastodon/rest"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

const (
	// looks is how many posts are looked at in one turn at most.
	looks = 5
	// boostPages is how many pages of boosts, of up to 80, are asked for at one
	// look.
	boostPages = 25
)

// lookForBoosts looks at the posts that are worth it, while there is room for
// requests that can wait.
func (ses *session) lookForBoosts(ctx context.Context) error {
	for range looks {
		if !ses.rest.Spare() {
			return nil
		}
		job, ok := ses.tracker.Next(ses.o.Now())
		if !ok {
			return nil
		}
		if err := ses.lookAt(ctx, job); err != nil {
			if errors.Is(err, rest.ErrNotFound) {
				// It may be gone, or only not for us any more; a deletion is
				// the stream's to tell.
				ses.tracker.Forget(job.ID)
				continue
			}
			if ctx.Err() == nil && ses.failed() == nil {
				ses.tracker.Failed(job.ID, ses.o.Now())
			}
			return err
		}
	}
	return nil
}

func (ses *session) lookAt(ctx context.Context, job boosts.Job) error {
	if job.Status != nil && job.List {
		return ses.listBoosts(ctx, job)
	}
	st, err := ses.rest.Status(ctx, job.ID)
	if err != nil {
		return err
	}
	if string(st.ID) != job.ID {
		return &collectors.Fault{Cause: post.Protocol, Err: errors.New("another status came than was asked for")}
	}
	return ses.refresh([]*mastodon.Status{st})
}

// refresh delivers the statuses whose figures changed once more.
func (ses *session) refresh(sts []*mastodon.Status) error {
	now := ses.o.Now()
	var m wire.Message
	for _, st := range sts {
		if !ses.isGone(st) && ses.tracker.Has(string(st.ID)) && ses.tracker.Note(st, now) {
			mastodon.Add(st, ses.host, now, &m)
		}
	}
	ses.metrics.figures.Add(float64(len(m.Posts)))
	return ses.hand(collectors.Delivery{Posts: m.Posts})
}

// listBoosts delivers the boosts of a post that are not known yet. Their evidence
// is the account alone, from the list: servers show no more of such a boost.
func (ses *session) listBoosts(ctx context.Context, job boosts.Job) error {
	found := ses.o.Now()
	older, since := "", ""
	for n := 0; ; n++ {
		if n == boostPages {
			ses.metrics.unlisted.Inc()
			break
		}
		b, err := ses.rest.BoostedBy(ctx, job.ID, older, job.Since)
		if err != nil {
			return err
		}
		if n == 0 {
			since = b.Since
		}
		var posts []post.Post
		var accounts []string
		for _, raw := range b.Accounts {
			id := rest.ID(raw)
			if !rest.ValidID(id) || ses.tracker.Known(job.ID, id) {
				continue
			}
			p, err := mastodon.Boost(job.Status, raw, ses.host, found, found.Sub(job.Quiet))
			if err != nil {
				ses.reject(err)
				continue
			}
			if ses.evidence {
				p.Received(raw, b.Asked)
			}
			posts, accounts = append(posts, p), append(accounts, id)
		}
		if err := ses.hand(collectors.Delivery{Posts: posts}); err != nil {
			return err
		}
		ses.tracker.Learn(job.ID, accounts...)
		ses.metrics.boosts.Add(float64(len(posts)))
		if b.Older == "" || b.Older == older || len(b.Accounts) == 0 {
			break
		}
		older = b.Older
	}
	ses.tracker.Listed(job.ID, job.Count, since, found)
	return nil
}
