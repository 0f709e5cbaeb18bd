package coordination

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
)

const days = 24 * time.Hour

func TestOrganicTalkIsQuiet(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		w.talk(1500, 1500, 3*days)
		if fs := find(Config{}, w.sorted()); len(fs) > 0 {
			show(t, fs)
			t.Errorf("seed %d: %d findings in organic talk of %d posts", seed, len(fs), len(w.posts))
		}
	}
}

func TestViralMomentIsNoFinding(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		w.talk(1500, 800, 3*days)
		w.viral(3000, start.Add(30*time.Hour))
		if fs := find(Config{Protected: []string{"author_0"}}, w.sorted()); len(fs) > 0 {
			show(t, fs)
			t.Errorf("seed %d: %d findings about a viral moment", seed, len(fs))
		}
	}
}

func TestCopyAttackIsOneFinding(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		w.talk(1500, 800, 3*days)
		w.viral(1000, start.Add(30*time.Hour))
		w.copies("copier", 40, 3, 4, start.Add(26*time.Hour), 50*time.Second)
		fs := find(Config{}, w.sorted())
		if len(fs) != 1 {
			show(t, fs)
			t.Fatalf("seed %d: %d findings, want 1", seed, len(fs))
		}
		f := fs[0]
		in, out := members(f, "copier")
		if f.Kind != KindCopies || in < 36 || out > 0 {
			t.Errorf("seed %d: %s with %d of 40 copiers and %d others", seed, f.Kind, in, out)
		}
		if f.Bits < 100 || f.Observed <= f.Expected {
			t.Errorf("seed %d: %.1f bits, observed %.1f, expected %.1f", seed, f.Bits, f.Observed, f.Expected)
		}
		if len(f.Objects) != 3 || !strings.HasSuffix(f.Objects[0].Label, "#Baku2015") {
			t.Errorf("seed %d: objects %+v", seed, f.Objects)
		}
		checkShape(t, f)
	}
}

// TestOneBurst has every text of the attack once, within half a minute: no pair
// ever repeats.
func TestOneBurst(t *testing.T) {
	w := newWorld(7)
	w.talk(1500, 800, 3*days)
	w.copies("copier", 40, 1, 1, start.Add(26*time.Hour), 30*time.Second)
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 {
		show(t, fs)
		t.Fatalf("%d findings, want 1", len(fs))
	}
	want := regexp.MustCompile(`^40 accounts posted the same text within (2\d|30) s of each other; by chance we would expect 1\.\d\.$`)
	if !want.MatchString(fs[0].Sentence) {
		t.Errorf("sentence %q", fs[0].Sentence)
	}
	if fs[0].Observed != 40 {
		t.Errorf("observed %v accounts in the window, want 40", fs[0].Observed)
	}
	checkShape(t, fs[0])
}

// TestRing has few accounts repost the same posts in step, again and again,
// among others who repost them in their own time.
func TestRing(t *testing.T) {
	w := newWorld(3)
	w.talk(1500, 800, 3*days)
	for i := range 12 {
		p := w.add(&post.Post{Account: account("organic", i), PostedAt: start.Add(time.Duration(i) * 5 * time.Hour), Text: w.words(9)})
		at := p.PostedAt.Add(40 * time.Minute)
		for r := range 4 {
			w.repost(account("ring", r), p, w.within(at, 20*time.Second))
		}
		for range 30 {
			w.repost(account("organic", w.rng.IntN(1500)), p, p.PostedAt.Add(w.delay()))
		}
	}
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 {
		show(t, fs)
		t.Fatalf("%d findings, want 1", len(fs))
	}
	if in, out := members(fs[0], "ring"); fs[0].Kind != KindReposts || in != 4 || out != 0 {
		show(t, fs)
		t.Errorf("%s with %d of 4 and %d others", fs[0].Kind, in, out)
	}
	if !strings.Contains(fs[0].Sentence, "4 accounts reposted the same 12 posts in step") {
		t.Errorf("sentence %q", fs[0].Sentence)
	}
	checkShape(t, fs[0])
}

