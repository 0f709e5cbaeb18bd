package campaign_test

import (
	"testing"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestParseProtected(t *testing.T) {
	for text, want := range map[string]campaign.Protected{
		"x:@anna":                      {Platform: post.X, Account: "@anna"},
		"mastodon: @anna@a.example":    {Platform: post.Mastodon, Account: "@anna@a.example"},
		"@anna":                        {Account: "@anna"},
		"did:plc:abc":                  {Account: "did:plc:abc"},
		"bluesky:did:plc:abc":          {Platform: post.Bluesky, Account: "did:plc:abc"},
		"https://a.example/users/anna": {Account: "https://a.example/users/anna"},
		"":                             {},
	} {
		got, ok := campaign.ParseProtected(text)
		if !ok || got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
		if again, ok := campaign.ParseProtected(got.String()); !ok || again != got {
			t.Errorf("%q prints as %q, which is %+v", text, got, again)
		}
	}
	if got, ok := campaign.ParseProtected("tiktok:@anna"); ok {
		t.Errorf("an unknown platform gives %+v", got)
	}
}
