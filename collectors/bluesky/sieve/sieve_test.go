package sieve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/track"
	"winnow/collectors/wire"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

func followed(t testing.TB) *track.Set {
	t.Helper()
	s, err := track.New(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// commit returns a frame with a record, on the new wire or on the old one.
func commit(modern bool, did, operation, collection, rkey, record string) []byte {
	if record != "" {
		record = `"record":` + record + ","
	}
	if modern {
		return fmt.Appendf(nil, `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","cid":"bafy","collection":%q,"did":%q,"operation":%q,%s"rev":"3k","rkey":%q,"seq":95,"time":"2026-06-12T18:00:05.000682Z"}}`,
			collection, did, operation, record, rkey)
	}
	return fmt.Appendf(nil, `{"did":%q,"time_us":1781287205000682,"cursor":95,"kind":"commit","commit":{"rev":"3k","operation":%q,"collection":%q,"rkey":%q,%s"cid":"bafy"}}`,
		did, operation, collection, rkey, record)
}

func TestPass(t *testing.T) {
	s := New([]campaign.Campaign{{
		Name:  "c",
		Tags:  []string{"#Baku2015", "Bakı-Azad", "азербайджан", "Ｆｕｌｌ"},
		Terms: []string{"political prisoners", "azərbaycan xalqı", "政治犯"},
		Protected: []campaign.Protected{
			{Account: "did:plc:anna"},
			{Account: "did:plc:mastodon", Platform: post.Mastodon},
		},
		Declared: []campaign.Declared{{Tags: []string{"dayofaction"}}},
	}}, []string{"did:plc:resolved"})
	set := followed(t)
	set.Add(&post.Post{ID: "at://did:plc:known/app.bsky.feed.post/3known", Kind: post.Original})

	text := func(s string) string {
		raw, err := json.Marshal(map[string]string{"text": s})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	const feed, repost = bluesky.CollectionPost, bluesky.CollectionRepost
	subject := func(uri string) string { return `{"subject":{"cid":"bafy","uri":"` + uri + `"}}` }
	for _, c := range []struct {
		name, did, operation, collection, record string
		want                                     bool
	}{
		{"nothing of it", "did:plc:x", "create", feed, text("good morning"), false},
		{"tag", "did:plc:x", "create", feed, text("look #bAkU2015!"), true},
		{"tag of an action", "did:plc:x", "create", feed, text("#DayOfAction"), true},
		{"term over two lines", "did:plc:x", "create", feed, text("POLITICAL\nprisoners"), true},
		{"half a tag", "did:plc:x", "create", feed, text("#baku201"), false},
		{"full-width", "did:plc:x", "create", feed, text("＃ｂａｋｕ"), true},
		{"Japanese", "did:plc:x", "create", feed, text("今日はいい天気ですね！☀️"), true}, // as 政治犯 is Han
		{"kana alone", "did:plc:x", "create", feed, text("ありがとう！"), false},
		{"Han", "did:plc:x", "create", feed, text("政治犯"), true},
		{"Cyrillic", "did:plc:x", "create", feed, text("доброе утро"), true},
		{"Greek", "did:plc:x", "create", feed, text("καλημέρα"), false},
		{"emoji", "did:plc:x", "create", feed, text("good morning 👩‍👩‍👧‍👦 ❤️ 🇩🇪"), false},
		{"joiner between letters", "did:plc:x", "create", feed, text("ba\u200dku"), true},
		{"dotless i", "did:plc:x", "create", feed, text("günaydın"), true},
		{"escaped", "did:plc:x", "create", feed, `{"text":"b\u0061ku"}`, true},
		{"escaped by habit", "did:plc:x", "create", feed, `{"text":"this \u0026 \u003cthat\u003E"}`, false},
		{"mention", "did:plc:x", "create", feed, `{"text":"@a","facets":[{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:anna"}]}]}`, true},
		{"reply", "did:plc:x", "create", feed, `{"text":"no","reply":{"parent":{"uri":"at://did:plc:resolved/app.bsky.feed.post/1"}}}`, true},
		{"other platform's", "did:plc:x", "create", feed, `{"text":"no","reply":{"parent":{"uri":"at://did:plc:mastodon/app.bsky.feed.post/1"}}}`, false},
		{"protected author", "did:plc:anna", "create", feed, text("good morning"), true},
		{"author with capitals", "did:web:Anna.example", "create", feed, text("good morning"), true},
		{"like", "did:plc:anna", "create", "app.bsky.feed.like", subject("at://did:plc:known/app.bsky.feed.post/3known"), false},
		{"repost", "did:plc:x", "create", repost, subject("at://did:plc:known/app.bsky.feed.post/3known"), true},
		{"repost of another", "did:plc:x", "create", repost, subject("at://did:plc:known/app.bsky.feed.post/3other"), false},
		{"repost of a protected account's", "did:plc:x", "create", repost, subject("at://did:plc:anna/app.bsky.feed.post/1"), true},
		{"odd repost", "did:plc:x", "create", repost, `{"subject":["at://"]}`, true},
		{"repost without a subject", "did:plc:x", "create", repost, `{}`, true},
		{"delete", "did:plc:known", "delete", feed, "", true},
		{"delete of another's", "did:plc:other", "delete", feed, "", false},
		{"update of a known one", "did:plc:known", "update", feed, text("nothing"), true},
		{"update of another", "did:plc:x", "update", feed, text("nothing"), false},
		{"update to a tag", "did:plc:x", "update", feed, text("#baku2015"), true},
		{"unknown operation", "did:plc:x", "merge", feed, text("nothing"), true},
	} {
		for _, modern := range []bool{false, true} {
			raw := commit(modern, c.did, c.operation, c.collection, "3known", c.record)
			var h Head
			if !Scan(raw, &h) {
				t.Errorf("%s: not scanned: %s", c.name, raw)
				continue
			}
			if got := s.Pass(&h, set); got != c.want {
				t.Errorf("%s (new wire: %v): passed %v, want %v", c.name, modern, got, c.want)
			}
		}
	}
	for _, c := range []struct {
		raw  string
		want bool
	}{
		{`{"did":"did:plc:known","time_us":1,"kind":"account","account":{"active":false}}`, true},
		{`{"did":"did:plc:x","time_us":1,"kind":"account","account":{"active":false}}`, false},
		{`{"did":"did:plc:known","time_us":1,"kind":"identity"}`, false},
	} {
		var h Head
		if !Scan([]byte(c.raw), &h) || s.Pass(&h, set) != c.want {
			t.Errorf("%s: want %v", c.raw, c.want)
		}
	}
}

func TestScanRefuses(t *testing.T) {
	for _, raw := range []string{
		``, `{}`, `[]`, `null`, `{"kind":"commit"`, `{"kind":"commit"}}`, `{"kind":"commit","kind":"commit"}`,
		`{"k\u0069nd":"commit"}`, `{"kind":null}`, `{"kind":"commit","time_us":"1"}`, `{"kind":"commit","time_us":1.5}`,
		`{"kind":"commit","time_us":1e3}`, `{"kind":"commit","time_us":9999999999999999999}`, `{"kind":"commit","time_us":01}`,
		`{"kind":"commit","commit":{"rkey":"a","rkey":"b"}}`, `{"kind":"commit","commit":[]}`, `{"kind":"commit",}`,
		`{"$type":"error","error":"ConsumerTooSlow"}`, `{"$type":"message","payload":null}`,
		`{"kind":"commit","payload":{"$type":"x#commit","time":"2026-06-12T18:00:05Z"}}`,
		`{"payload":{"$type":"x#commit","time":"2026-02-30T18:00:05.000000Z"}}`, `{"payload":{"$type":"x#commit"}}`,
		`{"payload":{"$type":"x#info","time":"2026-06-12T18:00:05Z","name":"OutdatedCursor"}}`, `{"kind":"commit","x":"a}`,
	} {
		var h Head
		if Scan([]byte(raw), &h) {
			t.Errorf("%s was taken for a plain frame: %+v", raw, h)
		}
	}
}

// TestScripts holds the table of scripts against folding itself, of which it
// knows only the outside: each character of a script stays one of that script
// between ASCII letters, and what breaks leaves none that could be of a word.
func TestScripts(t *testing.T) {
	known := 0
	for r := rune(0x80); r <= utf8.MaxRune; r++ {
		s := script(r)
		if s == 0 || !utf8.ValidRune(r) {
			continue
		}
		known++
		for _, tail := range []string{"", "\uFE0F", "\u200D\uFE0F"} {
			in := "x" + string(r) + tail + "y"
			for _, out := range []string{fold.Text(in), fold.TagKey(in)} {
				kept := false
				for _, f := range strings.TrimSuffix(strings.TrimPrefix(out, "x"), "y") {
					kept = true
					if f != ' ' && (f < 0x80 || script(f) != s) {
						t.Fatalf("%U folds to %q, which is of another script", r, out)
					}
				}
				if out != "" && !kept {
					t.Fatalf("%U vanishes: %q", r, out)
				}
			}
		}
	}
	if known < 30_000 {
		t.Fatalf("only %d characters are of a script", known)
	}
}

// spellings of watched words, as keyboards, decorations and hostile people
// write them.
var spellings = []string{
	"baku2015", "BAKU2015", "Bakı2015", "ＢＡＫＵ２０１５", "ba\u200dku2015", "bak\u0131\u0307", "K\u0307", "ſunset", "SunSet", "ﬁlm", "film",
	"азербайджан", "Азербайджан", "باكو", "با\u200cكو", "باــكو", "政治犯", "ガンバレ", "カ\u3099ンバレ", "ｶﾞﾝﾊﾞﾚ", "café", "cafe\u0301", "CAFÉ",
	"political prisoners", "political, PRISONERS", "political\nprisoners", "şəhid", "ŞƏHİD", "has-dash", "c++", "한국", "x·y", "❤", "ß", "ss",
	"did:plc:anna", "anna.example", "Ωmega", "ωmega", "𝐛𝐚𝐤𝐮2015", "ⓑaku", "\u212Aiev", "kiev", "…", "free_speech", "free speech",
}

// escape writes s as a JSON string, some characters of it as escapes.
func escape(t *rapid.T, s string) string {
	how := rapid.IntRange(0, 3).Draw(t, "escaping")
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '/' && how == 1:
			b.WriteString(`\/`)
		case r < ' ', how == 2 && r >= 0x80, how == 3 && i%3 == 0:
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, u)
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// TestNothingLost: of any post on either wire that a campaign matches, the sieve
// lets the frame through.
func TestNothingLost(t *testing.T) {
	matched := 0
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(
			rapid.SampledFrom(spellings), rapid.SampledFrom(spellings),
			rapid.SampledFrom([]string{" ", "#", "＃", "\n", "❤️", "!", "\u200d", "\uFE0F", "\u0301", "\"", "\\", "/", "@", "https://a.example/", "-", "_"}),
			rapid.StringN(0, 6, -1))
		words := rapid.SliceOfN(rapid.SampledFrom(spellings), 1, 3)
		c := campaign.Campaign{Name: "c"}
		watched := words.Draw(t, "watched")
		piece = rapid.OneOf(piece, rapid.SampledFrom(watched)) // so that many match
		for _, w := range watched {
			switch rapid.IntRange(0, 2).Draw(t, "as") {
			case 0:
				if fold.TagKey(w) != "" {
					c.Tags = append(c.Tags, w)
				}
			case 1:
				if fold.Text(w) != "" {
					c.Terms = append(c.Terms, w)
				}
			default:
				c.Protected = append(c.Protected, campaign.Protected{Account: w})
			}
		}
		m, err := campaign.NewMatcher([]campaign.Campaign{c})
		if err != nil {
			return // nothing to watch
		}
		text := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "text"), "")
		tag := rapid.OneOf(rapid.SampledFrom(spellings), rapid.Just("")).Draw(t, "tag")
		did := rapid.SampledFrom([]string{"did:plc:anna", "did:plc:x", "DID:plc:ANNA", "@did:plc:anna", "anna.example"}).Draw(t, "did")
		record := `{"text":` + escape(t, text) + `,"tags":[` + escape(t, tag) + `],"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":` +
			escape(t, tag) + `},{"$type":"app.bsky.richtext.facet#mention","did":` + escape(t, rapid.SampledFrom(spellings).Draw(t, "mention")) + `}]}],"reply":{"parent":{"uri":` +
			escape(t, "at://"+rapid.SampledFrom(spellings).Draw(t, "parent")+"/app.bsky.feed.post/1") + `}}}`
		collection := bluesky.CollectionPost
		if rapid.IntRange(0, 9).Draw(t, "repost") == 0 {
			collection = bluesky.CollectionRepost
			record = `{"subject":{"uri":` + escape(t, "at://"+rapid.SampledFrom(spellings).Draw(t, "of")+"/app.bsky.feed.post/1") + `}}`
		}
		raw := commit(rapid.Bool().Draw(t, "new wire"), did, "create", collection, "3k", record)
		if !matches(raw, m) {
			return
		}
		matched++
		var h Head
		set, err := track.New(1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if Scan(raw, &h) && !New([]campaign.Campaign{c}, nil).Pass(&h, set) {
			t.Fatalf("held back though it matches: %s", raw)
		}
	})
	if matched == 0 {
		t.Error("no post matched: nothing was tested")
	}
}

