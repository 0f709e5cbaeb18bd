package post

import "testing"

func TestPage(t *testing.T) {
	for _, test := range []struct {
		platform         Platform
		id, handle, want string
	}{
		{X, "1500000000000000000", "anna", "https://x.com/anna/status/1500000000000000000"},
		{X, "1500000000000000000", "", "https://x.com/i/status/1500000000000000000"},
		{X, "", "anna", ""},
		{Bluesky, "at://did:plc:a/app.bsky.feed.post/3k", "", "https://bsky.app/profile/did:plc:a/post/3k"},
		{Bluesky, "at://did:plc:a/app.bsky.feed.repost/3k", "", ""},
		{Mastodon, "https://a.example/users/anna/statuses/1", "", "https://a.example/@anna/1"},
		{Mastodon, "https://a.example/users/anna/statuses/1/activity", "", ""},
		{Mastodon, "https://a.example/notes/9x", "", ""},
		{Archive, "17", "anna", ""},
	} {
		p := Post{Platform: test.platform, ID: test.id, Account: Account{Handle: test.handle}}
		if got := p.Page(); got != test.want {
			t.Errorf("the page of %s %q is %q, want %q", test.platform, test.id, got, test.want)
		}
	}
}
