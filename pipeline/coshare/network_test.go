package coshare

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// share is an action as "account object second".
func share(s string) *post.Post {
	f := strings.Fields(s)
	sec, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil {
		panic(err)
	}
	return &post.Post{Platform: post.Archive, ID: "same", Kind: post.Original, Account: post.Account{ID: f[0]}, Shared: f[1], PostedAt: time.Unix(sec, 0)}
}

func joined(t *testing.T, actions string, window time.Duration, minWeight int) Result {
	t.Helper()
	var n Network
	for s := range strings.SplitSeq(actions, ",") {
		n.Add(share(s))
	}
	r, err := n.Join(t.Context(), window, minWeight)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestJoin(t *testing.T) {
	for _, c := range []struct {
		name, actions   string
		minWeight       int
		accounts, pairs int
	}{
		{"one account alone", "a o 100", 1, 0, 0},
		{"the same account twice", "a o 100,a o 110", 1, 0, 0},
		{"the window's end counts", "a o 100,b o 160", 1, 2, 1},
		{"beyond the window", "a o 100,b o 161", 1, 0, 0},
		{"another object", "a o 100,b p 100", 1, 0, 0},
		{"any order", "b o 160,a o 100", 1, 2, 1},
		{"symmetric", "a o 100,b o 110,b p 200,a p 210", 2, 2, 1},
		{"three in a window", "a o 100,b o 110,c o 120", 1, 3, 3},
		{"a chain is no triangle", "a o 100,b o 150,c o 200", 1, 3, 2},
		{"one who acts twice meets twice", "a o 100,a o 101,b o 102", 2, 2, 1},
		{"two who act twice meet four times", "a o 100,a o 101,b o 102,b o 103", 4, 2, 1},
		{"equal rows count each", "a o 100,b o 100,b o 100", 2, 2, 1},
		{"once on each of two objects", "a o 100,b o 100,a p 900,b p 900", 2, 2, 1},
		{"too seldom", "a o 100,b o 100,a p 900,b p 900,a p 800,c p 800", 3, 0, 0},
		{"only the pair that is heavy enough", "a o 100,b o 100,a p 900,b p 900,a p 800,c p 800", 2, 2, 1},
	} {
		if r := joined(t, c.actions, time.Minute, c.minWeight); r.Accounts != c.accounts || r.Pairs != c.pairs {
			t.Errorf("%s: %d accounts, %d pairs; want %d, %d", c.name, r.Accounts, r.Pairs, c.accounts, c.pairs)
		}
	}
}

// The window that slides finds what comparing all with all does.
func TestJoinIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		posts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *post.Post {
			return share(rapid.StringMatching(`[a-d] [op] 1[0-4][0-9]`).Draw(t, "action"))
		}), 0, 30).Draw(t, "posts")
		window := time.Duration(rapid.IntRange(0, 30).Draw(t, "window")) * time.Second
		minWeight := rapid.IntRange(1, 4).Draw(t, "weight")

		weights := make(map[[2]string]int)
		var n Network
		for i, p := range posts {
			n.Add(p)
			for _, q := range posts[:i] {
				a, b := p.Account.ID, q.Account.ID
				if a != b && p.Shared == q.Shared && p.PostedAt.Sub(q.PostedAt).Abs() <= window {
					weights[[2]string{min(a, b), max(a, b)}]++
				}
			}
		}
		pairs, accounts := 0, make(map[string]bool)
		for pair, w := range weights {
			if w >= minWeight {
				pairs++
				accounts[pair[0]], accounts[pair[1]] = true, true
			}
		}
		r, err := n.Join(context.Background(), window, minWeight)
		if err != nil || r.Pairs != pairs || r.Accounts != len(accounts) {
			t.Fatalf("%+v, %v; want %d accounts, %d pairs", r, err, len(accounts), pairs)
		}
	})
}

// Of what a post acts on, one kind counts.
func TestObject(t *testing.T) {
	const text = "four words are a copy"
	repost := func(id, text string) post.Post {
		return post.Post{Kind: post.Repost, RepostOf: post.Ref{PostID: id}, Text: text}
	}
	for _, c := range []struct {
		name string
		a, b post.Post
		want int
	}{
		{"reposted", repost("o", ""), repost("o", "another"), 1},
		{"a repost does not share its link", post.Post{Links: []string{"l"}}, post.Post{Kind: post.Repost, RepostOf: post.Ref{PostID: "o"}, Links: []string{"l"}}, 0},
		{"one of two links", post.Post{Links: []string{"l", "m"}}, post.Post{Links: []string{"k", "m"}}, 1},
		{"a link goes before a text", post.Post{Links: []string{"l"}, Text: text}, post.Post{Text: text}, 0},
		{"a folded text", post.Post{Text: text}, post.Post{Text: "FOUR words are a copy!"}, 1},
		{"a short text", post.Post{Text: "hi"}, post.Post{Text: "hi"}, 0},
		{"an object of another kind", post.Post{Shared: "o"}, repost("o", ""), 0},
	} {
		var n Network
		for i, p := range []*post.Post{&c.a, &c.b} {
			p.Platform, p.ID, p.Account.ID = post.Archive, strconv.Itoa(i), strconv.Itoa(i)
			n.Add(p)
		}
		r, err := n.Join(t.Context(), time.Minute, 1)
		if err != nil || r.Pairs != c.want {
			t.Errorf("%s: %+v, %v; want %d pairs", c.name, r, err, c.want)
		}
	}
}

func TestJoinIsBounded(t *testing.T) {
	n := Network{MaxPairs: 10}
	for i := range 6 {
		n.Add(share(strconv.Itoa(i) + " o 100"))
	}
	if _, err := n.Join(t.Context(), time.Minute, 1); err == nil || !strings.Contains(err.Error(), "more than 10 pairs") {
		t.Errorf("15 pairs where 10 are allowed: %v", err)
	}
}

func TestJoinEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var n Network
	for range 2000 {
		n.Add(share("a o 100"))
	}
	if _, err := n.Join(ctx, time.Minute, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
