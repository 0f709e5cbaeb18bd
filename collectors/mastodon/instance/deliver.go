package instance

import (
	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// decode turns statuses into posts, notes them for boosts and reports what
// cannot be used. The statuses that became posts are returned beside them.
func (s *Source) decode(sts []*mastodon.Status) (posts []post.Post, used []*mastodon.Status) {
	now := s.o.Now()
	var m wire.Message
	for _, st := range sts {
		n := len(m.Posts)
		mastodon.Add(st, s.host, now, &m)
		if len(m.Posts) == n {
			continue
		}
		used = append(used, st)
		if p := &m.Posts[n]; p.Kind != post.Repost && s.o.BoostsEvery > 0 && !s.isGone(st) && len(s.matcher.Match(nil, p)) > 0 {
			s.tracker.Note(st, now)
		}
	}
	for _, r := range m.Rejects {
		s.reject(r)
	}
	return m.Posts, used
}

func (s *Source) isGone(st *mastodon.Status) bool { return s.gone.Contains(string(st.ID)) }

// remember notes that statuses were delivered.
func (s *Source) remember(sts []*mastodon.Status) {
	for _, st := range sts {
		if old, ok := s.seen.Peek(string(st.ID)); !ok || st.EditedAt.After(old) {
			s.seen.Add(string(st.ID), st.EditedAt)
		}
	}
}

// tagsIn are the watched hashtags of a status, and the one that it came by.
func (s *Source) tagsIn(st *mastodon.Status, by string) []string {
	var names []string
	has := func(name string) bool {
		for i := range st.Tags {
			if mastodon.TagName(st.Tags[i].Name) == name {
				return true
			}
		}
		return false
	}
	for _, t := range s.tags {
		if t.name == by || has(t.name) {
			names = append(names, t.name)
		}
	}
	return names
}

// deliver hands over statuses that came by a hashtag, with the cursor behind
// them.
func (ses *session) deliver(sts []*mastodon.Status, by string) error {
	posts, used := ses.decode(sts)
	if len(posts) == 0 {
		return nil
	}
	ses.mu.Lock()
	defer ses.mu.Unlock()
	if ses.err != nil {
		return ses.err
	}
	// The cursor is part of the delivery: if that is not taken, nor is it, and
	// nothing else is delivered.
	for _, st := range used {
		for _, name := range ses.tagsIn(st, by) {
			ses.cursor.advance(name, string(st.ID))
		}
	}
	if err := ses.out.Deliver(collectors.Delivery{Posts: posts, Cursor: ses.cursor.bytes()}); err != nil {
		ses.err = err
		return err
	}
	ses.remember(used)
	return nil
}

// passed moves the cursor on behind a status that was delivered before.
func (ses *session) passed(st *mastodon.Status, by string) {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	for _, name := range ses.tagsIn(st, by) {
		ses.cursor.advance(name, string(st.ID))
	}
}

// hand hands over what has no place in the cursor.
func (ses *session) hand(d collectors.Delivery) error {
	if len(d.Posts)+len(d.Deletions) == 0 {
		return nil
	}
	ses.mu.Lock()
	defer ses.mu.Unlock()
	if ses.err != nil {
		return ses.err
	}
	if err := ses.out.Deliver(d); err != nil {
		ses.err = err
		return err
	}
	return nil
}

// failed is why nothing is delivered any more, nil if it is.
func (ses *session) failed() error {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	return ses.err
}