func matches(raw []byte, m *campaign.Matcher) bool {
	var msg wire.Message
	bluesky.Decode(raw, &msg)
	for i := range msg.Posts {
		if len(m.Match(nil, &msg.Posts[i])) > 0 {
			return true
		}
	}
	return false
}

// FuzzPass: a post with any text and any tag that a campaign for any tag or
// term matches is let through.
func FuzzPass(f *testing.F) {
	for i, s := range spellings {
		f.Add(s, "so #"+spellings[(i+1)%len(spellings)]+" "+s+"!", s, i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, watched, text, tag string, modern bool) {
		c := campaign.Campaign{Name: "c", Protected: []campaign.Protected{{Account: "did:plc:nobody"}}}
		if fold.TagKey(watched) != "" {
			c.Tags = []string{watched}
		}
		if fold.Text(watched) != "" {
			c.Terms = []string{watched}
		}
		m, err := campaign.NewMatcher([]campaign.Campaign{c})
		if err != nil {
			return
		}
		record, err := json.Marshal(map[string]any{"text": text, "tags": []string{tag}})
		if err != nil {
			return
		}
		raw := commit(modern, "did:plc:x", "create", bluesky.CollectionPost, "3k", string(record))
		var h Head
		if matches(raw, m) && Scan(raw, &h) && !New([]campaign.Campaign{c}, nil).Pass(&h, followed(t)) {
			t.Fatalf("%q held back though it matches %q", record, watched)
		}
	})
}

