package filtered_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/spend"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/post"
)

func TestPausesBeforeTheMoneyIsGone(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	o := options(t, x, c)
	o.Budget = spend.Budget{PostsPerDay: 1000, USDPerPost: 0.005}
	s, out := source(t, o), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	for range 50 {
		publish(x, 20)
		if len(r.err) > 0 {
			break
		}
	}
	f, ok := errors.AsType[*collectors.Fault](r.wait())
	if !ok || f.Cause != post.Budget || !f.Until.After(c.now()) || f.Advice == "" {
		t.Fatalf("a thousand posts at once: %+v, want a pause for the budget", f)
	}
	if n := s.Spend().PostsToday; n > 1000 || int(n) != len(out.ids()) {
		t.Errorf("%d posts metered of 1000, and %d delivered", n, len(out.ids()))
	}
	before := x.Attempts()
	again, _ := errors.AsType[*collectors.Fault](run(t, s, nil, &recorder{}).wait())
	if again == nil || again.Cause != post.Budget || x.Attempts() != before {
		t.Errorf("during the pause X was asked for the stream: %v", again)
	}

	restarted := source(t, o)
	restarted.Restore(s.State())
	if got := restarted.Spend().PostsToday; got != s.Spend().PostsToday {
		t.Errorf("after a restart %d posts are spent, want %d", got, s.Spend().PostsToday)
	}
	c.add(12*time.Hour + time.Minute)
	tomorrow := &recorder{}
	run(t, restarted, nil, tomorrow)
	eventually(t, "after midnight posts are read again", tomorrow.live)
}

func TestSamplesWhenItWouldBeTooMuch(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	o := options(t, x, c)
	o.Budget = spend.Budget{PostsPerDay: 2000}
	s, out := source(t, o), &recorder{}
	run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	for range 12 { // 300 posts in two minutes, of 2000 for a day
		publish(x, 25)
		c.add(10 * time.Second)
		eventually(t, "some posts come", func() bool { return len(out.ids()) > 0 })
	}
	eventually(t, "a share is read", func() bool { return out.lastShare() < 1 && out.lastShare() > 0 })
	eventually(t, "X samples", func() bool {
		values, _ := x.Rules()
		return len(values) == 1 && strings.Contains(values[0], "sample:")
	})
	get(out, func() bool {
		if i := len(out.causes) - 1; out.causes[i] != post.Budget || out.notes[i] == "" {
			t.Errorf("sampled for %q with the note %q", out.causes[i], out.notes[i])
		}
		return true
	})
}

func TestDeletionsAreLookedUp(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	o := options(t, x, c)
	s, out := source(t, o), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	kept, deleted := x.Publish("stays"), x.Publish("goes")
	hidden, edited := x.Publish("hidden"), x.Publish("edited")
	x.Edit(edited, "edited again")
	late := x.Publish("goes later")
	eventually(t, "all come", func() bool { return len(out.ids()) == 6 })
	x.Delete(deleted)
	x.Hide(hidden)
	x.Delete(edited)
	if out.gone(deleted) {
		t.Error("a deletion is known before anybody looked")
	}
	c.add(16 * time.Minute)
	eventually(t, "the deletion is noticed", func() bool { return out.gone(deleted) && out.gone(edited) })
	x.Delete(late)
	c.add(2 * time.Hour)
	eventually(t, "the later deletion is noticed", func() bool { return out.gone(late) })
	if out.gone(kept) || out.gone(hidden) {
		t.Error("a post that is there, or that is only hidden, counts as deleted")
	}
	_ = r.stop()
	// The fake's usage counts what it sent, each time, and is believed.
	if n := int(s.Spend().PostsToday); n < x.Billed() || n > x.Delivered() {
		t.Errorf("%d metered, %d billed, %d sent", n, x.Billed(), x.Delivered())
	}
}

func TestRecallSeedsLookUps(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	id := x.Publish("from before the restart")
	x.Delete(id)
	o := options(t, x, c)
	o.Recall = func(_ context.Context, f func(*post.Post) error) error {
		return f(&post.Post{Platform: post.X, ID: id, PostedAt: c.now()})
	}
	out := &recorder{}
	run(t, source(t, o), nil, out)
	eventually(t, "stored posts are asked for", func() bool { return x.Asked("GET /2/usage/tweets") > 0 })
	c.add(16 * time.Minute)
	eventually(t, "the deletion of a stored post is noticed", func() bool { return out.gone(id) })
}

func TestCountsFirst(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	o := options(t, x, c)
	o.Counts = &filtered.Counts{Every: 20 * time.Millisecond, Floor: 2, Hold: 300 * time.Millisecond}
	s, out := source(t, o), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "it is live without a post", out.live)
	eventually(t, "nothing is read", func() bool { return out.lastShare() == 0 })
	if x.Attempts() != 0 {
		t.Error("the stream was opened though nothing moved")
	}
	publish(x, 100)
	c.add(2 * time.Minute)
	eventually(t, "posts are read when they become many", func() bool { return x.Open() == 1 && out.lastShare() == 1 })
	id := x.Publish("now it is read")
	eventually(t, "the post comes", func() bool { return out.has(id) })
	c.add(30 * time.Minute)
	eventually(t, "only counted again when nothing moves", func() bool { return x.Open() == 0 && out.lastShare() == 0 })
	_ = r.stop()
	if got, want := int(s.Spend().PostsToday), x.Billed()+x.Asked("GET /2/tweets/counts/recent"); got != want {
		t.Errorf("%d metered, want %d: posts and counts", got, want)
	}
	if n := get(out, func() int { return len(out.lives) }); n != 1 {
		t.Errorf("called live %d times, want once", n)
	}
}
