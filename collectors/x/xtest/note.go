package xtest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// note is one version of a post.
type note struct {
	id       int64
	at       time.Time
	text     string
	user     *user
	of       *note   // what it retweets
	versions []int64 // the ids of all versions so far, the first one first
	gone     bool    // deleted, or replaced by a later version
	hidden   bool    // its author is suspended
}

func (n *note) key() string { return strconv.FormatInt(n.id, 10) }

// first is the id of the first version.
func (n *note) first() string { return strconv.FormatInt(n.versions[0], 10) }

// user is somebody who posts.
type user struct {
	id                          int64
	handle, name, about         string
	created                     time.Time
	followers, following, posts int
}

var givenNames = []string{
	"aysel", "bela", "carmen", "dilara", "emre", "farid", "gulnar", "hana", "ilkin", "jana",
	"kamal", "leyla", "murad", "nigar", "orkhan", "parvin", "rashad", "sevda", "tural", "vusal",
}

// author invents the n-th author, always the same one.
func author(n int) *user {
	name := givenNames[n%len(givenNames)]
	created := time.Date(2009+n%15, time.Month(1+n%12), 1+n%28, n%24, 0, 0, 0, time.UTC)
	return &user{
		id:     (created.UnixMilli()-epoch)<<22 | int64(n),
		handle: fmt.Sprintf("%s_%d", name, n), name: strings.ToUpper(name[:1]) + name[1:],
		about: "writes about sport", created: created,
		followers: 7 * n * n % 9001, following: 3*n%700 + 1, posts: 11*n%5000 + 1,
	}
}

// epoch is where the time in ids begins (Twitter's snowflake scheme).
const epoch = 1288834974657

// newID returns the next id, which holds the time.
func (s *Server) newID(at time.Time) int64 {
	id := (at.UnixMilli() - epoch) << 22
	if id <= s.lastID {
		id = s.lastID + 1
	}
	s.lastID = id
	return id
}

// write makes a new post and keeps it.
func (s *Server) write(text string, of *note) *note {
	at := s.o.Now().UTC()
	n := &note{id: s.newID(at), at: at, text: text, user: author(len(s.posts)), of: of}
	n.versions = []int64{n.id}
	s.keep(n)
	return n
}

func (s *Server) keep(n *note) {
	s.posts = append(s.posts, n)
	s.byID[n.key()] = n
}

// latest returns the present version of the post with the given canonical id.
func (s *Server) latest(id string) *note {
	first := s.byID[id]
	if first == nil {
		return nil
	}
	for i := len(s.posts) - 1; i >= 0; i-- {
		if n := s.posts[i]; n.first() == first.first() {
			return n
		}
	}
	return first
}

var tagPattern = regexp.MustCompile(`#[\p{L}\p{M}\p{Nd}_\x{200c}]+`)

func tagsIn(text string) []string {
	tags := tagPattern.FindAllString(text, -1)
	for i := range tags {
		tags[i] = tags[i][1:]
	}
	return tags
}

var mentionPattern = regexp.MustCompile(`@[A-Za-z0-9_]+`)

func mentionsIn(text string) []string {
	all := mentionPattern.FindAllString(text, -1)
	for i := range all {
		all[i] = all[i][1:]
	}
	return all
}

// cut shortens a text to n characters as X does.
func cut(text string, n int) (short string, truncated bool) {
	runes := []rune(text)
	if len(runes) <= n {
		return text, false
	}
	return string(runes[:n-1]) + "…", true
}

// shown is the text as the post carries it, with a mark if it is a retweet.
func (n *note) shown() string {
	if n.of == nil {
		return n.text
	}
	short, _ := cut("RT @"+n.of.user.handle+": "+n.of.text, 140)
	return short
}

// words is the whole text, the retweeted one's included.
func (n *note) words() string {
	if n.of == nil {
		return n.text
	}
	return "@" + n.of.user.handle + " " + n.of.text
}
