package coordination

import (
	"testing"
	"time"

	"winnow/pipeline/post"
)

// A run that has no room for more members goes on: it must not look silent, and
// must not be reviewed once for each action.
func TestFullRun(t *testing.T) {
	d := New(Config{Campaign: "c", Lateness: time.Millisecond, Limits: Limits{Members: 500}})
	p := hotPost(-1, "the campaign has begun")
	p.PostedAt = start
	d.Add(p)
	early, most := 0, 0
	for i := range 20_000 {
		p := hotRepost(i, 0)
		p.PostedAt = start.Add(3*time.Hour + time.Duration(i)*10*time.Millisecond)
		d.Add(p)
		most = max(most, len(d.core.reviews.heap))
		if i%1000 == 0 {
			early += len(d.Findings())
		}
	}
	if early > 0 || most > 100 {
		t.Errorf("a run that goes on was a finding at %d of 20 looks; %d reviews of one burst", early, most)
	}
}

// An account that posts very much must not hide copies of nine words.
func TestLoudAccountHidesNothing(t *testing.T) {
	w := newWorld(4)
	w.talk(900, 700, 10*time.Hour)
	w.slowCopies("copier", 20, 8, start.Add(9*time.Hour), 40*time.Second)
	var loud []*post.Post
	for i, p := range loudPosts(150_000) {
		p.PostedAt = start.Add(time.Duration(i) * 200 * time.Millisecond)
		p.Text = "x" + p.ID + " y" + p.ID + " z" + p.ID + " a" + p.ID + " b" + p.ID
		loud = append(loud, p)
	}
	for _, ps := range [][]*post.Post{w.sorted(), more(w.sorted(), loud...)} {
		if fs := find(Config{}, ps); caught(fs, "copier") != 20 {
			t.Errorf("%d posts, %d of 20", len(ps), caught(fs, "copier"))
		}
	}
}

// A flood that has no room for more members goes on, and the next begins while
// the window is full of its posts.
func TestFullFlood(t *testing.T) {
	d := New(Config{Campaign: "c", Lateness: time.Millisecond, Limits: Limits{Members: 50}})
	w := newWorld(1)
	p := hotPost(-1, "the campaign has begun")
	p.PostedAt = start
	d.Add(p)
	for i := range 2000 {
		p := hotPost(i, w.nonsense(9))
		p.PostedAt = start.Add(3*time.Hour + time.Duration(i)*200*time.Millisecond)
		d.Add(p)
	}
	d.Findings()
	checkLimits(t, d)
}

// Runs for whose members there is no room at all.
func TestRunsWithoutMembers(t *testing.T) {
	d := New(Config{Campaign: "c", Lateness: time.Millisecond, Limits: Limits{Members: 12}})
	for i := range 2000 {
		p := hotRepost(i, i%20)
		p.PostedAt = start.Add(3*time.Hour + time.Duration(i)*200*time.Millisecond)
		d.Add(p)
	}
	d.Findings()
	checkLimits(t, d)
}

// TestLongFloodOfMany has 100,000 accounts come within a minute, each with a text of
// its own. What is remembered of them is bounded, and so is what each costs.
func TestLongFloodOfMany(t *testing.T) {
	skipUnlessLong(t)
	const n, most = 100_000, 1.5
	own := func(w *world, i, _ int) *post.Post { return hotPost(i, w.nonsense(9)) }
	few := hotStream(own, n, 1)
	for i, p := range few[1:] { // a minute for each thousand
		p.PostedAt = start.Add(3*time.Hour + time.Duration(i)*time.Minute/1000)
	}
	slow, _ := cost(Config{Campaign: "c"}, few)
	fast, d := cost(Config{Campaign: "c"}, hotStream(own, n, 1))
	t.Logf("%v a post within a minute, %v within a hundred", fast/n, slow/n)
	if float64(fast) > most*float64(slow) {
		t.Errorf("a flood costs %.2f times as much a post, want %v at most", float64(fast)/float64(slow), most)
	}
	if k := len(d.core.own.window) - d.core.own.lo; k > maxOwn {
		t.Errorf("%d posts of its own remembered, want %d at most", k, maxOwn)
	}
	checkLimits(t, d)
}
