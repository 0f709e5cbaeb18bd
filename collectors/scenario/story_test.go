package scenario

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors/scenario/words"
	"winnow/pipeline/post"
	"winnow/pipeline/post/link"
)

func TestSizeAndShares(t *testing.T) {
	for seed := range uint64(3) {
		s := New(Config{Seed: seed})
		kinds, plats, langs := map[post.Kind]int{}, map[post.Platform]int{}, map[string]int{}
		perAccount := map[string]int{}
		unknown, n := 0, 0
		for p := range s.Posts() {
			n++
			kinds[p.Kind]++
			plats[p.Platform]++
			langs[p.Lang]++
			perAccount[p.Key()]++
			if _, ok := p.Account.Followers.Get(); !ok {
				unknown++
			}
		}
		between(t, "posts", float64(n), 30_000, 40_000)
		between(t, "accounts", float64(len(perAccount)), 6_000, 8_000)
		share := func(what string, part int, lo, hi float64) {
			t.Helper()
			between(t, what, float64(part)/float64(n), lo, hi)
		}
		share("reposts", kinds[post.Repost], 0.33, 0.45)
		share("replies", kinds[post.Reply], 0.10, 0.18)
		share("quotes", kinds[post.Quote], 0.03, 0.08)
		share("X", plats[post.X], 0.5, 0.7)
		share("Mastodon", plats[post.Mastodon], 0.1, 0.3)
		share("Bluesky", plats[post.Bluesky], 0.1, 0.3)
		share("unknown followers", unknown, 0.03, 0.2)
		for _, l := range words.Codes {
			share(l, langs[l], 0.015, 0.55)
		}
		share("no language", langs[""], 0.01, 0.06)
		// Heavy tail: half of the accounts post once or twice, the busiest
		// percent makes far more than a percent of the talk.
		counts := slices.SortedFunc(mapValues(perAccount), func(a, b int) int { return cmp.Compare(b, a) })
		between(t, "median of posts per account", float64(counts[len(counts)/2]), 1, 2)
		top := 0
		for _, c := range counts[:len(counts)/100] {
			top += c
		}
		share("posts of the busiest percent", top, 0.1, 0.4)
		between(t, "posts of the busiest account", float64(counts[0]), 60, 250)
	}
}

func TestDailyRhythm(t *testing.T) {
	var hours [24]float64
	for p := range New(Config{Seed: 1, ViralReposts: -1}).Posts() {
		hours[p.PostedAt.Hour()]++
	}
	if night, evening := hours[23]+hours[0]+hours[1], hours[14]+hours[15]+hours[16]; night*2.5 > evening {
		t.Errorf("%v posts at night, %v in the evening", night, evening)
	}
	// America is awake when Azerbaijan sleeps.
	if hours[23] < hours[16]/30 {
		t.Errorf("only %v posts in the hour before midnight", hours[23])
	}
}

func TestRepostDelaysDecay(t *testing.T) {
	posted := map[string]time.Time{}
	reposts := map[string]int{}
	edges := []time.Duration{0, 10 * time.Minute, time.Hour, 6 * time.Hour, 96 * time.Hour}
	counts := make([]float64, len(edges)-1)
	for _, p := range byPosting(collect(New(Config{Seed: 2, ViralReposts: -1, CopyAccounts: -1}))) {
		if p.Kind != post.Repost {
			posted[p.ID] = p.PostedAt
			continue
		}
		reposts[p.RepostOf.PostID]++
		d := p.PostedAt.Sub(posted[p.RepostOf.PostID])
		for i := range counts {
			if d >= edges[i] && d < edges[i+1] {
				counts[i]++
			}
		}
	}
	for i := 1; i < len(counts); i++ {
		now := counts[i] / (edges[i+1] - edges[i]).Minutes()
		before := counts[i-1] / (edges[i] - edges[i-1]).Minutes()
		if now > before/2 {
			t.Errorf("%.2f reposts a minute between %v and %v after the post, %.2f before that", now, edges[i], edges[i+1], before)
		}
	}
	if counts[3] == 0 {
		t.Error("no repost after six hours")
	}
	sizes := slices.Sorted(mapValues(reposts))
	between(t, "largest organic cascade", float64(sizes[len(sizes)-1]), 30, 400)
	between(t, "median cascade", float64(sizes[len(sizes)/2]), 1, 3)
}

