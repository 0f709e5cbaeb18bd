package post_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

var noon = time.Date(2015, 6, 12, 12, 0, 0, 0, time.UTC)

const longText = "nobody talks about those who are not there"

func sample(edit func(*post.Post)) *post.Post {
	p := &post.Post{
		Platform: post.X, ID: "100", Kind: post.Original, PostedAt: noon,
		Account: post.Account{ID: "1", Handle: "Author"},
	}
	edit(p)
	return p
}

func TestAppendActions(t *testing.T) {
	hash, ok := fold.TextHash(longText)
	if !ok {
		t.Fatal("the sample text is too short")
	}
	for _, tt := range []struct {
		name string
		edit func(*post.Post)
		want []string
	}{
		{"nothing shared", func(p *post.Post) { p.Text = "good morning"; p.Tags = post.NewTags("Baku2015") }, nil},
		{"original", func(p *post.Post) {
			p.Text = longText
			p.Tags = post.NewTags("Baku2015", "Azadlıq", "BAKU2015")
			p.Links = []string{"https://b.example", "https://a.example", "https://b.example"}
			p.Images = []string{"media_key:3_1", "media_key:3_1"}
			p.Mentions = []post.Mention{{AccountID: "7", Handle: "Target"}, {Handle: "Other"}, {Handle: "@OTHER"}, {Handle: "target"}}
			p.Shared = "object 1"
		}, []string{
			"link https://b.example", "link https://a.example", "text " + hash, "tags azadliq baku2015", "image media_key:3_1",
			"mention 7", "mention other", "shared object 1",
		}},
		{"reply", func(p *post.Post) {
			p.Kind, p.ReplyTo = post.Reply, post.Ref{PostID: "50", AccountID: "7", Handle: "target"}
			p.Mentions = []post.Mention{{Handle: "Target"}, {AccountID: "8"}}
		}, []string{"reply 50", "mention 7", "mention 8"}},
		{"reply to a handle that a mention has the id of", func(p *post.Post) {
			p.Kind, p.ReplyTo = post.Reply, post.Ref{Handle: "target"}
			p.Mentions = []post.Mention{{AccountID: "7", Handle: "Target"}}
		}, []string{"mention 7"}},
		{"thread", func(p *post.Post) {
			p.Kind, p.ReplyTo = post.Reply, post.Ref{PostID: "50", AccountID: "1"}
			p.Mentions = []post.Mention{{Handle: "author"}, {AccountID: "1"}}
		}, []string{"reply 50"}},
		{"quote in a reply", func(p *post.Post) {
			p.Kind, p.Text = post.Quote, longText
			p.QuoteOf = post.Ref{PostID: "60", AccountID: "9"}
			p.ReplyTo = post.Ref{PostID: "50", AccountID: "7"}
		}, []string{"repost 60", "text " + hash, "reply 50", "mention 7"}},
		{"repost", func(p *post.Post) {
			p.Kind, p.Text, p.RepostOf = post.Repost, longText, post.Ref{PostID: "60", AccountID: "9"}
			p.Tags = post.NewTags("a", "b")
			p.Links, p.Images = []string{"https://a.example"}, []string{"cid:1"}
			p.Mentions, p.Shared = []post.Mention{{AccountID: "9"}}, "60"
		}, []string{"repost 60", "shared 60"}},
		{"repost of an unknown post", func(p *post.Post) { p.Kind, p.Text = post.Repost, "RT @a: "+longText }, []string{"repost text:" + hash}},
		{"repost of nothing", func(p *post.Post) { p.Kind, p.Text = post.Repost, "so good" }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := sample(tt.edit)
			before := []post.Action{{Account: "x/0", PostID: "0", Object: post.Object{Kind: post.ObjectShared, ID: p.Shared}}}
			got := p.AppendActions(before)
			if diff := cmp.Diff(before, got[:1]); diff != "" {
				t.Errorf("what was there before changed: %s", diff)
			}
			var objects []string
			for _, a := range got[1:] {
				if a.Account != "x/1" || a.PostID != "100" || !a.At.Equal(noon) {
					t.Errorf("action %+v is not that of the post", a)
				}
				objects = append(objects, fmt.Sprint(a.Object.Kind, " ", a.Object.ID))
			}
			if diff := cmp.Diff(tt.want, objects); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTagSetIsBounded(t *testing.T) {
	p := sample(func(p *post.Post) {
		for i := range 100 {
			p.Tags = append(p.Tags, post.NewTags(fmt.Sprintf("tag%03d", 99-i))...)
		}
	})
	got := p.AppendActions(nil)
	if len(got) != 1 || strings.Count(got[0].Object.ID, " ") != 31 || !strings.HasPrefix(got[0].Object.ID, "tag000 tag001 ") {
		t.Errorf("100 tags give %v", got)
	}
}

// genPost draws posts of few distinct parts, so that duplicates are common.
func genPost() *rapid.Generator[post.Post] {
	return rapid.Custom(func(t *rapid.T) post.Post {
		word := rapid.SampledFrom([]string{"", "1", "2", "a", "A", "@a", "ə", " b "})
		ref := rapid.Custom(func(t *rapid.T) post.Ref {
			return post.Ref{PostID: word.Draw(t, "post"), AccountID: word.Draw(t, "account"), Handle: word.Draw(t, "handle")}
		})
		link := rapid.SampledFrom([]string{"", "https://a.example", "http://www.a.example/", "https://b.example?utm_source=1", "mailto:a@b.example"})
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			if rapid.Bool().Draw(t, "zero") {
				return time.Time{}
			}
			return time.Unix(0, rapid.Int64Range(1.1e18, 4.2e18).Draw(t, "ns")).In(time.FixedZone("Baku", 4*3600))
		})
		return post.Post{
			Platform: rapid.SampledFrom([]post.Platform{post.X, post.Mastodon, post.Bluesky, post.Archive}).Draw(t, "platform"),
			ID:       word.Draw(t, "id"),
			Kind:     rapid.SampledFrom([]post.Kind{post.Original, post.Reply, post.Quote, post.Repost}).Draw(t, "kind"),
			Account:  post.Account{ID: word.Draw(t, "account"), Handle: word.Draw(t, "handle"), CreatedAt: moment.Draw(t, "created")},
			PostedAt: moment.Draw(t, "posted"), ObservedAt: moment.Draw(t, "observed"), EditedAt: moment.Draw(t, "edited"),
			Lang: rapid.SampledFrom([]string{"", "az", "pt_BR", "und", " EN"}).Draw(t, "lang"),
			Text: rapid.SampledFrom([]string{"", "good morning", longText, "RT @a: " + longText}).Draw(t, "text"),
			Tags: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) post.Tag {
				return post.Tag{Key: word.Draw(t, "key"), Posted: word.Draw(t, "posted")}
			}), 0, 5).Draw(t, "tags"),
			Links: rapid.SliceOfN(link, 0, 5).Draw(t, "links"),
			Mentions: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) post.Mention {
				return post.Mention{AccountID: word.Draw(t, "account"), Handle: word.Draw(t, "handle")}
			}), 0, 5).Draw(t, "mentions"),
			Images:   rapid.SliceOfN(word, 0, 5).Draw(t, "images"),
			ReplyTo:  ref.Draw(t, "reply"),
			RepostOf: ref.Draw(t, "repost"),
			QuoteOf:  ref.Draw(t, "quote"),
			Shared:   word.Draw(t, "shared"),
			Campaign: word.Draw(t, "campaign"),
		}
	})
}

func TestActionsAreDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPost().Draw(t, "post")
		if rapid.Bool().Draw(t, "tidy") {
			p.Tidy()
		}
		actions := p.AppendActions(nil)
		seen := map[post.Object]bool{}
		for _, a := range actions {
			if seen[a.Object] || a.Object.ID == "" {
				t.Fatalf("%+v twice or empty", a.Object)
			}
			seen[a.Object] = true
			if p.Kind == post.Repost && a.Object.Kind != post.ObjectRepost && a.Object.Kind != post.ObjectShared {
				t.Fatalf("a repost yields %+v", a.Object)
			}
		}
		if diff := cmp.Diff(actions, p.AppendActions(nil)); diff != "" {
			t.Fatalf("not the same twice: %s", diff)
		}
	})
}

func BenchmarkAppendActions(b *testing.B) {
	p := sample(func(p *post.Post) {
		p.Text = "Azərbaycan xalqı bu gün öz tarixini yazır, bütün dünya bizi izləyir! #Baku2015 #Azadlıq https://t.co/AbC123"
		p.Tags = post.NewTags("Baku2015", "Azadlıq")
		p.Links = []string{"https://example.org/a"}
		p.Mentions = []post.Mention{{AccountID: "7", Handle: "target"}}
	})
	b.ReportAllocs()
	var dst []post.Action
	for b.Loop() {
		dst = p.AppendActions(dst[:0])
	}
}
