package xtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// asked is which fields a request wants, by their older names.
type asked struct {
	fields, users, expansions []string
	newer                     bool // the names to answer with
}

func askedFor(r *http.Request) asked {
	return asked{fields: list(r, "tweet.fields"), users: list(r, "user.fields"), expansions: list(r, "expansions")}
}

// wanted reads what a search or look-up wants; false if it was refused.
func (s *Server) wanted(w http.ResponseWriter, r *http.Request) (asked, bool) {
	a := askedFor(r)
	bad := ""
	switch {
	case !s.o.Newer && r.Form.Has("post.fields"):
		bad = "post.fields"
	case s.o.Newer && r.Form.Has("tweet.fields"):
		bad = "tweet.fields"
	case s.o.Newer != slices.Contains(a.expansions, "referenced_posts") && len(a.expansions) > 1:
		bad = "expansions"
	}
	if bad != "" {
		reply(w, http.StatusBadRequest, map[string]any{
			"title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
			"type": problemType + "invalid-request", "errors": []any{map[string]any{
				"message": "invalid value", "parameters": map[string]any{bad: []string{r.FormValue(bad)}},
			}},
		})
		return a, false
	}
	if s.o.Newer {
		a.newer = true
		a.fields = append(list(r, "post.fields"), "author_id", "referenced_tweets")
		if slices.Contains(a.fields, "note_post") {
			a.fields = append(a.fields, "note_tweet")
		}
		a.expansions = append(a.expansions, "referenced_tweets.id", "referenced_tweets.id.author_id")
	}
	return a, true
}

// name is a field by the name that the answer has for it.
func (a asked) name(field string) string {
	if a.newer {
		switch field {
		case "edit_history_tweet_ids":
			return "edit_history_post_ids"
		case "referenced_tweets":
			return "referenced_posts"
		case "note_tweet":
			return "note_post"
		case "tweets":
			return "posts"
		}
	}
	return field
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps of plain values are given
	}
	return raw
}

// message is one post from the stream, or a page of several if rules is nil.
func (a asked) message(notes []*note, rules []any) map[string]any {
	var (
		data     []any
		users    = map[int64]*user{}
		included = map[int64]*note{}
	)
	for _, n := range notes {
		data = append(data, a.post(n))
		if slices.Contains(a.expansions, "author_id") {
			users[n.user.id] = n.user
		}
		if n.of == nil {
			continue
		}
		if slices.Contains(a.expansions, "referenced_tweets.id") {
			included[n.of.id] = n.of
		}
		if slices.Contains(a.expansions, "referenced_tweets.id.author_id") {
			users[n.of.user.id] = n.of.user
		}
	}
	includes := map[string]any{}
	var us, ns []any
	for _, u := range users {
		us = append(us, a.user(u))
	}
	for _, n := range included {
		ns = append(ns, a.post(n))
	}
	if us != nil {
		includes["users"] = us
	}
	if ns != nil {
		includes[a.name("tweets")] = ns
	}
	out := map[string]any{}
	if rules != nil {
		out["data"], out["matching_rules"] = data[0], rules
	} else if data != nil {
		out["data"] = data
	}
	if len(includes) > 0 {
		out["includes"] = includes
	}
	return out
}

// post is a post with the fields asked for.
func (a asked) post(n *note) map[string]any {
	history := make([]string, len(n.versions))
	for i, v := range n.versions {
		history[i] = strconv.FormatInt(v, 10)
	}
	text, truncated := cut(escape(n.shown()), 280)
	out := map[string]any{"id": n.key(), "text": text, a.name("edit_history_tweet_ids"): history}
	add := func(field string, v any) {
		if slices.Contains(a.fields, field) {
			out[a.name(field)] = v
		}
	}
	add("author_id", strconv.FormatInt(n.user.id, 10))
	add("created_at", n.at.Format("2006-01-02T15:04:05.000Z"))
	add("lang", "en")
	add("conversation_id", n.first())
	add("entities", entities2(n.shown()))
	add("public_metrics", map[string]int{
		"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0,
		"bookmark_count": 0, "impression_count": 0,
	})
	if truncated {
		add("note_tweet", map[string]any{"text": escape(n.text), "entities": entities2(n.text)})
	}
	if n.of != nil {
		add("referenced_tweets", []any{map[string]any{"type": "retweeted", "id": n.of.key()}})
	}
	return out
}

