package profile

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

var options = wire.Options()

// view is app.bsky.actor.defs#profileViewDetailed, what of it is used.
type view struct {
	DID         string `json:"did"`
	Handle      string `json:"handle"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	Avatar      string `json:"avatar"`
	Followers   *int64 `json:"followersCount"`
	Follows     *int64 `json:"followsCount"`
	Posts       *int64 `json:"postsCount"`
	CreatedAt   string `json:"createdAt"`
}

// Bounds of what a profile may say of itself, in bytes.
const (
	maxHandle = 253 // a host name
	maxName   = 640
)

// noHandle stands for a handle that does not lead back to the account.
const noHandle = "handle.invalid"

// account is what is remembered of one.
type account struct {
	handle, name                string
	followers, following, posts post.Count
	created                     time.Time
	bare                        bool // neither picture nor description
	seen                        time.Time
	absent                      bool // not shown when last asked
}

func (v *view) account() account {
	a := account{bare: v.Avatar == "" && v.Description == ""}
	if v.Handle != noHandle && len(v.Handle) <= maxHandle {
		a.handle = v.Handle
	}
	if len(v.DisplayName) <= maxName {
		a.name = strings.TrimSpace(v.DisplayName)
	}
	for _, c := range []struct {
		from *int64
		to   *post.Count
	}{{v.Followers, &a.followers}, {v.Follows, &a.following}, {v.Posts, &a.posts}} {
		if c.from != nil {
			*c.to = post.KnownCount(*c.from)
		}
	}
	if at, err := time.Parse(time.RFC3339, v.CreatedAt); err == nil {
		a.created = at
	}
	return a
}

func (a *account) stale(now time.Time, keep time.Duration) bool {
	if a.absent {
		keep = min(keep, absentKeep)
	}
	return now.Sub(a.seen) >= keep
}

// fill gives a post what is known of its author, and brings it into canonical
// form again, which drops what cannot be: a date after the post.
func (a *account) fill(p *post.Post) {
	to := &p.Account
	if a.handle != "" {
		to.Handle = a.handle
	}
	if a.name != "" {
		to.Name = a.name
	}
	for _, c := range []struct {
		from post.Count
		to   *post.Count
	}{{a.followers, &to.Followers}, {a.following, &to.Following}, {a.posts, &to.Posts}} {
		if c.from != 0 {
			*c.to = c.from
		}
	}
	if !a.created.IsZero() {
		to.CreatedAt = a.created
	}
	to.DefaultProfile = to.DefaultProfile || a.bare && a.handle != ""
	p.Tidy()
}

func asURLError(err error) (*url.Error, bool) { return errors.AsType[*url.Error](err) }
