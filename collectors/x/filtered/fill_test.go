package filtered_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/spend"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/post"
)

func gap(cause post.Cause, from, to time.Time) post.Gap {
	return post.Gap{Source: "x/stream", Platform: post.X, Cause: cause, From: from, To: to}
}

func TestFill(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	from := c.now()
	ids := publish(x, 250)
	x.Repost(ids[0])
	to := c.now()
	s, out := source(t, options(t, x, c)), &recorder{}
	c.add(2 * time.Second)
	got, err := s.Fill(t.Context(), gap(post.Network, from, to), nil, out)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	if !slices.Equal(out.ids(), ids) {
		t.Errorf("%d posts came, want %d", len(out.ids()), len(ids))
	}
	if !got.From.Equal(from) || got.Complete || !strings.Contains(got.Note, "retweets") {
		t.Errorf("filled %+v, want since the beginning, without retweets", got)
	}
	if n := s.Spend().PostsToday; int(n) != x.Billed() {
		t.Errorf("%d metered, %d billed", n, x.Billed())
	}
}

func TestFillWithinTheBudget(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	from := c.now()
	publish(x, 250)
	to := c.now()
	c.add(2 * time.Second)
	o := options(t, x, c)
	o.Budget = spend.Budget{PostsPerDay: 500, USDPerPost: 0.005}
	s, out := source(t, o), &recorder{}
	got, err := s.Fill(t.Context(), gap(post.Network, from, to), nil, out)
	if err != nil {
		t.Fatal(err)
	}
	if !got.From.IsZero() || len(out.ids()) > 0 || !strings.Contains(got.Note, "250 posts ($1.25)") {
		t.Errorf("250 posts do not fit into half of 400: %+v and %d posts", got, len(out.ids()))
	}
	if n := s.Spend().PostsToday; n != 1 {
		t.Errorf("%d spent to find out, want 1", n)
	}
}

func TestWhatIsNotFilled(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	publish(x, 3)
	now := c.now()
	long := options(t, x, c)
	redundant := options(t, x, c)
	redundant.Redundant, redundant.Name = true, "x/stream-2"
	tests := []struct {
		name string
		o    filtered.Options
		gap  post.Gap
	}{
		{"counted", long, gap(post.CountsOnly, now.Add(-time.Hour), now)},
		{"budget", long, gap(post.Budget, now.Add(-time.Hour), now)},
		{"before, not asked for", long, gap(post.Before, now.Add(-time.Hour), now)},
		{"too old", long, gap(post.Network, now.Add(-9*24*time.Hour), now.Add(-8*24*time.Hour))},
		{"second stream", redundant, gap(post.Network, now.Add(-time.Hour), now)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := &recorder{}
			got, err := source(t, tt.o).Fill(t.Context(), tt.gap, nil, out)
			if err != nil || !got.From.IsZero() || got.Note == "" || len(out.ids()) > 0 {
				t.Errorf("%+v, %v and %d posts; want nothing, and a note", got, err, len(out.ids()))
			}
		})
	}
	if x.Delivered() > 0 {
		t.Errorf("%d posts were paid for", x.Delivered())
	}
}

func TestBackfillOfACampaign(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	ids := publish(x, 30)
	o := options(t, x, c)
	o.Backfill = time.Hour
	s, out := source(t, o), &recorder{}
	c.add(2 * time.Second)
	g := gap(post.Before, c.now().Add(-24*time.Hour), c.now().Add(-time.Second))
	g.Campaign = "baku"
	got, err := s.Fill(t.Context(), g, nil, out)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.ids()) != len(ids) || got.From.IsZero() || got.From.Before(c.now().Add(-2*time.Hour)) {
		t.Errorf("%d posts of %d, %+v", len(out.ids()), len(ids), got)
	}
	if x.Asked("GET /2/tweets/counts/recent") == 0 {
		t.Error("the cost was not counted first")
	}
}

func TestFillReachesBackAWeek(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	now := c.now()
	got, err := source(t, options(t, x, c)).Fill(t.Context(), gap(post.Stopped, now.Add(-10*24*time.Hour), now), nil, &recorder{})
	if err != nil {
		t.Fatal(err)
	}
	if ago := now.Sub(got.From); ago > 7*24*time.Hour || ago < 7*24*time.Hour-time.Hour {
		t.Errorf("filled since %v ago, want about 7 days", ago)
	}
}

func TestFillFaults(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	x.Answer(503, nil)
	now := c.now()
	_, err := source(t, options(t, x, c)).Fill(t.Context(), gap(post.Network, now.Add(-time.Hour), now), nil, &recorder{})
	if f, ok := errors.AsType[*collectors.Fault](err); !ok || f.Cause != post.Unavailable {
		t.Errorf("the search fails: %v, want %s", err, post.Unavailable)
	}
}

func TestProbe(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	publish(x, 70)
	c.add(2 * time.Second)
	o := options(t, x, c)
	o.Budget = spend.Budget{PostsPerDay: 5, USDPerPost: 0.005}
	o.Backfill = 24 * time.Hour
	s := source(t, o)
	all := func(checks []collectors.Check) string {
		text := ""
		for _, check := range checks {
			text += string(check.Outcome) + ": " + check.Text + "\n"
			if check.Outcome != collectors.Good && check.Advice == "" {
				t.Errorf("no advice for %q", check.Text)
			}
			if strings.Contains(check.Text+check.Advice, x.Token()) {
				t.Errorf("the token is in %q", check.Text)
			}
		}
		return text
	}
	text := all(s.Probe(t.Context()))
	for _, want := range []string{"accepts the token", "campaigns need: 1,", "no stream of this X app is open", "0 of 3000000 posts", "0 of the 5 posts", "was not asked"} {
		if !strings.Contains(text, want) {
			t.Errorf("the probe does not say %q:\n%s", want, text)
		}
	}
	if values, _ := x.Rules(); len(values) > 0 || x.Delivered() > 0 || s.Spend().PostsToday > 0 {
		t.Errorf("a probe changed or cost something: rules %q", values)
	}
	o.ProbeCounts = true
	o.Budget.PostsPerDay = 50
	text = all(source(t, o).Probe(t.Context()))
	for _, want := range []string{`"baku" had 70 posts in the last 7 days ($0.35)`, "10 posts a day ($0.05)", "300 a month ($1.50)", "filling the last 24h0m0s costs about 70 posts ($0.35)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the probe with counts does not say %q:\n%s", want, text)
		}
	}
	x.Answer(401, nil)
	checks := s.Probe(t.Context())
	if len(checks) != 1 || checks[0].Outcome != collectors.Bad || checks[0].Advice == "" {
		t.Errorf("with a wrong token: %+v", checks)
	}
}
