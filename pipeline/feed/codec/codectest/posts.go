// Package codectest makes posts for tests and measurements of what carries
// batches.
//
// It owns their size and shape, which golden files rely on, and nothing of what
// is tested with them.
package codectest

import (
	"fmt"
	"time"

	"winnow/pipeline/post"
)

// Posts returns n posts of the size and shape that a hashtag brings: half of
// them reposts, a few with links and mentions. They are numbered on from from,
// and equal numbers make equal posts.
func Posts(n, from int) []post.Post {
	posts := make([]post.Post, n)
	start := time.Date(2015, 6, 12, 16, 0, 0, 0, time.UTC)
	for i := range posts {
		k := from + i
		p := &posts[i]
		*p = post.Post{
			Platform: post.X,
			ID:       fmt.Sprintf("6094%014d", k*7919),
			Kind:     post.Original,
			Account: post.Account{
				ID:        fmt.Sprintf("%d", 100_000_000+(k*7717)%90_000),
				Handle:    fmt.Sprintf("reader_%d", (k*7717)%90_000),
				CreatedAt: start.AddDate(-2, 0, k%700),
				Followers: post.KnownCount(int64(k * 31 % 5000)),
				Following: post.KnownCount(int64(k * 17 % 900)),
			},
			PostedAt:   start.Add(time.Duration(k) * 137 * time.Millisecond),
			ObservedAt: start.Add(time.Duration(k)*137*time.Millisecond + 2*time.Second),
			Lang:       "en",
			Text:       fmt.Sprintf("Opening day, seat %d of row %d: we ask about those who are not here tonight #Games2015", k%311, k%47),
			Tags:       []post.Tag{{Key: "games2015", Posted: "Games2015"}},
		}
		switch k % 4 {
		case 1:
			p.Kind = post.Repost
			p.RepostOf = post.Ref{PostID: fmt.Sprintf("6093%014d", k%50), AccountID: fmt.Sprint(k % 50), Handle: "desk"}
		case 2:
			p.Links = []string{fmt.Sprintf("https://news.example/%d", k%97)}
		case 3:
			p.Kind = post.Repost
			p.RepostOf = post.Ref{PostID: fmt.Sprintf("6093%014d", k%9)}
			p.Mentions = []post.Mention{{Handle: "desk"}}
		}
	}
	return posts
}
