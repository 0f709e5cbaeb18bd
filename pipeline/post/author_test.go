package post

import (
	"strings"
	"testing"
)

func TestAuthorOf(t *testing.T) {
	for _, tt := range []struct {
		platform            Platform
		id, account, handle string
	}{
		{Bluesky, "at://did:plc:abc/app.bsky.feed.post/3l", "did:plc:abc", ""},
		{Bluesky, "did:plc:abc", "", ""},
		{Mastodon, "https://one.example/users/Anna/statuses/1", "https://one.example/@Anna", "anna@one.example"},
		{Mastodon, "https://one.example/users/Anna/statuses/1/activity", "https://one.example/@Anna", "anna@one.example"},
		{Mastodon, "https://one.example/@Anna/1", "https://one.example/@Anna", "anna@one.example"},
		{Mastodon, "https://one.example/notes/1", "", ""},
		{X, "12345", "", ""},
		{Archive, "https://one.example/users/anna/statuses/1", "", ""},
		{Mastodon, "", "", ""},
	} {
		account, handle := AuthorOf(tt.platform, tt.id)
		if account != tt.account || handle != tt.handle {
			t.Errorf("%s %q is by %q, %q; want %q, %q", tt.platform, tt.id, account, handle, tt.account, tt.handle)
		}
	}
}

// Each prefix begins the ids that tell the same author, and no others.
func TestPrefixes(t *testing.T) {
	for _, tt := range []struct {
		platform        Platform
		account, handle string
		ids             []string
	}{
		{Bluesky, "did:plc:abc", "", []string{"at://did:plc:abc/app.bsky.feed.post/3l"}},
		{Mastodon, "https://one.example/@anna", "", []string{"https://one.example/users/anna/statuses/1", "https://one.example/@anna/1"}},
		{Mastodon, "", "anna@one.example", []string{"https://one.example/users/anna/statuses/1"}},
	} {
		all := Prefixes(tt.platform, tt.account, tt.handle)
		for _, id := range tt.ids {
			n := 0
			for _, p := range all {
				if strings.HasPrefix(id, p) {
					n++
				}
				if strings.HasPrefix(strings.Replace(id, "abc/", "abcd/", 1), p) && tt.platform == Bluesky {
					t.Errorf("%q begins another account's", p)
				}
			}
			if n != 1 {
				t.Errorf("%d of %q begin %q", n, all, id)
			}
		}
	}
	for _, none := range [][]string{Prefixes(X, "1", "a"), Prefixes(Bluesky, "", "a"), Prefixes(Mastodon, "https://one.example/anna", ""), Prefixes(Mastodon, "", "anna")} {
		if len(none) > 0 {
			t.Errorf("%q", none)
		}
	}
}
