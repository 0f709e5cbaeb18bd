package table

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// read decodes a table.
func read(t *testing.T, content string) ([]post.Post, []*wire.Reject) {
	t.Helper()
	header, _, _ := strings.Cut(content, "\n")
	tab, err := New([]byte(header), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := input.NewRows(&input.Text{Reader: strings.NewReader(content)}, tab.Delim())
	if err := rows.Header(); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(tab)
	var m wire.Message
	for {
		f, err := rows.Next()
		switch {
		case err == io.EOF:
			return m.Posts, m.Rejects
		case err != nil:
			t.Fatal(err)
		case f.Fault != nil:
			m.Reject(f.Fault)
		default:
			d.Decode(f.Raw, &m)
		}
	}
}

func TestRows(t *testing.T) {
	june := at("2015-06-12T18:00:05Z")
	base := post.Post{Platform: post.Archive, ID: "c", Kind: post.Original, Account: post.Account{ID: "a"}, PostedAt: june, ObservedAt: june}
	with := func(change func(p *post.Post)) post.Post {
		p := base
		change(&p)
		return p
	}
	const three = "content_id,account_id,timestamp_share"
	for _, c := range []struct {
		name, header, row string
		want              post.Post
		reject            string
	}{
		{"three columns", three, "c,a,1434132005", base, ""},
		{"a co-share", "object_id,account_id,content_id,timestamp_share", "o,a,c,1434132005", with(func(p *post.Post) { p.Shared = "o" }), ""},
		{"milliseconds", three, "c,a,1434132005000", base, ""},
		{"microseconds", three, "c,a,1434132005000000", base, ""},
		{"a float", three, "c,a,1434132005.0", base, ""},
		{"an exponent", three, "c,a,1.434132005e9", base, ""},
		{"RFC 3339", three, "c,a,2015-06-12T20:00:05+02:00", base, ""},
		{"a time as R writes it", three, "c,a,2015-06-12 18:00:05", base, ""},
		{"quoted, with another order and case", `"", Timestamp_Share ,"ACCOUNT_ID",content_id`, `"1","1434132005","a","c"`, base, ""},
		{"semicolons", "content_id;account_id;timestamp_share", "c;a;1434132005", base, ""},
		{"tabs", "content_id\taccount_id\ttimestamp_share", "c\ta\t1434132005", base, ""},
		{"text with everything", three + ",text", "c,a,1434132005,\"he said \"\"no, #Baku2015\"\"\r\nand left\"\r", with(func(p *post.Post) {
			p.Text = "he said \"no, #Baku2015\"\r\nand left"
			p.Tags = []post.Tag{{Key: "baku2015", Posted: "Baku2015"}}
		}), ""},
		{"a stray quote", three + ",text", `c,a,1434132005,5" nails`, with(func(p *post.Post) { p.Text = `5" nails` }), ""},
		{"hashtags rule over the text", three + ",text,hashtags", "c,a,1434132005,#one #two,  Baku2015 #x ", with(func(p *post.Post) {
			p.Text = "#one #two"
			p.Tags = []post.Tag{{Key: "baku2015", Posted: "Baku2015"}, {Key: "x", Posted: "x"}}
		}), ""},
		{"a repost", three + ",is_retweet,retweet_of,text", "c,a,1434132005,1,c0,RT @anna_example: words", with(func(p *post.Post) {
			p.Kind, p.Text = post.Repost, "words"
			p.RepostOf = post.Ref{PostID: "c0", Handle: "anna_example"}
		}), ""},
		{"a repost by its original alone", three + ",retweet_of", "c,a,1434132005,c0", with(func(p *post.Post) {
			p.Kind, p.RepostOf = post.Repost, post.Ref{PostID: "c0"}
		}), ""},
		{"a mark that is part of the text", three + ",is_retweet,text", "c,a,1434132005,FALSE,RT @anna_example: words", with(func(p *post.Post) {
			p.Text, p.Mentions = "RT @anna_example: words", []post.Mention{{Handle: "anna_example"}}
		}), ""},
		{"a column of mentions rules over the text", three + ",text,mentions", "c,a,1434132005,@anna,bea", with(func(p *post.Post) {
			p.Text, p.Mentions = "@anna", []post.Mention{{Handle: "bea"}}
		}), ""},
		{"a repost's mentions are its author's", three + ",retweet_of,text", "c,a,1434132005,c0,@anna", with(func(p *post.Post) {
			p.Kind, p.Text, p.RepostOf = post.Repost, "@anna", post.Ref{PostID: "c0"}
		}), ""},
		{"a reply", three + ",reply_to", "c,a,1434132005,c0", with(func(p *post.Post) { p.Kind, p.ReplyTo = post.Reply, post.Ref{PostID: "c0"} }), ""},
		{
			"all the rest", three + ",campaign,platform,handle,lang,followers,account_created_at,likes,reposts,replies,quotes,views,mentions,urls",
			"c,a,1434132005,Baku,Twitter,@Anna,AZ,12,2009-03-03,1,2.0,0,NA,,@bea did:plc:x https://m.example/@c,https://www.rights.example/r?utm_source=x t.co",
			with(func(p *post.Post) {
				p.Platform, p.Campaign, p.Lang = post.X, "Baku", "az"
				p.Account.Handle, p.Account.Followers, p.Account.CreatedAt = "Anna", post.KnownCount(12), at("2009-03-03T00:00:00Z")
				p.Engagement = post.Engagement{Likes: post.KnownCount(1), Reposts: post.KnownCount(2), Replies: post.KnownCount(0)}
				p.Mentions = []post.Mention{{AccountID: "did:plc:x"}, {AccountID: "https://m.example/@c"}, {Handle: "bea"}}
				p.Links = []string{"https://rights.example/r"}
			}), "",
		},
		{"NA is missing, but a text", three + ",reply_to,is_retweet,lang,text", "c,a,1434132005,NA,NA,NA,NA", with(func(p *post.Post) { p.Text = "NA" }), ""},

		{"no id", three, ",a,1434132005", post.Post{}, "no-id: id"},
		{"no account", three, "c,NA,1434132005", post.Post{}, "no-account: account.id"},
		{"no time", three, "c,a,", post.Post{}, "bad-time: posted_at"},
		{"not a time", three, "c,a,yesterday", post.Post{}, "bad-time: timestamp_share"},
		{"the year 9999", three, "c,a,9999-01-01T00:00:00Z", post.Post{}, "bad-time: posted_at"},
		{"before hashtags", three, "c,a,1", post.Post{}, "bad-time: posted_at"},
		{"a negative time", three, "c,a,-9223372036854775808", post.Post{}, "bad-time: posted_at"},
		{"negative followers", three + ",followers", "c,a,1434132005,-3", post.Post{}, "negative-count: followers"},
		{"half a like", three + ",likes", "c,a,1434132005,1.5", post.Post{}, "wrong-type: likes is no whole number"},
		{"neither true nor false", three + ",is_retweet", "c,a,1434132005,maybe", post.Post{}, "wrong-type: is_retweet is neither true nor false"},
		{"an unknown platform", three + ",platform", "c,a,1434132005,friendster", post.Post{}, "bad-platform: platform"},
		{"too few fields", three, "c,a", post.Post{}, "wrong-fields: 2 fields, the header has 3"},
		{"too many fields", three, "c,a,1434132005,x", post.Post{}, "wrong-fields: 4 fields, the header has 3"},
		{"text behind a quote", three, `"c"x,a,1434132005`, post.Post{}, "bad-quotes: text behind a closing quote; a quote within a field is written twice"},
		{"a NUL byte", three, "c\x00,a,1434132005", post.Post{}, "nul-byte: id"},
		{"bad UTF-8", three + ",text", "c,a,1434132005,\xe4", post.Post{}, "bad-utf8: text"},
	} {
		// A good row around each side shows that the next one is not spoilt.
		good := strings.NewReplacer("content_id", "g", "account_id", "g", "timestamp_share", "1434132005")
		sep := string(rune(delimiter([]byte(c.header))))
		var names []string
		for _, h := range strings.Split(c.header, sep) {
			h = strings.ToLower(strings.Trim(h, `" `))
			if v := good.Replace(h); v != h {
				names = append(names, v)
			} else {
				names = append(names, "")
			}
		}
		around := strings.Join(names, sep)
		posts, rejects := read(t, c.header+"\n"+around+"\n"+c.row+"\n"+around+"\n")
		if c.reject != "" {
			if len(posts) != 2 || len(rejects) != 1 || rejects[0].Error() != c.reject {
				t.Errorf("%s: %d posts, rejected %v; want 2 and %q", c.name, len(posts), rejects, c.reject)
			}
			continue
		}
		if len(posts) != 3 {
			t.Errorf("%s: %d posts, rejected %v; want 3", c.name, len(posts), rejects)
			continue
		}
		if diff := cmp.Diff(c.want, posts[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestColumnNames(t *testing.T) {
	names := ColumnNames()
	if len(names) != int(columnCount) || strings.Join(names[:required], " ") != "content_id account_id timestamp_share" {
		t.Errorf("got %v", names)
	}
	for i, n := range names {
		if n == "" {
			t.Errorf("column %d has no name", i)
		}
	}
}
