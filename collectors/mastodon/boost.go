package mastodon

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// Boost turns an account that was found to have boosted a status, as servers
// list it under the status, into a Repost. Servers tell neither id nor time of
// such a boost. So its identity is made of the status and the account, which
// is the same on every server:
//
//	https://far.example/users/anna/statuses/9#boosted-by=https://near.example/@bea
//
// and its time is when it was found, with slack for how long before that it may
// have been. account is the account's JSON. The error is a *wire.Reject or a
// *post.Invalid.
func Boost(of *Status, account []byte, host string, found time.Time, slack time.Duration) (post.Post, error) {
	raw, err := json.Marshal(map[string]jsontext.Value{"account": account}, wire.Options())
	if err != nil {
		return post.Post{}, wire.Rejectf(wire.NotJSON, "account")
	}
	var st Status
	if err := Unmarshal(raw, &st); err != nil {
		return post.Post{}, err
	}
	by := accountID(&st.Account)
	if of.URI == "" || by == "" || st.Account.ID == "" {
		return post.Post{}, wire.Rejectf(wire.UnknownShape, "no boost")
	}
	st.ID = of.ID + boostMark + st.Account.ID
	st.URI = of.URI + boostMark + by
	st.URL = of.URL
	st.CreatedAt = found
	st.Reblog = &of.Status
	p, err := FromStatus(&st, host, found)
	if err != nil {
		return post.Post{}, err
	}
	p.TimeSlack = uint32(min(max(slack, 0)/time.Second, 1<<31)) //nolint:gosec // bounded
	p.Tidy()
	return p, p.Check()
}

const boostMark = "#boosted-by="

// BoostLocalID is the NativeID of the boost of a status by an account, both by
// their ids on one server.
func BoostLocalID(host, id, account string) string { return localID(host, id+boostMark+account) }