func TestOrderReferencesAndIDs(t *testing.T) {
	cfg := Config{Seed: 3, Scale: 0.5}
	posts := collect(New(cfg))
	ids := map[string]*post.Post{}
	natives := map[string]bool{}
	var seen, newest time.Time
	late := 0
	for _, p := range posts {
		if p.ObservedAt.Before(seen) {
			t.Fatalf("%s is delivered before an earlier one", p.ID)
		}
		seen = p.ObservedAt
		if p.PostedAt.Before(newest) {
			late++
			if newest.Sub(p.PostedAt) >= time.Minute {
				t.Fatalf("%s is %v out of order", p.ID, newest.Sub(p.PostedAt))
			}
		} else {
			newest = p.PostedAt
		}
		if l := p.ObservedAt.Sub(p.PostedAt); l <= 0 || l >= time.Minute {
			t.Fatalf("latency %v", l)
		}
		if p.PostedAt.Nanosecond()%1e6 != 0 || p.PostedAt.Location() != time.UTC {
			t.Fatalf("posted at %v", p.PostedAt)
		}
		if ids[p.ID] != nil {
			t.Fatalf("id %s twice", p.ID)
		}
		ids[p.ID] = p
		if p.NativeID != "" {
			if natives[p.NativeID] {
				t.Fatalf("native id %s twice", p.NativeID)
			}
			natives[p.NativeID] = true
		}
	}
	if late < len(posts)/100 {
		t.Errorf("only %d of %d posts are out of order", late, len(posts))
	}
	for _, p := range posts {
		refs := 0
		for kind, ref := range map[post.Kind]post.Ref{post.Repost: p.RepostOf, post.Reply: p.ReplyTo, post.Quote: p.QuoteOf} {
			if ref.IsZero() {
				if p.Kind == kind {
					t.Fatalf("%s is a %s of nothing", p.ID, kind)
				}
				continue
			}
			refs++
			of := ids[ref.PostID]
			switch {
			case p.Kind != kind:
				t.Fatalf("a %s refers as a %s", p.Kind, kind)
			case of == nil:
				t.Fatalf("%s refers to %s, which does not exist", p.ID, ref.PostID)
			case of.Platform != p.Platform || of.Account.ID != ref.AccountID || of.Account.Handle != ref.Handle:
				t.Fatalf("%s refers to %+v, which is %+v", p.ID, ref, of)
			case !of.PostedAt.Before(p.PostedAt):
				t.Fatalf("%s is older than what it refers to", p.ID)
			case of.Kind == post.Repost:
				t.Fatalf("%s refers to a repost", p.ID)
			case kind == post.Repost && (of.Text != p.Text || len(of.Tags) != len(p.Tags) || len(of.Images) != len(p.Images)):
				t.Fatalf("repost says %q, the original %q", p.Text, of.Text)
			}
		}
		if p.Kind == post.Original && refs > 0 {
			t.Fatalf("a plain post refers to another: %+v", p)
		}
	}
}

func TestNobodyRepostsTwice(t *testing.T) {
	seen := map[string]bool{}
	n, twice := 0, 0
	for p := range New(Config{Seed: 4}).Posts() {
		if p.Kind == post.Repost {
			n++
			k := p.Key() + " " + p.RepostOf.PostID
			if seen[k] {
				twice++
			}
			seen[k] = true
		}
	}
	// What is remembered is bounded, so that a few may slip through.
	if twice > n/1000 {
		t.Errorf("%d of %d reposts are second ones", twice, n)
	}
}

