package storage_test

import (
	"testing"

	"winnow/pipeline/post"
)

// Addresses and tags that follow from the rest are not stored, and come back as
// they were told.
func TestAddressesAndTagsComeBackAsTold(t *testing.T) {
	s, conn := open(t)
	const did = "at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed."
	for _, c := range []struct {
		name, id, handle, url string
		platform              post.Platform
		tags                  []post.Tag
		stored                string
	}{
		{name: "x", platform: post.X, id: "1500000000000000000", handle: "anna", url: "https://x.com/anna/status/1500000000000000000"},
		{name: "x, no handle", platform: post.X, id: "1500000000000000001", url: "https://x.com/i/status/1500000000000000001"},
		{name: "x, old address", platform: post.X, id: "1500000000000000002", handle: "anna", url: "https://twitter.com/anna/status/1500000000000000002", stored: "https://twitter.com/anna/status/1500000000000000002"},
		{name: "x, not told", platform: post.X, id: "1500000000000000003", handle: "anna", stored: "-"},
		{name: "bluesky", platform: post.Bluesky, id: did + "post/3kaaaaaaaaaaa", url: "https://bsky.app/profile/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/post/3kaaaaaaaaaaa"},
		{name: "bluesky, a repost has none", platform: post.Bluesky, id: did + "repost/3kaaaaaaaaaab"},
		{name: "bluesky, not told", platform: post.Bluesky, id: did + "post/3kaaaaaaaaaac", stored: "-"},
		{name: "mastodon", platform: post.Mastodon, id: "https://a.example/users/anna/statuses/110000000000000001", url: "https://a.example/@anna/110000000000000001"},
		{name: "mastodon, another software", platform: post.Mastodon, id: "https://a.example/notes/9x", url: "https://a.example/notes/9x", stored: "https://a.example/notes/9x"},
		{name: "mastodon, an activity", platform: post.Mastodon, id: "https://a.example/users/anna/statuses/110000000000000002/activity"},
		{name: "archive", platform: post.Archive, id: "17", url: "https://x.com/anna/status/17", stored: "https://x.com/anna/status/17"},
		{name: "tags as their keys", platform: post.X, id: "1500000000000000004", stored: "-", tags: []post.Tag{{Key: "baku", Posted: "baku"}, {Key: "b", Posted: "b"}}},
		{name: "tags in capitals", platform: post.X, id: "1500000000000000005", stored: "-", tags: []post.Tag{{Key: "baku", Posted: "baku"}, {Key: "b", Posted: "B"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := somePost(1, 1, 0)
			p.Platform, p.ID, p.Account.Handle, p.URL, p.Tags = c.platform, c.id, c.handle, c.url, c.tags
			write(t, s, rowsOf("c", p))
			told := func(column string) string {
				return "SELECT " + column + " FROM posts WHERE post_id = '" + c.id + "'"
			}
			if got := ask[string](t, conn, told("url")); got != c.url {
				t.Errorf("the address comes back as %q, was told as %q", got, c.url)
			}
			if got := ask[string](t, conn, told("address")); got != c.stored {
				t.Errorf("%q is stored for the address, want %q", got, c.stored)
			}
			got := ask[[]string](t, conn, told("tags_posted"))
			if len(got) != len(c.tags) {
				t.Fatalf("tags %q, want %v", got, c.tags)
			}
			for i := range got {
				if got[i] != c.tags[i].Posted {
					t.Errorf("tag %q was posted as %q", got[i], c.tags[i].Posted)
				}
			}
		})
	}
}