// TestPrivateRing has few accounts repost, in step, posts that nobody else
// reposts.
func TestPrivateRing(t *testing.T) {
	w := newWorld(3)
	w.talk(1500, 800, 3*days)
	for i := range 12 {
		p := w.add(&post.Post{Account: account("source", i), PostedAt: start.Add(time.Duration(i) * 5 * time.Hour), Text: w.words(9)})
		for r := range 4 {
			w.repost(account("ring", r), p, w.within(p.PostedAt.Add(time.Minute), 20*time.Second))
		}
	}
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 {
		show(t, fs)
		t.Fatalf("%d findings, want 1", len(fs))
	}
	if in, out := members(fs[0], "ring"); fs[0].Kind != KindReposts || in != 4 || out != 0 {
		t.Errorf("%s with %d of 4 and %d others", fs[0].Kind, in, out)
	}
}

// TestOneOffRing has many accounts repost one post within a minute, and nobody
// else ever.
func TestOneOffRing(t *testing.T) {
	w := newWorld(4)
	w.talk(1500, 800, 3*days)
	p := w.add(&post.Post{Account: account("organic", 1), PostedAt: start.Add(20 * time.Hour), Text: w.words(9)})
	for i := range 25 {
		w.repost(account("ring", i), p, w.within(p.PostedAt, 45*time.Second))
	}
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 {
		show(t, fs)
		t.Fatalf("%d findings, want 1", len(fs))
	}
	if !strings.Contains(fs[0].Sentence, "and nobody went on") {
		t.Errorf("sentence %q", fs[0].Sentence)
	}
	if in, out := members(fs[0], "ring"); fs[0].Kind != KindReposts || in != 25 || out != 0 {
		t.Errorf("%s with %d of 25 and %d others", fs[0].Kind, in, out)
	}
	// Until the hour is over it could be a cascade that has just begun.
	var early []*post.Post
	for _, q := range w.sorted() {
		if q.PostedAt.Before(p.PostedAt.Add(50 * time.Minute)) {
			early = append(early, q)
		}
	}
	checkShape(t, fs[0])
	if fs[0].Confidence == ConfidenceEarly {
		t.Error("it is early after an hour")
	}
	if fs := find(Config{}, early); len(fs) != 1 || fs[0].Confidence != ConfidenceEarly {
		t.Errorf("within the hour: %+v, want an early finding", fs)
	}
}

// TestVagueTimesAreNoEvidence has a poll of a post find 40 boosts at once. Their
// true times are unknown, and the poll's says nothing about them.
func TestVagueTimesAreNoEvidence(t *testing.T) {
	boosts := func(slack uint32) []*post.Post {
		w := newWorld(4)
		w.talk(1500, 800, 3*days)
		p := w.add(&post.Post{Account: account("organic", 1), PostedAt: start.Add(20 * time.Hour), Text: w.words(9)})
		for i := range 40 {
			w.repost(account("fan", i), p, p.PostedAt.Add(5*time.Minute))
			w.posts[len(w.posts)-1].TimeSlack = slack
		}
		return w.sorted()
	}
	for _, slack := range []uint32{0, maxSlack} {
		fs := find(Config{}, boosts(slack))
		if len(fs) != 1 {
			show(t, fs)
			t.Fatalf("%d findings about 40 reposts at a time known to %d s, want 1", len(fs), slack)
		}
		if in, out := members(fs[0], "fan"); in != 40 || out != 0 {
			t.Errorf("%d of 40 and %d others", in, out)
		}
	}
	for _, slack := range []uint32{maxSlack + 1, 300} {
		if fs := find(Config{}, boosts(slack)); len(fs) > 0 {
			show(t, fs)
			t.Errorf("%d findings about reposts whose times are vague by %d s", len(fs), slack)
		}
	}
	d := New(Config{Campaign: "Baku2015"})
	all := boosts(300)
	for _, p := range all {
		d.Add(p)
	}
	if s := d.Stats(); s.Imprecise != 40 || s.Posts != uint64(len(all)) {
		t.Errorf("%d of %d posts counted as imprecise, want 40 of %d", s.Imprecise, s.Posts, len(all))
	}
}

