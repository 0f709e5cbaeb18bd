package post_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

func TestTidy(t *testing.T) {
	p := sample(func(p *post.Post) {
		baku := time.FixedZone("Baku", 5*3600)
		p.PostedAt = noon.Add(123456789).In(baku)
		p.ObservedAt = noon.Add(time.Minute + 1).In(baku)
		p.EditedAt = noon.Add(-time.Hour)
		p.Account.CreatedAt = noon.Add(time.Hour)
		p.Account.Handle = "@Author"
		p.Lang = " pt_BR"
		p.Campaign = " games "
		p.Text = "kept \x00 as \xff it is"
		p.Tags = []post.Tag{{Key: "wrong", Posted: "Baku2015"}, {Key: "Bakı"}, {Posted: "#BAKU2015"}, {Posted: "2015"}}
		p.Links = []string{"http://www.a.example/?utm_source=b", "mailto:a@b.example", "https://a.example"}
		p.Mentions = []post.Mention{{Handle: "@a"}, {}, {AccountID: "7", Handle: "A"}, {AccountID: "7"}, {Handle: "b"}, {Handle: " @B"}}
		p.Images = []string{"cid:1", "", "cid:1"}
		p.ReplyTo = post.Ref{PostID: "9", Handle: "@target"}
	})
	p.Tidy()
	want := sample(func(p *post.Post) {
		p.PostedAt = noon.Add(123 * time.Millisecond)
		p.ObservedAt = noon.Add(time.Minute)
		p.Lang, p.Campaign = "pt-br", "games"
		p.Text = "kept \x00 as \xff it is"
		p.Tags = []post.Tag{{Key: "baku2015", Posted: "Baku2015"}, {Key: "baki", Posted: "Bakı"}}
		p.Links = []string{"https://a.example"}
		p.Mentions = []post.Mention{{AccountID: "7", Handle: "A"}, {Handle: "b"}}
		p.Images = []string{"cid:1"}
		p.ReplyTo = post.Ref{PostID: "9", Handle: "target"}
	})
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if p.PostedAt.Location() != time.UTC {
		t.Errorf("PostedAt is in %v", p.PostedAt.Location())
	}
}

func TestTidyDropsUnknownDates(t *testing.T) {
	p := sample(func(p *post.Post) { p.Account.CreatedAt = time.Unix(0, 0) })
	if p.Tidy(); !p.Account.CreatedAt.IsZero() {
		t.Errorf("the start of the Unix clock is kept as a date: %v", p.Account.CreatedAt)
	}
	p = sample(func(p *post.Post) { p.Account.CreatedAt = noon })
	if p.Tidy(); !p.Account.CreatedAt.Equal(noon) {
		t.Errorf("an account opened at the time of its post gets %v", p.Account.CreatedAt)
	}
}

