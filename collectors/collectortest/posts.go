package collectortest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// postCases are about what comes through a stream that stands.
func postCases() []scenario {
	return []scenario{
		{"posts", posts},
		{"duplicates", duplicates},
		{"edit", edit},
		{"deletion", deletion},
		{"deletion before its post", deletionFirst},
		{"hostile messages", hostile},
		{"long post", longPost},
		{"post of a megabyte", hugePost},
		{"line ends", lineEnds},
		{"buffering proxy", bufferingProxy},
	}
}

// posts: each comes once under its id, with its text.
func posts(s *stage) {
	s.start()
	s.live()
	id := s.publish("first words")
	s.arrive(append(s.some(50), id)...)
	if p := s.newest(id); !strings.Contains(p.Text, "first words") {
		s.Errorf("the text of a post is not the one that was posted")
	}
	s.account(demand{})
}

// newest returns the version of a post that the store would keep: the one
// edited last, of those the one that came last.
func (s *stage) newest(id string) post.Post {
	var best post.Post
	for _, p := range s.log.of(id) {
		if !p.EditedAt.Before(best.EditedAt) {
			best = p
		}
	}
	return best
}

// duplicates: a post that is sent again is the same post.
func duplicates(s *stage) {
	s.start()
	s.live()
	ids := s.some(3)
	s.arrive(ids...)
	for _, id := range ids {
		s.platform.Again(id)
	}
	s.account(demand{})
}

// edit: the edited text wins, also over the first one sent again.
func edit(s *stage) {
	s.start()
	s.live()
	id := s.publish("as it was")
	s.arrive(id)
	if !s.platform.Edit(id, "as it is") {
		s.Logf("this platform's stream does not tell of edits")
		s.account(demand{})
		return
	}
	s.must("the edit is in the log", func() bool { return strings.Contains(s.newest(id).Text, "as it is") })
	s.account(demand{})
	if !strings.Contains(s.newest(id).Text, "as it is") {
		s.Errorf("the text before the edit won")
	}
}

// isDeleted reports whether a post that came is deleted, by the name that the
// source gave it.
func (s *stage) isDeleted(id string) bool {
	deleted := s.log.deleted()
	for _, p := range s.log.of(id) {
		if slices.Contains(deleted, p.LocalID()) {
			return true
		}
	}
	return false
}

// deletion: it reaches the log under the name that the post has there, and an
// edit that comes late does not undo it.
func deletion(s *stage) {
	s.start()
	s.live()
	id := s.publish("soon gone")
	s.arrive(id)
	if !s.platform.Delete(id) {
		s.Logf("this platform's stream does not tell of deletions")
		s.account(demand{})
		return
	}
	s.must("the deletion is in the log", func() bool { return s.isDeleted(id) })
	s.platform.Edit(id, "too late")
	s.account(demand{})
	if !s.isDeleted(id) {
		s.Errorf("a late edit undid the deletion")
	}
}

// deletionFirst: so does one that overtakes its post.
func deletionFirst(s *stage) {
	s.start()
	s.live()
	id := s.platform.DeleteFirst("gone before it came")
	if id == "" {
		s.Logf("this platform's stream keeps the order")
		s.account(demand{})
		return
	}
	s.must("the deletion is in the log", func() bool { return len(s.log.deleted()) > 0 })
	s.platform.Edit(id, "too late")
	marker := s.publish("after it")
	s.arrive(marker)
	if s.log.has(id) && !s.isDeleted(id) {
		s.Errorf("the post is in the log under a name that the deletion does not have")
	}
	s.account(demand{mayInvent: true}) // the post may come, or not, since it is gone
}

// hostile: whatever a message is, the next good post comes.
func hostile(s *stage) {
	s.start()
	messages := s.platform.Hostile()
	if len(messages) < 5 {
		s.Errorf("the fake knows only %d hostile messages", len(messages))
	}
	for _, name := range slices.Sorted(maps.Keys(messages)) {
		s.live()
		n := s.platform.Attempts()
		begin := time.Now()
		s.platform.Raw(messages[name])
		id := s.publish("after " + name)
		ended := func() bool { return s.status().State == collectors.Ended }
		s.within(s.soon, func() bool { return s.log.has(id) || s.platform.Attempts() > n || ended() })
		if ended() {
			s.Fatalf("%s ended the source: %s", name, s.describe())
		}
		if s.log.has(id) {
			continue
		}
		// It may end the connection, but not the source.
		s.mu.Lock()
		s.outages = append(s.outages, outage{begin, time.Now().Add(time.Second)})
		s.mu.Unlock()
		s.live()
		again := s.publish("again after " + name)
		if !s.within(s.soon, func() bool { return s.log.has(again) }) {
			s.Fatalf("no post came after %s; the source is %s", name, s.describe())
		}
	}
	s.account(demand{mayInvent: true})
}

// longPost: lines may be much longer than posts usually are.
func longPost(s *stage) {
	s.start()
	s.live()
	s.arrive(s.publish(strings.Repeat("long words ", 18_000)))
	s.account(demand{})
}

// hugePost: one that is longer than any may be does no harm. Whether it comes,
// cut, is up to the collector.
func hugePost(s *stage) {
	s.start()
	s.live()
	s.platform.Publish(strings.Repeat("huge words ", 1<<20/11))
	s.arrive(s.publish("after it"))
	s.account(demand{mayInvent: true})
}

// lineEnds: both ends of a line are ends of a line.
func lineEnds(s *stage) {
	s.start()
	s.live()
	for _, end := range []string{"\r\n", "\n", "\r\n"} {
		s.platform.Frame(end, 0)
		s.arrive(s.some(5)...)
	}
	s.account(demand{})
}

// bufferingProxy: messages may come in pieces that have nothing to do with
// where messages end.
func bufferingProxy(s *stage) {
	s.start()
	s.live()
	for _, size := range []int{1000, 7777} {
		s.platform.Frame("\n", size)
		ids := s.some(40)
		s.within(200*time.Millisecond, func() bool { return s.log.has(ids[len(ids)-1]) })
		s.platform.Frame("\n", 0)
		s.arrive(ids...)
	}
	s.account(demand{})
}