func TestPileOn(t *testing.T) {
	target := post.Account{ID: "77", Handle: "Lamp_Desk"}
	for name, tc := range map[string]struct {
		protected []string
		accounts  int
		want      bool
	}{
		"by handle":               {[]string{"lamp_desk"}, 60, true},
		"by id":                   {[]string{"77"}, 60, true},
		"a handful":               {[]string{"lamp_desk"}, 6, false},
		"not protected":           {nil, 20, false},
		"not protected, enormous": {nil, 150, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(5)
			w.talk(1500, 800, 3*days)
			w.pileOn(target, tc.accounts, start.Add(40*time.Hour), 9*time.Minute)
			fs := find(Config{Protected: tc.protected}, w.sorted())
			if !tc.want {
				if len(fs) > 0 {
					show(t, fs)
					t.Fatalf("%d findings, want none", len(fs))
				}
				return
			}
			if len(fs) != 1 {
				show(t, fs)
				t.Fatalf("%d findings, want 1", len(fs))
			}
			f := fs[0]
			in, out := members(f, "piler")
			if f.Kind != KindPileOn || f.Target != "77" || in < tc.accounts*9/10 || out > 2 {
				t.Errorf("%s at %q with %d of %d and %d others", f.Kind, f.Target, in, tc.accounts, out)
			}
			if strings.Contains(f.Sentence, "77") || strings.Contains(strings.ToLower(f.Sentence), "lamp") {
				t.Errorf("the sentence names an account: %q", f.Sentence)
			}
			checkShape(t, f)
		})
	}
}

// TestDayOfAction has supporters post a declared text and, at the same time, an
// attack under the same tag: two findings, one of them declared.
func TestDayOfAction(t *testing.T) {
	w := newWorld(6)
	w.talk(1500, 800, 3*days)
	noon := start.Add(28 * time.Hour)
	for i := range 120 {
		w.add(&post.Post{
			Account: account("supporter", i), PostedAt: w.within(noon, 3*time.Minute),
			Text: "free all political prisoners in Baku today #Baku2015", Tags: post.NewTags("Baku2015"),
		})
	}
	w.copies("copier", 40, 2, 1, noon, 50*time.Second)
	declared := func(p *post.Post) string {
		if strings.HasPrefix(p.Text, "free all political prisoners") {
			return "day of action"
		}
		return ""
	}
	fs := find(Config{Declared: declared}, w.sorted())
	if len(fs) != 2 {
		show(t, fs)
		t.Fatalf("%d findings, want 2", len(fs))
	}
	seen := map[string]bool{}
	for _, f := range fs {
		seen[f.Declared] = true
		prefix := "copier"
		if f.Declared != "" {
			prefix = "supporter"
		}
		if in, out := members(f, prefix); in < 36 || out > 0 {
			t.Errorf("declared %q: %d of %s and %d others", f.Declared, in, prefix, out)
		}
		checkShape(t, f)
	}
	if !seen["day of action"] || !seen[""] {
		t.Errorf("declared actions %v", seen)
	}
}

// checkShape checks what holds for every finding.
func checkShape(t *testing.T, f Finding) {
	t.Helper()
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(f.ID) || f.Campaign == "" {
		t.Errorf("id %q, campaign %q", f.ID, f.Campaign)
	}
	if len(f.Accounts) == 0 || len(f.Objects) == 0 || len(f.Posts) == 0 {
		t.Fatalf("%d accounts, %d objects, %d posts", len(f.Accounts), len(f.Objects), len(f.Posts))
	}
	if f.From.After(f.To) || f.Bits < 10 {
		t.Errorf("from %v to %v, %.1f bits", f.From, f.To, f.Bits)
	}
	posts := map[string]map[string]bool{}
	for _, p := range f.Posts {
		if p.At.Before(f.From) || p.At.After(f.To) || p.PostID == "" || p.Platform == "" {
			t.Errorf("post %+v outside %v to %v", p, f.From, f.To)
		}
		key := string(p.Platform) + "/" + p.AccountID
		if posts[key] == nil {
			posts[key] = map[string]bool{}
		}
		posts[key][p.PostID] = true
	}
	for _, a := range f.Accounts {
		if a.Bits <= 0 || a.First.Before(f.From) || a.Last.After(f.To) || a.First.After(a.Last) {
			t.Errorf("account %+v", a)
		}
		if n := len(posts[string(a.Platform)+"/"+a.AccountID]); n != a.Posts {
			t.Errorf("account %+v has %d posts in the list", a, n)
		}
	}
	for _, o := range f.Objects {
		if o.Label == "" || len([]rune(o.Label)) > maxLabel || o.Accounts == 0 || o.First.After(o.Last) {
			t.Errorf("object %+v", o)
		}
	}
	if !strings.HasSuffix(f.Sentence, ".") || strings.Contains(f.Sentence, "inauthentic") || strings.Contains(f.Sentence, "1 accounts") {
		t.Errorf("sentence %q", f.Sentence)
	}
}
