package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Granularity is how long the stretches of Counts are.
type Granularity string

// The granularities that X knows.
const (
	Minute Granularity = "minute"
	Hour   Granularity = "hour"
	Day    Granularity = "day"
)

// Count is how many posts matched in one stretch of time.
type Count struct {
	// Start is included, End is not.
	Start, End time.Time
	N          uint64
}

// Counts asks how many posts matched a query (512 characters at most), in
// stretches, the last seven days at most; a zero from or to means as far as
// possible. It reads no posts and costs one request per page.
func (c *Client) Counts(ctx context.Context, query string, from, to time.Time, g Granularity) (counts []Count, total uint64, err error) {
	const path = "/2/tweets/counts/recent"
	q := url.Values{"query": {query}, "granularity": {string(g)}}
	between(q, from, to)
	for range 100 { // seven days of minutes are a handful of pages; a loop has no end
		var page struct {
			Data []struct {
				Start time.Time `json:"start"`
				End   time.Time `json:"end"`
				N     number    `json:"tweet_count"`
				Named number    `json:"post_count"` // as X's newer documents call it
			} `json:"data"`
			Meta struct {
				Next string `json:"next_token"`
			} `json:"meta"`
		}
		if _, err := c.call(ctx, http.MethodGet, path, q, nil, &page); err != nil {
			return nil, 0, err
		}
		for _, d := range page.Data {
			n := max(uint64(d.N), uint64(d.Named))
			counts = append(counts, Count{Start: d.Start.UTC(), End: d.End.UTC(), N: n})
			total += n
		}
		if page.Meta.Next == "" || page.Meta.Next == q.Get("next_token") {
			slices.SortFunc(counts, func(a, b Count) int { return a.Start.Compare(b.Start) })
			return counts, total, nil
		}
		q.Set("next_token", page.Meta.Next)
	}
	return nil, 0, protocol(path, "never comes to an end")
}

// Page is an answer with posts.
type Page struct {
	// Raw is for v2.Decode.
	Raw []byte
	// Asked is the path of the request with its parameters, without those that
	// say which of the pages it is.
	Asked string
}

// SearchMax is how many posts a page of Search holds at most.
const SearchMax = 100

// Search returns one page, newest post first, of those that match a query
// (512 characters at most) in the last seven days. A zero from or to and an
// empty sinceID ask for no such bound; next is "" for the first page and what
// the call before returned for the others, until that is "". n is the page's
// number of posts, all of which X bills.
func (c *Client) Search(
	ctx context.Context, query string, from, to time.Time, sinceID, next string,
) (page Page, after string, n int, err error) {
	q := url.Values{"query": {query}, "max_results": {"100"}, "sort_order": {"recency"}}
	between(q, from, to)
	if sinceID != "" {
		q.Set("since_id", sinceID)
	}
	if next != "" {
		q.Set("next_token", next)
	}
	var got struct {
		Data []struct{} `json:"data"`
		Meta struct {
			Next string `json:"next_token"`
		} `json:"meta"`
	}
	page, err = c.readPosts(ctx, "/2/tweets/search/recent", q, &got)
	if err != nil {
		return Page{}, "", 0, err
	}
	return page, got.Meta.Next, len(got.Data), nil
}

// LookupMax is how many posts one Lookup asks for.
const LookupMax = 100

// Looked is what a Lookup found out.
type Looked struct {
	// Found are the ids of posts that are there, which X bills; Gone those of
	// posts that are not there any more; Unknown those that X does not speak
	// of: their authors may be suspended or have hidden them.
	Found, Gone, Unknown []string
	// Page is for v2.Decode.
	Page []byte
}

// Lookup asks for up to LookupMax posts by their ids.
func (c *Client) Lookup(ctx context.Context, ids []string) (Looked, error) {
	if len(ids) == 0 {
		return Looked{}, nil
	}
	var page struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
		Errors []problem `json:"errors"`
	}
	answer, err := c.readPosts(ctx, "/2/tweets", url.Values{"ids": {strings.Join(ids, ",")}}, &page)
	if err != nil {
		return Looked{}, err
	}
	found, gone := map[string]bool{}, map[string]bool{}
	for _, d := range page.Data {
		found[d.ID] = true
	}
	for i := range page.Errors {
		if p := page.Errors[i].public(); p.Type == "resource-not-found" {
			gone[p.Value] = true
			gone[page.Errors[i].ResourceID] = true
		}
	}
	out := Looked{Page: answer.Raw}
	for _, id := range ids {
		switch {
		case found[id]:
			out.Found = append(out.Found, id)
		case gone[id]:
			out.Gone = append(out.Gone, id)
		default:
			out.Unknown = append(out.Unknown, id)
		}
	}
	return out, nil
}

func between(q url.Values, from, to time.Time) {
	if !from.IsZero() {
		q.Set("start_time", stamp(from))
	}
	if !to.IsZero() {
		q.Set("end_time", stamp(to))
	}
}
