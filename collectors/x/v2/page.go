package v2

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Page is a v2 response: one post from the filtered stream, a page of many as
// twarc2 stores it, or errors alone.
type Page struct {
	Data     Tweets   `json:"data"`
	Includes Includes `json:"includes"`
	// Errors come alone when the stream ends, or beside the data when
	// something that a post refers to is gone.
	Errors []Problem `json:"errors"`
	Rules  []Rule    `json:"matching_rules"`
	Twarc  struct {
		// RetrievedAt is when twarc2 received the response, RFC 3339.
		RetrievedAt string `json:"retrieved_at"`
	} `json:"__twarc"`
	// Meta is there on pages of a search, on empty ones alone.
	Meta *Meta `json:"meta"`

	// elements are the bytes of each of Data, if they are evidence.
	elements []jsontext.Value
}

// Problem is an error as X reports it.
type Problem struct {
	Title          string `json:"title"`
	Type           string `json:"type"`
	Detail         string `json:"detail"`
	DisconnectType string `json:"disconnect_type"`
	// ConnectionIssue is set when X refused to connect.
	ConnectionIssue string `json:"connection_issue"`
}

// Rule is the rule of the filtered stream that a post matched. Its id is a
// number in some recordings and is left alone.
type Rule struct {
	Tag string `json:"tag"`
}

// Meta describes a page of a search.
type Meta struct {
	ResultCount int64 `json:"result_count"`
}

// Includes are the things that the posts of a page refer to.
type Includes struct {
	Users  []User  `json:"users"`
	Tweets []Tweet `json:"tweets"`
	// Posts are what newer endpoints call Tweets.
	Posts []Tweet `json:"posts"`
}

// Tweets is one post or a list: the stream sends one, a search a list.
type Tweets []Tweet

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (t *Tweets) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '{' {
		return json.UnmarshalDecode(dec, (*[]Tweet)(t))
	}
	*t = append((*t)[:0], Tweet{})
	return json.UnmarshalDecode(dec, &(*t)[0])
}

// Tweet is a v2 post, with the fields that matter here.
type Tweet struct {
	ID        string `json:"id"`
	AuthorID  string `json:"author_id"`
	CreatedAt string `json:"created_at"`
	Lang      string `json:"lang"`
	Text      string `json:"text"`
	// EditHistory lists the ids of all versions, the first one first.
	EditHistory     []string    `json:"edit_history_tweet_ids"`
	InReplyToUserID string      `json:"in_reply_to_user_id"`
	Referenced      []Reference `json:"referenced_tweets"`
	Entities        *Entities   `json:"entities"`
	// Note is the whole of a long post, of which Text is the beginning.
	Note *Note `json:"note_tweet"`
	// Newer are three fields again, by the names that X's OpenAPI
	// description gives them for searches and look-ups (version 2.167), where
	// the stream keeps the older ones.
	Newer
	Metrics struct {
		Retweets    *int64 `json:"retweet_count"`
		Reposts     *int64 `json:"repost_count"` // the newer name
		Replies     *int64 `json:"reply_count"`
		Likes       *int64 `json:"like_count"`
		Quotes      *int64 `json:"quote_count"`
		Impressions *int64 `json:"impression_count"`
	} `json:"public_metrics"`
	Attachments struct {
		MediaKeys []string `json:"media_keys"`
	} `json:"attachments"`
	// Author is the account itself where "twarc2 flatten" put it.
	Author *User `json:"author"`
}

// Newer are fields of a post by their newer names.
type Newer struct {
	EditHistory []string    `json:"edit_history_post_ids"`
	Referenced  []Reference `json:"referenced_posts"`
	Note        *Note       `json:"note_post"`
}

// Note is the whole of a long post.
type Note struct {
	Text     string    `json:"text"`
	Entities *Entities `json:"entities"`
}

// older puts what came by its newer name where the older one is.
func (t *Tweet) older() {
	if len(t.EditHistory) == 0 {
		t.EditHistory = t.Newer.EditHistory
	}
	if len(t.Referenced) == 0 {
		t.Referenced = t.Newer.Referenced
	}
	if t.Note == nil {
		t.Note = t.Newer.Note
	}
	for i := range t.Referenced {
		t.Referenced[i].Tweet.older()
	}
}

// Reference points at another post; "twarc2 flatten" puts the post itself here.
type Reference struct {
	// Type is "retweeted", "quoted" or "replied_to".
	Type string `json:"type"`
	Tweet
}

// Entities are what X found in a text.
type Entities struct {
	Hashtags []struct {
		Tag string `json:"tag"`
	} `json:"hashtags"`
	URLs []struct {
		URL      string `json:"url"`
		Expanded string `json:"expanded_url"`
		// Unwound is where the link led when X followed it.
		Unwound  string `json:"unwound_url"`
		MediaKey string `json:"media_key"`
	} `json:"urls"`
	Mentions []struct {
		ID       string `json:"id"`
		Username string `json:"username"`
	} `json:"mentions"`
}

// User is a v2 account.
type User struct {
	ID          string  `json:"id"`
	Username    string  `json:"username"`
	Name        string  `json:"name"`
	CreatedAt   string  `json:"created_at"`
	Picture     string  `json:"profile_image_url"`
	Description *string `json:"description"`
	Metrics     struct {
		Followers *int64 `json:"followers_count"`
		Following *int64 `json:"following_count"`
		Tweets    *int64 `json:"tweet_count"`
		Posts     *int64 `json:"post_count"` // the newer name
	} `json:"public_metrics"`
}