func (a asked) user(u *user) map[string]any {
	out := map[string]any{"id": strconv.FormatInt(u.id, 10), "username": u.handle, "name": u.name}
	add := func(field string, v any) {
		if slices.Contains(a.users, field) {
			out[field] = v
		}
	}
	add("created_at", u.created.Format("2006-01-02T15:04:05.000Z"))
	add("description", u.about)
	add("verified", false)
	add("verified_type", "none")
	add("profile_image_url", "https://pbs.twimg.example/profile_images/"+u.handle+"_normal.jpg")
	add("public_metrics", map[string]int{
		"followers_count": u.followers, "following_count": u.following, "tweet_count": u.posts,
		"listed_count": 0, "like_count": 0,
	})
	return out
}

func entities2(text string) map[string]any {
	out := map[string]any{}
	var tags, names []any
	for _, t := range tagsIn(text) {
		tags = append(tags, map[string]any{"start": 0, "end": 1, "tag": t})
	}
	for _, m := range mentionsIn(text) {
		names = append(names, map[string]any{"start": 0, "end": 1, "username": m, "id": "9" + strconv.Itoa(len(m))})
	}
	if tags != nil {
		out["hashtags"] = tags
	}
	if names != nil {
		out["mentions"] = names
	}
	return out
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }

// classic is a post as the v1.1 stream sends it.
func classic(n *note) []byte { return encode(status(n)) }

func status(n *note) map[string]any {
	text, truncated := cut(escape(n.shown()), 140)
	out := map[string]any{
		"created_at": n.at.Format(time.RubyDate), "id": n.id, "id_str": n.key(),
		"text": text, "truncated": truncated && n.of == nil, "source": "web", "lang": "en",
		"entities": entities1(text), "user": user1(n.user), "retweet_count": 0, "favorite_count": 0,
		"retweeted": false, "favorited": false, "filter_level": "low",
		"timestamp_ms": strconv.FormatInt(n.at.UnixMilli(), 10),
	}
	if n.of != nil {
		out["retweeted_status"] = status(n.of)
	} else if truncated {
		out["extended_tweet"] = map[string]any{"full_text": escape(n.text), "entities": entities1(n.text)}
	}
	return out
}

func entities1(text string) map[string]any {
	tags, names := []any{}, []any{}
	for _, t := range tagsIn(text) {
		tags = append(tags, map[string]any{"text": t, "indices": []int{0, 1}})
	}
	for _, m := range mentionsIn(text) {
		names = append(names, map[string]any{"screen_name": m, "id": 90 + len(m), "id_str": "9" + strconv.Itoa(len(m))})
	}
	return map[string]any{"hashtags": tags, "user_mentions": names, "urls": []any{}, "symbols": []any{}}
}

func user1(u *user) map[string]any {
	return map[string]any{
		"id": u.id, "id_str": strconv.FormatInt(u.id, 10), "screen_name": u.handle, "name": u.name,
		"description": u.about, "created_at": u.created.Format(time.RubyDate),
		"followers_count": u.followers, "friends_count": u.following, "statuses_count": u.posts,
		"default_profile": false, "default_profile_image": false, "verified": false,
	}
}

// deletion is how the v1.1 stream tells that a post is gone.
func deletion(n *note, at time.Time) []byte {
	return encode(map[string]any{"delete": map[string]any{
		"status":       map[string]any{"id": n.id, "id_str": n.key(), "user_id": n.user.id, "user_id_str": strconv.FormatInt(n.user.id, 10)},
		"timestamp_ms": strconv.FormatInt(at.UnixMilli(), 10),
	}})
}
