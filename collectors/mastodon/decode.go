package mastodon

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/mattn/go-mastodon"

	"winnow/collectors/wire"
)

// options steps over what nobody reads here: servers other than Mastodon are
// free with these, and an odd poll must not cost a post. Dates may be without
// a time, as Mastodon writes some of them.
var options = wire.Options(
	wire.Skip[*mastodon.Card](),
	wire.Skip[*mastodon.Poll](),
	wire.Skip[*mastodon.AccountSource](),
	wire.Skip[mastodon.Application](),
	wire.Skip[mastodon.ScheduledParams](),
	wire.Skip[[]mastodon.FilterResult](),
	wire.Skip[[]mastodon.Emoji](),
	wire.Skip[[]mastodon.Field](),
	wire.Skip[[]mastodon.FollowedTag](),
	wire.Skip[[]mastodon.History](),
	wire.Skip[mastodon.AttachmentMeta](),
	json.UnmarshalFromFunc(decodeTime),
)

func decodeTime(dec *jsontext.Decoder, t *time.Time) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch s := string(v); {
	case s == "null", s == `""`:
		*t = time.Time{}
		return nil
	case len(s) == len(`"2006-01-02"`):
		*t, err = time.Parse(`"2006-01-02"`, s)
		return err
	default:
		*t, err = time.Parse(`"`+time.RFC3339+`"`, s)
		return err
	}
}

// figured is a status with its figures as they were sent or not.
type figured struct {
	Status
	Account struct {
		mastodon.Account
		Followers *int64 `json:"followers_count"`
		Following *int64 `json:"following_count"`
		Posts     *int64 `json:"statuses_count"`
	} `json:"account"`
	Likes   *int64 `json:"favourites_count"`
	Reposts *int64 `json:"reblogs_count"`
	Replies *int64 `json:"replies_count"`
}

// Unmarshal reads one status. The error is a *wire.Reject.
func Unmarshal(raw []byte, st *Status) error {
	var f figured
	if err := wire.Unmarshal(raw, &f, options); err != nil {
		return err
	}
	*st = f.Status
	st.Account = f.Account.Account
	for _, n := range [...]struct {
		sent   *int64
		to     *int64
		absent *bool
	}{
		{f.Account.Followers, &st.Account.FollowersCount, &st.Absent.Followers},
		{f.Account.Following, &st.Account.FollowingCount, &st.Absent.Following},
		{f.Account.Posts, &st.Account.StatusesCount, &st.Absent.Posts},
		{f.Likes, &st.FavouritesCount, &st.Absent.Likes},
		{f.Reposts, &st.ReblogsCount, &st.Absent.Reposts},
		{f.Replies, &st.RepliesCount, &st.Absent.Replies},
	} {
		if n.sent == nil {
			*n.absent = true
		} else {
			*n.to = *n.sent
		}
	}
	return nil
}

// Decode reads one status into m. The server that gave it is guessed from the
// status itself. What was not posted to everyone is ignored.
func Decode(raw []byte, m *wire.Message) {
	var st Status
	if err := Unmarshal(raw, &st); err != nil {
		m.Reject(err)
		return
	}
	if st.ID == "" && st.URI == "" && st.Account.ID == "" {
		m.Reject(wire.Rejectf(wire.UnknownShape, "no Mastodon status"))
		return
	}
	n := len(m.Posts)
	Add(&st, "", time.Time{}, m)
	m.Received(n, raw)
}

// Add appends a status to m unless it was not posted to everyone. The post
// carries what the status does of how it came. The rest is as with FromStatus.
func Add(st *Status, host string, observed time.Time, m *wire.Message) {
	switch st.Visibility {
	case "private", "direct", "limited", "mutuals_only", "local":
		m.Ignore("not public")
		return
	}
	n := len(m.Posts)
	m.Add(FromStatus(st, host, observed))
	if st.Query != "" && len(m.Posts) > n {
		m.Posts[n].Received(st.Raw, st.Query)
	}
}