func TestTidyBoundsLists(t *testing.T) {
	p := sample(func(p *post.Post) {
		for i := range 300 {
			s := string(rune('a'+i%26)) + strings.Repeat("x", i/26)
			p.Tags = append(p.Tags, post.Tag{Posted: s})
			p.Links = append(p.Links, "https://example.org/"+s)
			p.Mentions = append(p.Mentions, post.Mention{Handle: s}, post.Mention{AccountID: s})
			p.Images = append(p.Images, s)
		}
	})
	var invalid *post.Invalid
	if err := p.Check(); !errors.As(err, &invalid) || invalid.Reason != post.TooMany {
		t.Errorf("300 of everything: %v", err)
	}
	p.Tidy()
	if len(p.Tags) != 100 || len(p.Links) != 100 || len(p.Mentions) != 100 || len(p.Images) != 100 {
		t.Errorf("%d tags, %d links, %d mentions, %d images are left", len(p.Tags), len(p.Links), len(p.Mentions), len(p.Images))
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}

func TestTidyIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPost().Draw(t, "post")
		p.Tidy()
		once, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Tidy()
		twice, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(once), string(twice)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		reason post.Reason
		field  string
		edit   func(*post.Post)
	}{
		{"", "", func(*post.Post) {}},
		{"", "", func(p *post.Post) { p.Text = strings.Repeat("a", post.MaxText) }},
		{"", "", func(p *post.Post) { p.PostedAt = time.Date(2006, 3, 1, 0, 0, 0, 0, time.UTC) }},
		{post.BadPlatform, "platform", func(p *post.Post) { p.Platform = "" }},
		{post.BadPlatform, "platform", func(p *post.Post) { p.Platform = "gopher" }},
		{post.BadKind, "kind", func(p *post.Post) { p.Kind = "toast" }},
		{post.NoID, "id", func(p *post.Post) { p.ID = "" }},
		{post.NoAccount, "account.id", func(p *post.Post) { p.Account = post.Account{Handle: "a"} }},
		{post.BadTime, "posted_at", func(p *post.Post) { p.PostedAt = time.Time{} }},
		{post.BadTime, "posted_at", func(p *post.Post) { p.PostedAt = time.Unix(0, 0) }},
		{post.BadTime, "posted_at", func(p *post.Post) { p.PostedAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{post.BadTime, "observed_at", func(p *post.Post) { p.ObservedAt = time.Unix(1, 0) }},
		{post.BadTime, "edited_at", func(p *post.Post) { p.EditedAt = time.Unix(1, 0) }},
		{post.BadTime, "account.created_at", func(p *post.Post) { p.Account.CreatedAt = time.Unix(1, 0) }},
		{post.TextTooLong, "text", func(p *post.Post) { p.Text = strings.Repeat("a", post.MaxText+1) }},
		{post.FieldTooLong, "id", func(p *post.Post) { p.ID = strings.Repeat("a", 3000) }},
		{post.FieldTooLong, "account.handle", func(p *post.Post) { p.Account.Handle = strings.Repeat("a", 3000) }},
		{post.FieldTooLong, "tags", func(p *post.Post) { p.Tags = []post.Tag{{Key: strings.Repeat("a", 201)}} }},
		{post.FieldTooLong, "links", func(p *post.Post) { p.Links = []string{strings.Repeat("a", 3000)} }},
		{post.FieldTooLong, "shared", func(p *post.Post) { p.Shared = strings.Repeat("a", 5000) }},
		{post.TooMany, "images", func(p *post.Post) { p.Images = make([]string, 101) }},
		{post.BadTag, "tags", func(p *post.Post) { p.Tags = []post.Tag{{Posted: "a"}} }},
		{post.BadUTF8, "text", func(p *post.Post) { p.Text = "a\xffb" }},
		{post.BadUTF8, "mentions", func(p *post.Post) { p.Mentions = []post.Mention{{Handle: "\xff"}} }},
		{post.BadUTF8, "reply_to.handle", func(p *post.Post) { p.ReplyTo.Handle = "\xff" }},
		{post.NulByte, "text", func(p *post.Post) { p.Text = "a\x00b" }},
		{post.NulByte, "account.name", func(p *post.Post) { p.Account.Name = "\x00" }},
		{post.NulByte, "images", func(p *post.Post) { p.Images = []string{"\x00"} }},
		{post.NulByte, "campaign", func(p *post.Post) { p.Campaign = "a\x00" }},
	} {
		err := sample(tt.edit).Check()
		if tt.reason == "" {
			if err != nil {
				t.Errorf("a good post is rejected: %v", err)
			}
			continue
		}
		var invalid *post.Invalid
		if !errors.As(err, &invalid) || invalid.Reason != tt.reason || invalid.Field != tt.field {
			t.Errorf("Check() = %v, want %s in %s", err, tt.reason, tt.field)
		}
	}
}

// FuzzCheck: what Check accepts has no NUL byte in any string, is bounded, and
// survives JSON unchanged; Tidy makes nothing acceptable unacceptable.
func FuzzCheck(f *testing.F) {
	f.Add("1", "2", "text #a https://a.example", "#a", "https://a.example", "@b", int64(1434110400))
	f.Add("\x00", "\xff", "\xff", "", "", "", int64(-1))
	f.Fuzz(func(t *testing.T, id, account, text, tag, link, handle string, seconds int64) {
		p := post.Post{
			Platform: post.X, Kind: post.Original, ID: id, PostedAt: time.Unix(seconds, 0), Text: text,
			Account:  post.Account{ID: account, Handle: handle},
			Tags:     []post.Tag{{Key: tag, Posted: tag}},
			Links:    []string{link},
			Mentions: []post.Mention{{Handle: handle}, {AccountID: account}},
			Images:   []string{id},
		}
		accepted := p.Check() == nil
		p.Tidy()
		if p.Check() != nil {
			if accepted {
				t.Fatalf("not acceptable after Tidy: %v", p.Check())
			}
			return
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), `\u0000`) && !strings.Contains(string(b), `\\u0000`) || len(b) > 8*post.MaxText {
			t.Fatalf("accepted: %.300q", b)
		}
		var again post.Post
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	p := sample(func(p *post.Post) { p.Text, p.Tags = longText, post.NewTags("Baku2015") })
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
