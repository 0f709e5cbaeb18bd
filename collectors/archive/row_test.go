package archive

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
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
		{"a mark that is part of the text", three + ",is_retweet,text", "c,a,1434132005,FALSE,RT @anna_example: words", with(func(p *post.Post) { p.Text = "RT @anna_example: words" }), ""},
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
		log, rep, err := replayed(t, "a.csv", []byte(c.header+"\n"+around+"\n"+c.row+"\n"+around+"\n"), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.reject != "" {
			if rep.Posts != 2 || rep.RejectedTotal() != 1 {
				t.Errorf("%s: %d posts, rejected %v; want 2 and one", c.name, rep.Posts, rep.Rejected)
				continue
			}
			l := rejectsIn(t, rep.RejectFile)[0]
			if got := string(l.Reason) + ": " + l.Detail; got != c.reject {
				t.Errorf("%s: %q, want %q", c.name, got, c.reject)
			}
			continue
		}
		if rep.Posts != 3 {
			t.Errorf("%s: %d posts, rejected %v; want 3", c.name, rep.Posts, rep.Rejected)
			continue
		}
		if diff := cmp.Diff(c.want, log.posts()[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestOpenQuote: a quote that never closes costs its own line and no other,
// near the end of the file and far from it.
func TestOpenQuote(t *testing.T) {
	const header = "content_id,account_id,timestamp_share,text\n"
	row := "c,a,1434132005,words\n"
	for _, n := range []int{1, maxRow/len(row) + 1000} {
		content := header + row + "c,a,1434132005,\"he said\n" + strings.Repeat(row, n)
		_, rep, err := replayed(t, "a.csv", []byte(content), Options{})
		if err != nil || rep.Posts != int64(n+1) || rep.Rejected["open-quote"] != 1 || rep.RejectedTotal() != 1 {
			t.Errorf("%d rows after it: %d posts, rejected %v, %v", n, rep.Posts, rep.Rejected, err)
			continue
		}
		if l := rejectsIn(t, rep.RejectFile)[0]; l.Line != 3 || l.Raw != "c,a,1434132005,\"he said" {
			t.Errorf("%d rows after it: the reject is line %d: %s", n, l.Line, l.Raw)
		}
	}
}

// TestSameID: a content_id that comes again is the same post; both rows are
// handed on, and the store keeps one.
func TestSameID(t *testing.T) {
	log, rep, err := replayed(t, "a.csv", []byte("object_id,account_id,content_id,timestamp_share\no1,a,c,1434132005\no2,a,c,1434132005\n"), Options{})
	if err != nil || rep.Posts != 2 || log.posts()[0].ID != log.posts()[1].ID {
		t.Errorf("%d posts, %v", rep.Posts, err)
	}
}

func TestColumns(t *testing.T) {
	const content = "tweet,user,when,body\nc,a,1434132005,#Baku2015\n"
	mapped := map[string]string{"content_id": "tweet", "account_id": "USER", "timestamp_share": "when", "text": "body"}
	log, _, err := replayed(t, "a.csv", []byte(content), Options{Columns: mapped})
	if err != nil || len(log.posts()) != 1 || len(log.posts()[0].Tags) != 1 {
		t.Errorf("mapped: %+v, %v", log.posts(), err)
	}
	for _, c := range []struct {
		name    string
		columns map[string]string
		format  Format
		want    ColumnsError
	}{
		{"none is ours", nil, "", ColumnsError{Missing: []string{"content_id", "account_id", "timestamp_share"}}},
		{"named as CSV", nil, CSV, ColumnsError{Missing: []string{"content_id", "account_id", "timestamp_share"}}},
		{"one is mapped", map[string]string{"content_id": "tweet"}, "", ColumnsError{Missing: []string{"account_id", "timestamp_share"}}},
		{"mapped to nothing", map[string]string{"content_id": "tweet", "account_id": "user", "timestamp_share": "when", "text": "txt"}, "", ColumnsError{NotInFile: []string{"text=txt"}}},
		{"not ours", map[string]string{"content_id": "tweet", "account_id": "user", "timestamp_share": "when", "txt": "body"}, "", ColumnsError{Unknown: []string{"txt"}}},
	} {
		log, _, err := replayed(t, "a.csv", []byte(content), Options{Columns: c.columns, Format: c.format})
		var got *ColumnsError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want a *ColumnsError", c.name, err)
			continue
		}
		c.want.Header = []string{"tweet", "user", "when", "body"}
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if !strings.Contains(err.Error(), "--columns") || !strings.Contains(err.Error(), `"tweet", "user", "when", "body"`) {
			t.Errorf("%s: the error says neither what to do nor what is there: %v", c.name, err)
		}
		if len(log.batches) > 0 {
			t.Errorf("%s: something was published", c.name)
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
