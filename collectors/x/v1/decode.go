package v1

import (
	"strconv"
	"time"

	"github.com/dghubble/go-twitter/twitter"
	"github.com/go-json-experiment/json"

	"winnow/collectors/wire"
	"winnow/collectors/x"
	"winnow/pipeline/post"
)

// options steps over the parts of a status that nobody reads here: they are
// half of its bytes, and a place drawn wrongly must not cost a post.
var options = wire.Options(
	wire.Skip[*twitter.Place](),
	wire.Skip[*twitter.Coordinates](),
	wire.Skip[*twitter.UserEntities](),
	wire.Skip[*twitter.TweetIdentifier](),
	wire.Skip[twitter.MediaSizes](),
	wire.Skip[twitter.VideoInfo](),
	wire.Skip[twitter.Indices](),
	wire.Skip[[]twitter.SymbolEntity](),
	wire.Skip[[]twitter.PollEntity](),
	wire.Skip[map[string]any](),
)

// message is a line of a v1.1 stream: a status, or a notice in an envelope.
type message struct {
	twitter.Tweet

	// The figures again, since go-twitter cannot tell a missing one from zero.
	User    *user `json:"user"`
	Likes   *int  `json:"favorite_count"`
	Reposts *int  `json:"retweet_count"`
	Replies *int  `json:"reply_count"`
	Quotes  *int  `json:"quote_count"`

	Delete *struct {
		Status *struct {
			ID    int64  `json:"id"`
			IDStr string `json:"id_str"`
		} `json:"status"`
		TimestampMS string `json:"timestamp_ms"`
	} `json:"delete"`
	ScrubGeo       *notice `json:"scrub_geo"`
	Limit          *notice `json:"limit"`
	Warning        *notice `json:"warning"`
	Disconnect     *notice `json:"disconnect"`
	StatusWithheld *notice `json:"status_withheld"`
	UserWithheld   *notice `json:"user_withheld"`
	Friends        *notice `json:"friends"`
	Event          *notice `json:"event"`
}

// user is an account with its figures as they were sent or not.
type user struct {
	twitter.User
	Followers *int `json:"followers_count"`
	Following *int `json:"friends_count"`
	Posts     *int `json:"statuses_count"`
}

// notice is a message whose content does not matter here.
type notice struct{}

// UnmarshalJSON takes any value.
func (*notice) UnmarshalJSON([]byte) error { return nil }

// Decode reads one v1.1 message into m: a status, a deletion, or a notice of
// the stream, which is ignored.
func Decode(raw []byte, m *wire.Message) {
	var line message
	if err := wire.Unmarshal(raw, &line, options); err != nil {
		m.Reject(err)
		return
	}
	if kind := line.notice(); kind != "" {
		m.Ignore(kind)
		return
	}
	if line.Delete != nil {
		line.deletion(m)
		return
	}
	if line.ID == 0 && line.IDStr == "" && line.User == nil {
		m.Reject(wire.Rejectf(wire.UnknownShape, "neither a v1.1 status nor a notice"))
		return
	}
	n := len(m.Posts)
	m.Add(line.post())
	m.Received(n, raw)
}

// post is FromTweet with every figure either as sent or unknown.
func (l *message) post() (post.Post, error) {
	if u := l.User; u != nil {
		l.Tweet.User = &u.User
	}
	p, err := FromTweet(&l.Tweet, time.Time{})
	if err != nil {
		return p, err
	}
	var counts wire.Counts
	if u := l.User; u != nil {
		p.Account.Followers = sent(&counts, "user.followers_count", u.Followers)
		p.Account.Following = sent(&counts, "user.friends_count", u.Following)
		p.Account.Posts = sent(&counts, "user.statuses_count", u.Posts)
	}
	if p.Kind != post.Repost {
		p.Engagement = post.Engagement{
			Likes:   sent(&counts, "favorite_count", l.Likes),
			Reposts: sent(&counts, "retweet_count", l.Reposts),
			Replies: sent(&counts, "reply_count", l.Replies),
			Quotes:  sent(&counts, "quote_count", l.Quotes),
		}
	}
	return p, counts.Err()
}

func sent(c *wire.Counts, name string, n *int) post.Count {
	if n == nil {
		return 0
	}
	return c.Known(name, int64(*n))
}

func (l *message) deletion(m *wire.Message) {
	s := l.Delete.Status
	if s == nil || idOf(s.IDStr, s.ID) == "" {
		m.Reject(wire.Rejectf(post.NoID, "delete.status.id"))
		return
	}
	d := post.Deletion{Platform: post.X, NativeID: idOf(s.IDStr, s.ID)}
	ms, err := strconv.ParseInt(l.Delete.TimestampMS, 10, 64)
	switch {
	case err == nil && ms > 0:
		d.At = time.UnixMilli(ms).UTC()
	case l.Delete.TimestampMS != "":
		m.Reject(wire.Rejectf(post.BadTime, "delete.timestamp_ms"))
		return
	default:
		// Old streams give no time. The post's own is the earliest it can be.
		d.At, _ = x.IDTime(d.NativeID)
	}
	m.Delete(d)
}

func (l *message) notice() string {
	switch {
	case l.Limit != nil:
		return "limit"
	case l.Warning != nil:
		return "warning"
	case l.Disconnect != nil:
		return "disconnect"
	case l.ScrubGeo != nil:
		return "scrub_geo"
	case l.StatusWithheld != nil:
		return "status_withheld"
	case l.UserWithheld != nil:
		return "user_withheld"
	case l.Friends != nil:
		return "friends"
	case l.Event != nil:
		return "event"
	}
	return ""
}

var _ json.Unmarshaler = (*notice)(nil)
