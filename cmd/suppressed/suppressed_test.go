package suppressed

import (
	"crypto/hmac"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

type testKey string

func (k testKey) Hash(parts ...string) [32]byte {
	mac := hmac.New(sha256.New, []byte(k))
	_, _ = mac.Write([]byte(strings.Join(parts, "\x00")))
	return [32]byte(mac.Sum(nil))
}

func load(t testing.TB, dir string) *List {
	t.Helper()
	l, err := Load(dir, func() (Hasher, error) { return testKey("secret"), nil })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func add(t testing.TB, l *List, platform post.Platform, id string, handles ...string) {
	t.Helper()
	if err := l.Add(platform, id, handles); err != nil {
		t.Fatal(err)
	}
}

// The list outlives a start, tells no name, and is closed to others.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	l := load(t, dir)
	add(t, l, post.X, "12345", "Some_Body")
	add(t, l, post.X, "12345", "@some_body", "other_name")
	if l.Len() != 3 || load(t, dir).Len() != 3 {
		t.Errorf("%d names, %d after reading them again; want 3", l.Len(), load(t, dir).Len())
	}
	path := filepath.Join(dir, fileName)
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(strings.ToLower(string(text)), "some") || strings.Contains(string(text), "12345") {
		t.Errorf("the file: %v\n%s", err, text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v, %v", info, err)
	}
	if was, err := l.Remove(post.Mastodon, "12345", nil); err != nil || was {
		t.Errorf("another platform's account was on it: %v, %v", was, err)
	}
	if was, err := l.Remove(post.X, "12345", []string{"some_body", "OTHER_name"}); err != nil || !was || l.Len() != 0 {
		t.Errorf("taken off: %v, %v, %d left", was, err, l.Len())
	}
	if load(t, dir).Len() != 0 {
		t.Error("it came back")
	}
	for _, bad := range []string{"zz\n", "00", strings.Repeat("0", 32), strings.Repeat("0", 34) + "\n"} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir, nil); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestClean(t *testing.T) {
	l := load(t, t.TempDir())
	add(t, l, post.X, "12345", "some_body")
	add(t, l, post.Mastodon, "https://one.example/@anna", "anna@one.example")
	add(t, l, post.Bluesky, "did:plc:abc", "bob.example")
	x := func(p post.Post) post.Post {
		p.Platform, p.ID = post.X, "1"
		if p.Account.ID == "" {
			p.Account = post.Account{ID: "7", Handle: "seven"}
		}
		return p
	}
	of := func(platform post.Platform, p post.Post) post.Post { p = x(p); p.Platform = platform; return p }
	for name, c := range map[string]struct{ in, want post.Post }{
		"nothing": {x(post.Post{Text: "@some_bodyguard /some_body2 some_body a@b"}), x(post.Post{Text: "@some_bodyguard /some_body2 some_body a@b"})},
		"spelt out": {
			x(post.Post{Text: "@Some_Body: no, @SOME_BODY. https://x.com/some_body/status/1"}),
			x(post.Post{Text: "@…: no, @…. https://x.com/…/status/1"}),
		},
		"mentioned": {
			x(post.Post{Mentions: []post.Mention{{AccountID: "12345", Handle: "new_name"}, {Handle: "Some_Body"}, {AccountID: "9", Handle: "nine"}}}),
			x(post.Post{Mentions: []post.Mention{{AccountID: "9", Handle: "nine"}}}),
		},
		"their old handle is another's": {
			x(post.Post{Mentions: []post.Mention{{AccountID: "777", Handle: "some_body"}}}),
			x(post.Post{Mentions: []post.Mention{{AccountID: "777", Handle: "some_body"}}}),
		},
		"answered and quoted": {
			x(post.Post{Kind: post.Quote, Text: "why", ReplyTo: post.Ref{PostID: "3", AccountID: "12345", Handle: "some_body"}, QuoteOf: post.Ref{PostID: "4", Handle: "SOME_body"}}),
			x(post.Post{Kind: post.Quote, Text: "why"}),
		},
		"passed on": {
			x(post.Post{Kind: post.Repost, Text: "theirs", Links: []string{"https://a.example/"}, Images: []string{"cid:1"}, Tags: post.NewTags("BAKU"), RepostOf: post.Ref{PostID: "3", AccountID: "12345"}}),
			x(post.Post{Kind: post.Repost, Tags: []post.Tag{{Key: "baku", Posted: "baku"}}}),
		},
		"linked": {
			x(post.Post{Links: []string{"https://x.com/some_body", "https://a.example/"}}),
			x(post.Post{Links: []string{"https://a.example/"}}),
		},
		"another platform": {of(post.Archive, post.Post{Text: "@some_body"}), of(post.Archive, post.Post{Text: "@some_body"})},
		"a host": {
			of(post.Mastodon, post.Post{Text: "@anna@one.example, @anna@two.example and @anna https://one.example/@anna/1"}),
			of(post.Mastodon, post.Post{Text: "@…, @anna@two.example and @anna https://one.example/@…/1"}),
		},
		"without the host, where she is meant": {
			of(post.Mastodon, post.Post{Text: "@anna hello", Mentions: []post.Mention{{AccountID: "https://one.example/@anna", Handle: "anna@one.example"}}}),
			of(post.Mastodon, post.Post{Text: "@… hello", Mentions: []post.Mention{}}),
		},
		"told by the id": {
			of(post.Bluesky, post.Post{Kind: post.Reply, ReplyTo: post.Ref{PostID: "at://did:plc:abc/app.bsky.feed.post/1"}, Text: "(did:plc:abc) @bob.example."}),
			of(post.Bluesky, post.Post{Kind: post.Reply, Text: "(…) @…."}),
		},
	} {
		b := feed.Batch{Posts: []post.Post{c.in}}
		l.Clean(&b)
		if len(b.Posts) != 1 {
			t.Errorf("%s: it is gone", name)
			continue
		}
		if diff := cmp.Diff(c.want, b.Posts[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	b := feed.Batch{
		Posts: []post.Post{
			{Platform: post.X, Account: post.Account{ID: "12345"}},
			{Platform: post.X, Account: post.Account{ID: "777", Handle: "some_body"}}, // the handle passed to another
			{Platform: post.Mastodon, Account: post.Account{ID: "https://one.example/@anna"}},
		},
		Deletions: []post.Deletion{{Platform: post.Bluesky, NativeID: "at://did:plc:abc/app.bsky.feed.post/1"}, {Platform: post.X, NativeID: "5"}},
	}
	l.Clean(&b)
	if len(b.Posts) != 1 || b.Posts[0].Account.ID != "777" || len(b.Deletions) != 1 {
		t.Errorf("left: %+v", b)
	}
}

// What a source sent cannot be changed, so it is not kept where it names somebody who is
// on the list, wherever that is in it.
func TestCleanKeepsNoEvidenceThatNames(t *testing.T) {
	l := load(t, t.TempDir())
	add(t, l, post.X, "12345", "some_body")
	add(t, l, post.Mastodon, "https://one.example/@anna", "anna@one.example")
	add(t, l, post.Bluesky, "did:plc:abc", "bob.example")
	for raw, kept := range map[string]bool{
		`x {"author_id":"7","text":"hello"}`:                                       true,
		`x {"author_id":"7","entities":{"mentions":[{"id":"12345"}]}}`:             false,
		`x {"includes":{"users":[{"username":"Some_Body"}]}}`:                      false,
		`x {"id":"123456","username":"some_body2"}`:                                true,
		`mastodon {"account":{"acct":"anna@one.example"}}`:                         false,
		`mastodon {"url":"https://one.example/@anna/1"}`:                           false,
		`mastodon {"acct":"anna@two.example","url":"https://two.example/@anna/1"}`: true,
		`bluesky {"facets":[{"did":"did:plc:abc"}]}`:                               false,
		`bluesky {"text":"(@bob.example)."}`:                                       false,
		`bluesky {"text":"bob.example.org"}`:                                       true,
	} {
		platform, text, _ := strings.Cut(raw, " ")
		p := post.Post{Platform: post.Platform(platform), ID: "1", Account: post.Account{ID: "7"}}
		p.Received([]byte(text), "a rule")
		b := feed.Batch{Posts: []post.Post{p}}
		l.Clean(&b)
		if got := b.Posts[0]; (got.Raw != nil) != kept || (got.Query != "") != kept {
			t.Errorf("%s: kept %v, want %v", raw, got.Raw != nil, kept)
		}
	}
}

// While nobody is on the list a batch costs nothing, and the key is not asked for.
func TestEmptyListDoesNothing(t *testing.T) {
	l, err := Load(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := feed.Batch{Posts: []post.Post{{Platform: post.X, Text: "@some_body", Account: post.Account{ID: "1"}}}}
	if n := testing.AllocsPerRun(100, func() { l.Clean(&b) }); n != 0 || b.Posts[0].Text != "@some_body" {
		t.Errorf("%v allocations, %q", n, b.Posts[0].Text)
	}
}

// Whatever the text, a name behind an @ is gone afterwards, and what stands elsewhere is
// as it was.
func FuzzSpelt(f *testing.F) {
	l := load(f, f.TempDir())
	add(f, l, post.X, "12345", "some_body")
	n := l.now.Load()
	f.Add("hello ", " there")
	f.Add("@", "@some_body")
	f.Add("https://x.com/", "/some_body")
	f.Fuzz(func(t *testing.T, before, after string) {
		if after != "" && (wordByte(after[0]) || after[0] >= 0x80) || strings.Contains(strings.ToLower(before+after), "some_body") {
			return
		}
		got, hit := n.spelt(post.X, before+"@some_body"+after, nil)
		if !hit || got != before+"@…"+after {
			t.Errorf("%q became %q", before+"@some_body"+after, got)
		}
	})
}