// FuzzScan: where a frame is scanned and can be decoded, both say the same; and
// whatever the bytes, nothing panics.
func FuzzScan(f *testing.F) {
	for _, modern := range []bool{false, true} {
		f.Add(commit(modern, "did:plc:x", "create", bluesky.CollectionPost, "3k", `{"text":"a \"b\" \\ {[","tags":["c"]}`))
		f.Add(commit(modern, "did:plc:x", "delete", bluesky.CollectionRepost, "3k", ""))
	}
	f.Add([]byte(`{"did":"did:plc:x","time_us":1,"kind":"account","account":{"active":false,"status":"deleted"}}`))
	f.Add([]byte(`{"$type":"message","payload":{"$type":"n#account","account":{"active":true},"did":"did:plc:x","seq":7,"time":"2026-06-12T18:00:05+02:00"}}`))
	s := New([]campaign.Campaign{{Tags: []string{"baku2015"}}}, nil)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var h Head
		if !Scan(raw, &h) {
			return
		}
		s.Pass(&h, followed(t))
		var e bluesky.Event
		if bluesky.Unmarshal(raw, &e) != nil {
			return
		}
		type head struct {
			Kind, DID, Operation, Collection, RKey, Rev, Record string
			Seq, TimeUS                                         int64
		}
		want := head{
			e.Kind, e.DID, e.Commit.Operation, e.Commit.Collection, e.Commit.RKey, e.Commit.Rev,
			strings.TrimSpace(string(e.Commit.Record)), e.Cursor, e.TimeUS,
		}
		got := head{
			string(h.Kind), string(h.DID), string(h.Operation), string(h.Collection), string(h.RKey), string(h.Rev),
			strings.TrimSpace(string(h.Record)), h.Seq, h.TimeUS,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: decoded and scanned heads differ (-decoded +scanned):\n%s", raw, diff)
		}
	})
}

// A protected account is compared as it is named, also with characters that nothing
// folds to: a post that answers it is let through.
func TestAccountOfAnyCharacters(t *testing.T) {
	for _, name := range []string{"با\u200cكو", "\u200c", "x·y", "❤"} {
		c := campaign.Campaign{Name: "c", Protected: []campaign.Protected{{Account: name}}}
		raw := commit(false, "did:plc:x", "create", bluesky.CollectionPost, "3k", `{"text":"","reply":{"parent":{"uri":"at://`+name+`/app.bsky.feed.post/1"}}}`)
		m, err := campaign.NewMatcher([]campaign.Campaign{c})
		if err != nil {
			t.Fatal(err)
		}
		if !matches(raw, m) {
			t.Fatalf("%q: the post does not match, so nothing is tested", name)
		}
		var h Head
		set, err := track.New(1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if Scan(raw, &h) && !New([]campaign.Campaign{c}, nil).Pass(&h, set) {
			t.Errorf("%q: a post that answers it is held back", name)
		}
	}
}
