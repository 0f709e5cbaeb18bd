package coordination

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

var action = []string{
	"let the courtrooms be as open as the stadium gates",
	"one candle for every prisoner and one for the games",
	"dear sponsors ask where the journalists have gone today",
}

// aDayOfAction is 60 supporters who post the action's texts over half a day:
// enough of them close together to be evidence, the rest spread thin. Between
// them others talk about the action, and one passes a text on.
func aDayOfAction() []*post.Post {
	w := newWorld(5)
	begin := time.Date(2015, 6, 11, 16, 0, 0, 0, time.UTC)
	var out []*post.Post
	add := func(account, text string, after time.Duration, kind post.Kind) *post.Post {
		p := &post.Post{
			Platform: post.X, ID: fmt.Sprint(len(out)), Kind: kind, Account: post.Account{ID: account}, Text: text,
			PostedAt: begin.Add(after), Tags: post.NewTags("OurDay"),
		}
		out = append(out, p)
		return p
	}
	for i := range 60 {
		after := time.Duration(i) * 20 * time.Second // twenty minutes
		if i >= 30 {
			after = 30*time.Minute + time.Duration(i-30)*25*time.Minute
		}
		add(fmt.Sprintf("supporter%02d", i), action[i%3], after, post.Original)
		add(fmt.Sprintf("talker%02d", i), w.words(10), after+time.Second, post.Original)
	}
	passed := add("reader", action[0], time.Hour, post.Repost)
	passed.RepostOf = post.Ref{PostID: "0", AccountID: "supporter00"}
	return out
}

func declaredDay(p *post.Post) string {
	if len(p.Tags) > 0 {
		return "our day"
	}
	return ""
}

func TestDeclaredActionIsOneFindingWithAllWhoPostedItsTexts(t *testing.T) {
	d := New(Config{Campaign: "c", Declared: declaredDay})
	for _, p := range aDayOfAction() {
		d.Add(p)
	}
	fs := d.Findings()
	if len(fs) != 1 || fs[0].Declared != "our day" {
		t.Fatalf("findings %+v, want the day of action as one", fs)
	}
	f := fs[0]
	var noBits, talkers int
	for _, a := range f.Accounts {
		if !strings.HasPrefix(a.AccountID, "supporter") {
			talkers++
		}
		if a.Bits == 0 {
			noBits++
		}
		if a.Posts != 1 || a.First != a.Last {
			t.Errorf("%s has %d posts from %v to %v, want its one post", a.AccountID, a.Posts, a.First, a.Last)
		}
	}
	if len(f.Accounts) != 60 || talkers != 0 {
		t.Errorf("%d accounts, %d of them only talked; want the 60 supporters", len(f.Accounts), talkers)
	}
	if noBits == 0 || !strings.Contains(f.Sentence, fmt.Sprintf("%d further accounts", noBits)) {
		t.Errorf("%d accounts without evidence of their own, and the sentence says: %s", noBits, f.Sentence)
	}
	if len(f.Posts) != 60 {
		t.Errorf("%d posts, want 60", len(f.Posts))
	}
	if got := f.To.Sub(f.From); got != 30*time.Minute+29*25*time.Minute {
		t.Errorf("it spans %v", got)
	}
	again := d.Findings()
	if diff := cmp.Diff(fs, again); diff != "" {
		t.Errorf("asked again (-first +second):\n%s", diff)
	}
}

// Without a declaration nobody is listed who has no evidence.
func TestOnlyDeclaredFindingsAreCompleted(t *testing.T) {
	d := New(Config{Campaign: "c"})
	for _, p := range aDayOfAction() {
		d.Add(p)
	}
	for _, f := range d.Findings() {
		for _, a := range f.Accounts {
			if a.Bits == 0 {
				t.Errorf("%s is listed without evidence", a.AccountID)
			}
		}
	}
}

func TestFullRollIsCounted(t *testing.T) {
	d := New(Config{Campaign: "c", Declared: declaredDay, Lateness: time.Millisecond, Limits: Limits{Members: 10}})
	for _, p := range aDayOfAction() {
		d.Add(p)
	}
	if s := d.Stats(); s.DeclaredIgnored == 0 {
		t.Error("posts beyond the limit were not counted")
	}
	if n := d.core.roll.entries.n; n != 10 {
		t.Errorf("%d entries, limit 10", n)
	}
}