// Nothing may point at real accounts or sites.
func TestNothingIsReal(t *testing.T) {
	x := regexp.MustCompile(`^[a-z_0-9]{16,}$`)
	did := regexp.MustCompile(`^did:plc:winnowdemo[a-z2-7]{14}$`)
	at := regexp.MustCompile(`^at://did:plc:winnowdemo[a-z2-7]{14}/app\.bsky\.feed\.(post|repost)/[2-7a-z]{13}$`)
	uri := regexp.MustCompile(`^https://[a-z.]+\.example/users/[a-z_0-9]+/statuses/[0-9]+(/activity)?$`)
	site := regexp.MustCompile(`^https://[a-z0-9.-]+\.example/`)
	handles := map[string]string{}
	for p := range New(Config{Seed: 5, Scale: 0.5}).Posts() {
		ok := false
		switch p.Platform {
		case post.X:
			ok = x.MatchString(p.Account.Handle) && len(p.Account.ID) == 19 && p.Account.ID >= "8000000000000000000" && len(p.ID) == 19 && p.ID > "5"
		case post.Mastodon:
			ok = uri.MatchString(p.ID) && site.MatchString(p.Account.ID) && strings.HasSuffix(p.Account.Handle, ".example") && p.NativeID != ""
		case post.Bluesky:
			ok = did.MatchString(p.Account.ID) && at.MatchString(p.ID) && strings.HasSuffix(p.Account.Handle, ".example")
		}
		if !ok || !site.MatchString(p.URL) {
			t.Fatalf("ids could be real: %s %s %s %s", p.Account.ID, p.Account.Handle, p.ID, p.URL)
		}
		for _, l := range p.Links {
			if c, ok := link.Canonical(l); !ok || c != l || !site.MatchString(l) {
				t.Fatalf("link %s", l)
			}
		}
		if had, ok := handles[p.Account.Handle]; ok && had != p.Key() {
			t.Fatalf("%s and %s have the same handle", had, p.Key())
		}
		handles[p.Account.Handle] = p.Key()
		if p.Platform == post.X && len([]rune(p.Text)) > 280 {
			t.Fatalf("%d characters on X", len([]rune(p.Text)))
		}
	}
}

func TestTextsVary(t *testing.T) {
	texts := map[string]int{}
	n := 0
	spellings := map[string]bool{}
	for p := range New(Config{Seed: 6}).Posts() {
		if p.Kind == post.Repost {
			continue
		}
		n++
		texts[p.Text]++
		for _, tag := range p.Tags {
			spellings[tag.Posted] = true
		}
	}
	between(t, "different texts among originals", float64(len(texts))/float64(n), 0.75, 0.97)
	for _, s := range []string{"Baku2015", "baku2015", "ＢＡＫＵ２０１５", "Bakı2015", "BAKI2015", "Баку2015", "باكو2015", "FreeVoicesBaku"} {
		if !spellings[s] {
			t.Errorf("nobody writes #%s", s)
		}
	}
	greetings := 0
	for text, c := range texts {
		if strings.HasPrefix(text, "Good luck to all!") {
			greetings += c
		}
	}
	between(t, "people who wish good luck", float64(greetings), 10, 400)
}

// A story may begin at any time, be short, small and of one seed or another.
func TestOddStories(t *testing.T) {
	for _, cfg := range []Config{
		{Start: time.Date(2026, 3, 1, 13, 37, 21, 123456789, time.FixedZone("", 3600)), Days: 1, Scale: 0.01},
		{Seed: 1 << 63, Days: 1, Scale: 0.0001},
		{Start: time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC), Days: 12, Scale: 0.01, Joiners: 1, CopyAccounts: 900, PileWaves: 9},
		{Start: time.Date(2039, 12, 1, 0, 0, 0, 0, time.UTC), Days: 1, Scale: 0.02, PileSpread: 1, CopySpread: 1, CopyWaves: 1},
	} {
		s := New(cfg)
		role := roles(t, s)
		from, to := s.Span()
		n := 0
		for p := range s.Posts() {
			n++
			if err := p.Check(); err != nil {
				t.Fatalf("%v: %v", cfg, err)
			}
			if p.PostedAt.Before(from) || !p.PostedAt.Before(to) || !p.Account.CreatedAt.Before(from) {
				t.Fatalf("%+v: posted at %v, opened at %v", cfg, p.PostedAt, p.Account.CreatedAt)
			}
			if role[p.Key()] == "" {
				t.Fatalf("%+v: %s has no label", cfg, p.Key())
			}
			if p.Platform == post.X && (len(p.ID) != 19 || p.ID > "9223372036854775807") {
				t.Fatalf("%+v: id %s on X", cfg, p.ID)
			}
		}
		if n < 300 {
			t.Errorf("%+v: %d posts", cfg, n)
		}
	}
}

// between fails unless lo <= got <= hi.
func between(t *testing.T, what string, got, lo, hi float64) {
	t.Helper()
	if got < lo || got > hi {
		t.Errorf("%s: %g, want %g to %g", what, got, lo, hi)
	}
}

func mapValues(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func byPosting(posts []*post.Post) []*post.Post {
	slices.SortStableFunc(posts, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return posts
}
