package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gomastodon "github.com/mattn/go-mastodon"
	"github.com/tomnomnom/linkheader"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

const (
	// PageSize is how many statuses a page has at most.
	PageSize = 40
	// boostersSize is how many accounts such a page has at most.
	boostersSize = 80
)

// Range says which page of a timeline to give.
type Range struct {
	// Before asks for the newest statuses older than this id; After for the
	// oldest newer than this one. With neither, the newest are given.
	Before, After string
}

// Page is a page of a timeline.
type Page struct {
	// Statuses are those that could be read, oldest first.
	Statuses []mastodon.Status
	// Rejects are why others could not.
	Rejects []error
	// Items counts all, Oldest and Newest are the ids at both ends.
	Items          int
	Oldest, Newest string
}

// Timeline returns a page of a hashtag's public timeline.
func (c *Client) Timeline(ctx context.Context, tag string, r Range) (Page, error) {
	pg := &gomastodon.Pagination{MaxID: gomastodon.ID(r.Before), MinID: gomastodon.ID(r.After), Limit: PageSize}
	got, err := c.call(ctx, r != Range{}, func(ctx context.Context, api *gomastodon.Client) error {
		_, err := api.GetTimelineHashtag(ctx, tag, false, pg)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	items, err := list(got.value)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: len(items)}
	for i := len(items) - 1; i >= 0; i-- {
		var st mastodon.Status
		if err := mastodon.Unmarshal(items[i], &st); err != nil {
			page.Rejects = append(page.Rejects, err)
			st.ID = gomastodon.ID(ID(items[i]))
		} else {
			c.received(&st, items[i], got.asked)
			page.Statuses = append(page.Statuses, st)
		}
		id := string(st.ID)
		if !ValidID(id) {
			continue
		}
		if page.Oldest == "" || mastodon.CompareIDs(id, page.Oldest) < 0 {
			page.Oldest = id
		}
		if page.Newest == "" || mastodon.CompareIDs(id, page.Newest) > 0 {
			page.Newest = id
		}
	}
	return page, nil
}

// Status returns one status. If it is gone, the error wraps ErrNotFound.
func (c *Client) Status(ctx context.Context, id string) (*mastodon.Status, error) {
	if !ValidID(id) {
		return nil, errBadID
	}
	got, err := c.call(ctx, false, func(ctx context.Context, api *gomastodon.Client) error {
		_, err := api.GetStatus(ctx, gomastodon.ID(id))
		return err
	})
	if err != nil {
		return nil, err
	}
	st := new(mastodon.Status)
	if err := mastodon.Unmarshal(got.value, st); err != nil {
		return nil, &collectors.Fault{Cause: post.Protocol, Err: err}
	}
	c.received(st, got.value, got.asked)
	return st, nil
}

// Boosters are accounts that boosted a status, newest boost first.
type Boosters struct {
	// Accounts are their JSON.
	Accounts []jsontext.Value
	// Asked is the path of the request with its parameters.
	Asked string
	// Older asks for those before, "" if there are none. Since asks, another
	// time, for those that came after these; "" if the server does not say.
	Older, Since string
}

// BoostedBy returns who boosted a status: a page of those older than older, if
// it is not empty, and newer than since. Both are from an earlier answer.
func (c *Client) BoostedBy(ctx context.Context, id, older, since string) (Boosters, error) {
	if !ValidID(id) {
		return Boosters{}, errBadID
	}
	pg := &gomastodon.Pagination{MaxID: gomastodon.ID(older), SinceID: gomastodon.ID(since), Limit: boostersSize}
	got, err := c.call(ctx, older != "" || since != "", func(ctx context.Context, api *gomastodon.Client) error {
		_, err := api.GetRebloggedBy(ctx, gomastodon.ID(id), pg)
		return err
	})
	if err != nil {
		return Boosters{}, err
	}
	accounts, err := list(got.value)
	if err != nil {
		return Boosters{}, err
	}
	b := Boosters{Accounts: accounts, Asked: got.asked}
	for _, link := range linkheader.ParseMultiple(got.header.Values("Link")) {
		u, err := url.Parse(link.URL)
		if err != nil {
			continue
		}
		// Only the ids are taken: the address is the server's to say, and
		// nobody follows it.
		switch q := u.Query(); link.Rel {
		case "next":
			b.Older = valid(q.Get("max_id"))
		case "prev":
			if b.Since = valid(q.Get("since_id")); b.Since == "" {
				b.Since = valid(q.Get("min_id"))
			}
		}
	}
	return b, nil
}

// Get returns the JSON at a path of the server, for what go-mastodon does not
// know.
func (c *Client) Get(ctx context.Context, path string) (jsontext.Value, error) {
	got, err := c.call(ctx, false, func(ctx context.Context, api *gomastodon.Client) error {
		u, err := url.Parse(api.Config.Server)
		if err != nil {
			return err
		}
		query := ""
		if ref, err := url.Parse(path); err == nil {
			path, query = ref.Path, ref.RawQuery
		}
		u = u.JoinPath(path)
		u.RawQuery = query
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return err
		}
		resp, err := api.Do(req) //nolint:bodyclose // ReadBody does
		if err != nil {
			return err
		}
		body, err := dial.ReadBody(resp, maxAnswer)
		if err != nil {
			return err
		}
		_, err = api.JSONWriter.Write(body)
		return err
	})
	return got.value, err
}

var errBadID = &collectors.Fault{Cause: post.Protocol, Err: errors.New("an id is none")}

// ValidID reports whether a text can be an id: short, letters, digits and a few
// signs. Ids become parts of addresses.
func ValidID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

func valid(id string) string {
	if !ValidID(id) {
		return ""
	}
	return id
}

// list takes an array apart.
func list(raw jsontext.Value) ([]jsontext.Value, error) {
	var items []jsontext.Value
	if err := json.Unmarshal(raw, &items, wire.Options()); err != nil {
		return nil, &collectors.Fault{Cause: post.Protocol, Err: errors.New("the answer is no list")}
	}
	return items, nil
}

// ID finds the id of a status or an account that is not read otherwise; "" if
// it has none.
func ID(raw jsontext.Value) string {
	var in struct {
		ID any `json:"id"`
	}
	if err := wire.Unmarshal(raw, &in, wire.Options()); err != nil {
		return ""
	}
	id, _ := in.ID.(string)
	return id
}
