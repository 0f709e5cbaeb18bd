package api

import (
	"context"
	"maps"
	"net/http"
	"net/url"
)

// What is asked for of every post: what package v2 reads, nothing else.
// Accounts come as expansions of the posts they wrote.
const (
	tweetFields = "created_at,author_id,lang,entities,public_metrics,referenced_tweets,conversation_id," +
		"in_reply_to_user_id,edit_history_tweet_ids,note_tweet,attachments"
	tweetExpansions = "author_id,referenced_tweets.id,referenced_tweets.id.author_id"
	userFields      = "created_at,public_metrics,verified,verified_type,profile_image_url,description"
)

// The same by the names that X's OpenAPI description (2.167) has for searches
// and look-ups, while X's other documents and the stream have those above.
const (
	postFields     = "created_at,lang,entities,public_metrics,conversation_id,note_post,attachments"
	postExpansions = "author_id,referenced_posts,in_reply_to_user_id,edit_history_post_ids"
)

func fields(newer bool) url.Values {
	if newer {
		return url.Values{"post.fields": {postFields}, "expansions": {postExpansions}, "user.fields": {userFields}}
	}
	return url.Values{"tweet.fields": {tweetFields}, "expansions": {tweetExpansions}, "user.fields": {userFields}}
}

// readPosts asks for posts by the names of fields that X took last. If it takes
// them no more, the others are tried, once.
func (c *Client) readPosts(ctx context.Context, path string, params url.Values, v any) (Page, error) {
	ask := func(newer bool) (Page, error) {
		q := fields(newer)
		maps.Copy(q, params)
		raw, err := c.call(ctx, http.MethodGet, path, q, nil, v)
		q.Del("next_token")
		return Page{Raw: raw, Asked: path + "?" + q.Encode()}, err
	}
	newer := c.newer.Load()
	page, err := ask(newer)
	if !refusesFields(err) {
		return page, err
	}
	if page, err = ask(!newer); err == nil {
		c.newer.Store(!newer)
	}
	return page, err
}
