package storage_test

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

// bucket is a row of the table reach as far as the oracle knows it.
type bucket struct {
	Step                                  uint32
	Tag, Lang, Platform                   string
	At                                    time.Time
	Posts, Accounts, Known, Reach, Shown  uint64
	CoordinatedPosts, CoordinatedAccounts uint64
	DeclaredPosts                         uint64
}

func buckets(t *testing.T, c clickhouse.Conn) []bucket {
	t.Helper()
	rs, err := c.Query(t.Context(), `SELECT step, tag, lang, platform, at, posts, accounts, accounts_reach_known, potential_reach, potential_impressions,
		coordinated_posts, coordinated_accounts, declared_posts
		FROM reach FINAL WHERE posts > 0 ORDER BY step, tag, lang, platform, at`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close() //nolint:errcheck // read only
	var out []bucket
	for rs.Next() {
		var b bucket
		if err := rs.Scan(&b.Step, &b.Tag, &b.Lang, &b.Platform, &b.At, &b.Posts, &b.Accounts, &b.Known, &b.Reach, &b.Shown,
			&b.CoordinatedPosts, &b.CoordinatedAccounts, &b.DeclaredPosts); err != nil {
			t.Fatal(err)
		}
		b.At = b.At.UTC()
		out = append(out, b)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// count computes the buckets that posts must give, in the plainest way.
func count(posts []*post.Post, coordinated func(*post.Post) bool) []bucket {
	type key struct {
		step                uint32
		tag, lang, platform string
		at                  int64
	}
	type sums struct {
		b       bucket
		latest  map[string]*post.Post
		flagged map[string]bool
	}
	all := map[key]*sums{}
	for _, p := range posts {
		parts := [][2]string{{}}
		for _, t := range p.Tags {
			parts = append(parts, [2]string{t.Key, ""})
		}
		if p.Lang != "" {
			parts = append(parts, [2]string{"", p.Lang})
		}
		for _, step := range []uint32{0, 60, 3600, 86400} {
			for _, part := range parts {
				if step == 0 && part != ([2]string{}) {
					continue // the whole time is of the whole campaign
				}
				var at int64
				if step > 0 {
					at = p.PostedAt.Unix() / int64(step) * int64(step)
				}
				k := key{step, part[0], part[1], string(p.Platform), at}
				s := all[k]
				if s == nil {
					s = &sums{
						b:      bucket{Step: step, Tag: part[0], Lang: part[1], Platform: string(p.Platform), At: time.Unix(at, 0).UTC()},
						latest: map[string]*post.Post{}, flagged: map[string]bool{},
					}
					all[k] = s
				}
				s.b.Posts++
				if n, known := p.Account.Followers.Get(); known {
					s.b.Shown += n
					old := s.latest[p.Account.ID]
					_, oldKnown := post.Count(0).Get()
					if old != nil {
						_, oldKnown = old.Account.Followers.Get()
					}
					if !oldKnown || old.PostedAt.Before(p.PostedAt) || old.PostedAt.Equal(p.PostedAt) && old.Account.Followers < p.Account.Followers {
						s.latest[p.Account.ID] = p
					}
				} else if _, ok := s.latest[p.Account.ID]; !ok {
					s.latest[p.Account.ID] = p
				}
				if coordinated(p) {
					s.b.CoordinatedPosts++
					s.flagged[p.Account.ID] = true
				}
			}
		}
	}
	var out []bucket
	for _, s := range all {
		for _, p := range s.latest {
			s.b.Accounts++
			if n, known := p.Account.Followers.Get(); known {
				s.b.Known++
				s.b.Reach += n
			}
		}
		s.b.CoordinatedAccounts = uint64(len(s.flagged))
		out = append(out, s.b)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.Step != b.Step:
			return a.Step < b.Step
		case a.Tag != b.Tag:
			return a.Tag < b.Tag
		case a.Lang != b.Lang:
			return a.Lang < b.Lang
		case a.Platform != b.Platform:
			return a.Platform < b.Platform
		}
		return a.At.Before(b.At)
	})
	return out
}

func inBucket(p *post.Post, b bucket) bool {
	return b.Step == 0 || p.PostedAt.Unix()/int64(b.Step)*int64(b.Step) == b.At.Unix()
}

// Whatever the order and cut of the batches, and however often the marks are
// settled in between, the buckets are those of the posts.
func TestBucketsAreAFunctionOfThePosts(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s, c := open(t)
			rnd := rand.New(rand.NewPCG(seed, 1))
			var posts []*post.Post
			for i := range 400 {
				p := somePost(i, rnd.IntN(40), time.Duration(rnd.Int64N(int64(60*time.Hour))).Truncate(time.Millisecond))
				p.Platform = []post.Platform{post.X, post.Mastodon, post.Bluesky}[rnd.IntN(3)]
				p.Tags = post.NewTags([]string{"Baku2015", "baku", "FreeThem"}[:rnd.IntN(4)]...)
				p.Lang = []string{"", "az", "en"}[rnd.IntN(3)]
				p.Account.Followers = post.KnownCount(rnd.Int64N(1000))
				if rnd.IntN(4) == 0 {
					p.Account.Followers = 0
				}
				posts = append(posts, p)
			}
			for rest := posts; len(rest) > 0; {
				n := min(1+rnd.IntN(100), len(rest))
				write(t, s, rowsOf("c", rest[:n]...))
				if rnd.IntN(2) == 0 {
					settle(t, s)
				}
				rest = rest[n:]
			}
			settle(t, s)
			want := count(posts, func(*post.Post) bool { return false })
			if diff := cmp.Diff(want, buckets(t, c)); diff != "" {
				t.Errorf("buckets (-want +got):\n%s", diff)
			}
		})
	}
}
