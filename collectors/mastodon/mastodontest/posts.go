package mastodontest

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"time"

	"winnow/collectors/mastodon"
)

// status is a post.
type status struct {
	id, text        string
	created, edited time.Time
	likes           int
	boosts          []boost // ascending by id
	deleted         bool
	raw             []byte // instead of all others, in one page
}

type boost struct {
	id      string
	account int
}

// newID returns an id newer than all before.
func (s *Server) newID() string {
	s.next++
	if s.o.ULIDs {
		const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
		id := []byte("01J80000000000000000000000")
		for n, i := s.next*7, len(id)-1; n > 0; n, i = n/32, i-1 {
			id[i] = digits[n%32]
		}
		return string(id)
	}
	// Two lengths, as when a server's numbers grow.
	return fmt.Sprint(999_999_999_999_900_000 + s.next*7_000)
}

func (s *Server) uri(id string) string { return s.URL() + "/users/anna/statuses/" + id }

// encode is a post's JSON. The caller holds the lock.
func (s *Server) encode(p *status) []byte {
	if p.raw != nil {
		return p.raw
	}
	tag := mastodon.TagName(s.o.Tag)
	var edited any
	if !p.edited.IsZero() {
		edited = stamp(p.edited)
	}
	return encode(map[string]any{
		"id": p.id, "uri": s.uri(p.id), "url": s.URL() + "/@anna/" + p.id,
		"created_at": stamp(p.created), "edited_at": edited,
		"in_reply_to_id": nil, "in_reply_to_account_id": nil, "reblog": nil, "poll": nil, "card": nil,
		"sensitive": false, "spoiler_text": "", "visibility": "public", "language": "en",
		"content": fmt.Sprintf(`<p>%s <a href="%s/tags/%s" class="mention hashtag" rel="tag">#<span>%s</span></a></p>`,
			html.EscapeString(p.text), s.URL(), tag, html.EscapeString(s.o.Tag)),
		"account":       s.account(1),
		"replies_count": 0, "reblogs_count": len(p.boosts), "favourites_count": p.likes,
		"media_attachments": []any{}, "mentions": []any{}, "emojis": []any{}, "filtered": []any{},
		"tags": []any{map[string]any{"name": tag, "url": s.URL() + "/tags/" + tag}},
	})
}

// account is the JSON of the account with a number.
func (s *Server) account(n int) map[string]any {
	name := "anna"
	if n != 1 {
		name = fmt.Sprint("user", n)
	}
	return map[string]any{
		"id": fmt.Sprint(n), "username": name, "acct": name, "url": s.URL() + "/@" + name, "uri": s.URL() + "/users/" + name,
		"display_name": name, "created_at": "2025-01-01T00:00:00.000Z", "note": "", "bot": false, "locked": false,
		"avatar": s.URL() + "/avatars/original/missing.png", "followers_count": 10, "following_count": 20, "statuses_count": 30,
		"emojis": []any{}, "fields": []any{},
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// create makes a post with a time of its own. The caller holds the lock.
func (s *Server) create(text string, created time.Time) *status {
	p := &status{id: s.newID(), text: text, created: created}
	s.posts = append(s.posts, p)
	return p
}

// find returns a post by its uri, nil if there is none. The caller holds the
// lock.
func (s *Server) find(uri string) *status {
	i := slices.IndexFunc(s.posts, func(p *status) bool { return s.uri(p.id) == uri })
	if i < 0 {
		return nil
	}
	return s.posts[i]
}

// Publish implements collectortest.Platform.
func (s *Server) Publish(text string) (id string) {
	s.mu.Lock()
	p := s.create(text, time.Now())
	raw := s.encode(p)
	s.mu.Unlock()
	s.broadcast("update", string(raw))
	return s.uri(p.id)
}

// PublishAt makes a post that no stream brings, with a time of its own.
func (s *Server) PublishAt(text string, created time.Time) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.uri(s.create(text, created).id)
}

// Boost makes the account with a number, from 2, boost a post.
func (s *Server) Boost(id string, account int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(id); p != nil {
		p.boosts = append(p.boosts, boost{s.newID(), account})
	}
}

// Like adds to a post's likes.
func (s *Server) Like(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(id); p != nil {
		p.likes++
	}
}

// Edit implements collectortest.Platform.
func (s *Server) Edit(id, text string) bool {
	s.mu.Lock()
	p := s.find(id)
	if p == nil {
		s.mu.Unlock()
		return false
	}
	p.text, p.edited = text, time.Now()
	raw := s.encode(p)
	s.mu.Unlock()
	s.broadcast("status.update", string(raw))
	return true
}

// Delete implements collectortest.Platform.
func (s *Server) Delete(id string) bool {
	s.mu.Lock()
	p := s.find(id)
	if p == nil {
		s.mu.Unlock()
		return false
	}
	p.deleted = true
	s.mu.Unlock()
	s.broadcast("delete", p.id)
	return !s.o.Polling
}

// DeleteFirst implements collectortest.Platform.
func (s *Server) DeleteFirst(text string) (id string) {
	if s.o.Polling {
		return ""
	}
	s.mu.Lock()
	p := s.create(text, time.Now())
	p.deleted = true
	raw := s.encode(p)
	s.mu.Unlock()
	s.broadcast("delete", p.id)
	s.broadcast("update", string(raw))
	return s.uri(p.id)
}

// Again implements collectortest.Platform.
func (s *Server) Again(id string) {
	s.mu.Lock()
	var raw []byte
	if p := s.find(id); p != nil {
		raw = s.encode(p)
	}
	s.mu.Unlock()
	if raw != nil {
		s.broadcast("update", string(raw))
	}
}

// Raw implements collectortest.Platform. Where timelines are polled, a message
// that is JSON becomes an item of the timeline.
func (s *Server) Raw(raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Polling {
		var in struct{ Payload *string }
		if json.Unmarshal(raw, &in) == nil && in.Payload != nil {
			raw = []byte(*in.Payload)
		}
		if json.Valid(raw) {
			s.posts = append(s.posts, &status{id: s.newID(), created: time.Now(), raw: raw})
		}
		return
	}
	for st := range s.streams {
		st.push(message{raw: raw})
	}
}
