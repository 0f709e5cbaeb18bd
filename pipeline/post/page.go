package post

import "strings"

// Page is where the post's platform usually shows it to people, as far as that
// follows from its identity and handle; "" if it does not. What a platform told is
// in URL, and is another address now and then.
func (p *Post) Page() string {
	part := strings.Split(p.ID, "/")
	switch {
	case p.Platform == X && p.ID != "":
		handle := p.Account.Handle
		if handle == "" {
			handle = "i"
		}
		return "https://x.com/" + handle + "/status/" + p.ID
	case p.Platform == Bluesky && len(part) == 5 && part[0] == "at:" && part[3] == "app.bsky.feed.post":
		return "https://bsky.app/profile/" + part[2] + "/post/" + part[4]
	case p.Platform == Mastodon && len(part) == 7 && part[0] == "https:" && part[3] == "users" && part[5] == "statuses":
		return "https://" + part[2] + "/@" + part[4] + "/" + part[6]
	}
	return ""
}
