package blueskytest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"winnow/collectors/bluesky"
)

// author is who publishes; others are the rest of the network.
const author = "did:plc:fakeauthor22222222222222"

func other(i int) string { return fmt.Sprintf("did:plc:fakeother%015d", i) }

// add puts an event into the stream. The caller holds the lock.
func (s *Server) add(e event) event {
	e.seq = s.next
	e.timeUS = max(s.o.Now().UnixMicro(), s.lastTime+1)
	s.lastTime = e.timeUS
	if e.rev == "" {
		e.rev = rkey(e.timeUS & 0xFFFFFFFFFFFF)
	}
	s.next++
	s.events = append(s.events, e)
	if over := len(s.events) - s.o.Keep; over > s.o.Keep/4 {
		s.events = append([]event(nil), s.events[over:]...)
		s.first += int64(over)
	}
	s.wake()
	return e
}

// commit adds a change of a record, and remembers posts.
func (s *Server) commit(did, operation, collection, key, record string) (uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == "" {
		s.rkeys++
		key = rkey(s.rkeys)
	}
	e := event{did: did, kind: "commit", operation: operation, collection: collection, rkey: key, record: record}
	if s.blind && collection == bluesky.CollectionPost {
		s.next++ // it was numbered, and went nowhere
		return e.uri()
	}
	e = s.add(e)
	if operation == "delete" {
		delete(s.posts, e.uri())
	} else {
		s.posts[e.uri()] = e
	}
	return e.uri()
}

// Publish implements collectortest.Platform.
func (s *Server) Publish(text string) string { return s.Post(author, text+" #"+s.o.Tag) }

// Post makes a post of an account; a tag at its end is marked as one.
func (s *Server) Post(did, text string) (uri string) {
	return s.commit(did, "create", bluesky.CollectionPost, "", postRecord(text, lastTag(text)))
}

// Record makes a post with a record as given.
func (s *Server) Record(did, record string) (uri string) {
	return s.commit(did, "create", bluesky.CollectionPost, "", record)
}

// Repost makes an account repost a post.
func (s *Server) Repost(did, uri string) (repost string) {
	return s.commit(did, "create", bluesky.CollectionRepost, "", pointer(bluesky.CollectionRepost, uri))
}

// Account tells how an account stands: "deleted", "takendown", "deactivated"
// and so on, or "" for active again.
func (s *Server) Account(did, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(event{did: did, kind: "account", status: status})
}

// Edit implements collectortest.Platform.
func (s *Server) Edit(id, text string) bool {
	text += " #" + s.o.Tag
	did, collection, key := address(id)
	s.commit(did, "update", collection, key, postRecord(text, s.o.Tag))
	return true
}

// Delete implements collectortest.Platform.
func (s *Server) Delete(id string) bool {
	did, collection, key := address(id)
	s.commit(did, "delete", collection, key, "")
	return true
}

// DeleteFirst implements collectortest.Platform: a stream in the order of each
// account's own changes has no such thing.
func (s *Server) DeleteFirst(string) string { return "" }

// Again implements collectortest.Platform.
func (s *Server) Again(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.posts[id]; ok {
		s.add(e)
	}
}

// Trim forgets all but the last n events, as time does: cursors before them are
// too old.
func (s *Server) Trim(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if over := len(s.events) - n; over > 0 {
		s.events = append([]event(nil), s.events[over:]...)
		s.first += int64(over)
	}
}

// Renumber sets the server up anew: what it keeps has other numbers, from 1 on.
func (s *Server) Renumber() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.events {
		s.events[i].seq = int64(i) + 1
	}
	s.first, s.next = 1, int64(len(s.events))+1
	s.wake()
}

// Raw implements collectortest.Platform.
func (s *Server) Raw(message []byte) {
	for _, sub := range s.subscribers() {
		select {
		case sub.raw <- message:
		case <-time.After(5 * time.Second): // the client does not read
		}
	}
}

// talk lets others post, repost and like.
func (s *Server) talk(ctx context.Context) {
	const step = 10 * time.Millisecond
	ticker := time.NewTicker(step)
	defer ticker.Stop()
	due := 0.0
	for i := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for due += s.o.Background * step.Seconds(); due >= 1; due-- {
			e := sample(i)
			i++
			s.commit(e.did, e.operation, e.collection, "", e.record)
		}
	}
}

// sample returns the nth event of the others' talk, in a mix like the real
// network's: mostly likes, some posts, some reposts.
func sample(n int) event {
	dice := rand.New(rand.NewPCG(1, uint64(n)))
	e := event{
		seq: int64(n) + 1, timeUS: 1_790_000_000_000_000 + int64(n)*1000, did: other(dice.IntN(100_000)),
		kind: "commit", operation: "create", rkey: rkey(int64(n)), rev: rkey(int64(n)),
	}
	about := "at://" + other(dice.IntN(100_000)) + "/" + bluesky.CollectionPost + "/" + rkey(dice.Int64N(1<<40))
	switch d := dice.IntN(100); {
	case d < 12:
		e.collection, e.record = bluesky.CollectionPost, postRecord(chatter(dice), "")
	case d < 27:
		e.collection, e.record = bluesky.CollectionRepost, pointer(bluesky.CollectionRepost, about)
	default:
		e.collection, e.record = "app.bsky.feed.like", pointer("app.bsky.feed.like", about)
	}
	return e
}

// chatter returns a text, a third of them with more than ASCII.
func chatter(dice *rand.Rand) string {
	words := strings.Fields("the morning train was late again and nobody minded since rain fell on all of us while coffee stayed warm")
	var b strings.Builder
	for range 5 + dice.IntN(30) {
		b.WriteString(words[dice.IntN(len(words))])
		b.WriteByte(' ')
	}
	switch dice.IntN(9) {
	case 0:
		b.WriteString("今日は雨でした。コーヒーを飲みます")
	case 1:
		b.WriteString("❤️ so good 😂")
	case 2:
		b.WriteString("café “olé” — naïve…")
	}
	return b.String()
}

// lastTag returns the tag that a text ends with, without its mark.
func lastTag(text string) string {
	if i := strings.LastIndexByte(text, '#'); i >= 0 && !strings.ContainsAny(text[i:], " \n") {
		return text[i+1:]
	}
	return ""
}

// address cuts an at-uri into its parts.
func address(uri string) (did, collection, key string) {
	parts := strings.SplitN(strings.TrimPrefix(uri, "at://"), "/", 3)
	if len(parts) != 3 {
		panic("blueskytest: " + uri + " is no at-uri")
	}
	return parts[0], parts[1], parts[2]
}
