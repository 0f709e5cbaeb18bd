package track

import (
	"fmt"
	"hash/maphash"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"winnow/pipeline/post"
)

// Bounds of a Set that is given none. An address takes about 150 bytes, a
// content about 400.
const (
	DefaultPosts    = 200_000
	DefaultContents = 50_000
)

// Set is the posts that are remembered. It is safe for concurrent use.
//
// Posts and accounts are known by hashes with a seed of the process, so that
// nobody can make two of them collide; by chance two of 200,000 do once in
// a billion runs.
type Set struct {
	seed maphash.Seed

	mu       sync.Mutex
	posts    *simplelru.LRU[uint64, entry]
	contents *simplelru.LRU[uint64, string]
	accounts map[uint64]int // how many posts of each are remembered
}

// entry is what is kept of every post, its address in parts.
type entry struct {
	account uint64
	at      int64 // when it was posted, Unix milliseconds
	rest    string
}

// New returns a set for the given numbers of posts and of contents; zero means
// the default.
func New(posts, contents int) (*Set, error) {
	if posts == 0 {
		posts = DefaultPosts
	}
	if contents == 0 {
		contents = DefaultContents
	}
	s := &Set{seed: maphash.MakeSeed(), accounts: make(map[uint64]int)}
	var err error
	if s.posts, err = simplelru.NewLRU(posts, s.forgotten); err != nil {
		return nil, fmt.Errorf("make room for %d posts: %w", posts, err)
	}
	if s.contents, err = simplelru.NewLRU[uint64, string](contents, nil); err != nil {
		return nil, fmt.Errorf("make room for %d contents: %w", contents, err)
	}
	return s, nil
}

func (s *Set) forgotten(_ uint64, e entry) {
	if s.accounts[e.account]--; s.accounts[e.account] <= 0 {
		delete(s.accounts, e.account)
	}
}

// Add remembers a post or repost, with its content unless it is a repost. What
// is not addressed by an at-uri is passed over.
func (s *Set) Add(p *post.Post) {
	account, rest, ok := parts(p.ID)
	if !ok {
		return
	}
	content := ""
	if p.Kind != post.Repost {
		content = pack(p)
	}
	id := maphash.String(s.seed, p.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.posts.Get(id); !ok { // which counts as hearing of it
		e = entry{maphash.String(s.seed, account), p.PostedAt.UnixMilli(), strings.Clone(rest)}
		s.accounts[e.account]++
		s.posts.Add(id, e)
	}
	if content != "" {
		s.contents.Add(id, content)
	}
}

// Has reports whether the post with an at-uri is remembered.
func (s *Set) Has(uri []byte) bool {
	id := maphash.Bytes(s.seed, uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts.Contains(id)
}

// HasAccount reports whether posts of an account are remembered.
func (s *Set) HasAccount(did []byte) bool {
	id := maphash.Bytes(s.seed, did)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts[id] > 0
}

// PostedAt returns when a remembered post was posted.
func (s *Set) PostedAt(uri string) (at time.Time, ok bool) {
	id := maphash.String(s.seed, uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.posts.Peek(id)
	return time.UnixMilli(e.at).UTC(), ok
}

// Complete gives a repost the content of the original: text, language, tags,
// links, mentions, images. It reports whether that is still remembered. The
// repost must be tidied afterwards.
func (s *Set) Complete(p *post.Post) bool {
	id := maphash.String(s.seed, p.RepostOf.PostID)
	s.mu.Lock()
	s.posts.Get(id) // hears of it
	content, ok := s.contents.Get(id)
	s.mu.Unlock()
	return ok && unpack(content, p)
}

// Forget drops the content of a post that was deleted. Its address stays: the
// deletion may be told again.
func (s *Set) Forget(uri string) {
	id := maphash.String(s.seed, uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contents.Remove(id)
}

// Of returns the at-uris of all remembered posts of an account, the one longest
// not heard of first. It looks at every post, which is for rare events.
func (s *Set) Of(did string) []string {
	account := maphash.String(s.seed, did)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[account] == 0 {
		return nil
	}
	var out []string
	for _, e := range s.posts.Values() {
		if e.account == account {
			out = append(out, scheme+did+"/"+e.rest)
		}
	}
	return out
}

// Len returns how many posts, and how many contents, are remembered.
func (s *Set) Len() (posts, contents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts.Len(), s.contents.Len()
}

const scheme = "at://"

// parts cuts an at-uri into its account and the rest.
func parts(uri string) (account, rest string, ok bool) {
	uri, ok = strings.CutPrefix(uri, scheme)
	if !ok {
		return "", "", false
	}
	account, rest, ok = strings.Cut(uri, "/")
	return account, rest, ok && account != "" && rest != ""
}
