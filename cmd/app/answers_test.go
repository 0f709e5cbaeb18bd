package app_test

import (
	"bufio"
	"context"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/collectors/scenario"
	"winnow/collectors/scenario/story"
)

// told is what a campaign's page answers, read as a person reads it.
type told struct {
	attacked               bool
	since                  time.Time
	posts, all             uint64
	target, share, changed string
}

var (
	tags       = regexp.MustCompile(`<[^>]*>`)
	sinceWords = regexp.MustCompile(`Since when\? Since (\d+ \w+ \d{4}, \d\d:\d\d) UTC`)
	shareWords = regexp.MustCompile(`How much of it\? (\S+|under 0\.1%) of the posts and .*? ([\d,]+) of ([\d,]+) posts? and`)
	whoWords   = regexp.MustCompile(`Who is the target\? (.*?) What changed\?`)
	whatWords  = regexp.MustCompile(`What changed\? (.*?) (?:Posts|Accounts) [\d,]+ `)
)

func number(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.ReplaceAll(s, ",", ""), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// read reads a campaign's page.
func read(t *testing.T, page string) told {
	t.Helper()
	text := strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
	out := told{attacked: strings.Contains(text, "Winnow found coordinated activity")}
	if out.attacked == strings.Contains(text, "No coordination found so far") {
		t.Fatalf("the page does not say whether there is an attack: %s", text)
	}
	if m := sinceWords.FindStringSubmatch(text); m != nil {
		at, err := time.Parse("2 Jan 2006, 15:04", m[1])
		if err != nil {
			t.Fatal(err)
		}
		out.since = at
	}
	if m := shareWords.FindStringSubmatch(text); m != nil {
		out.share, out.posts, out.all = m[1], number(t, m[2]), number(t, m[3])
	} else {
		t.Errorf("the page tells no share: %s", text)
	}
	if m := whoWords.FindStringSubmatch(text); m != nil {
		out.target = m[1]
	}
	if m := whatWords.FindStringSubmatch(text); m != nil {
		out.changed = m[1]
	}
	return out
}

// truth is what was planted into a campaign.
type truth struct {
	posts uint64
	first time.Time
	// begins is when each action in concert began: a small one may not be seen beside
	// a larger.
	begins []time.Time
}

// plantedPosts counts the posts of attacks that each campaign has.
func plantedPosts(t *testing.T, ctx context.Context, r *app.Running, staged *scenario.Scenario) map[string]truth {
	t.Helper()
	planted, begins := map[string]string{}, map[string]time.Time{}
	for _, p := range staged.Planted() {
		for _, id := range p.PostIDs {
			if p.Kind != scenario.PlantDeclared {
				planted[id] = p.Name
			}
		}
		begins[p.Name] = p.From
	}
	rows, err := r.Query(ctx, "SELECT campaign, post_id, toUnixTimestamp64Milli(posted_at) FROM posts FINAL", "TSV")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]truth{}
	for s := bufio.NewScanner(rows); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		at := time.UnixMilli(int64(number(t, f[2]))).UTC()
		sum := out[f[0]]
		if name, ok := planted[f[1]]; ok {
			if !slices.ContainsFunc(sum.begins, begins[name].Equal) {
				sum.begins = append(sum.begins, begins[name])
			}
			if sum.posts++; sum.first.IsZero() || at.Before(sum.first) {
				sum.first = at
			}
		}
		out[f[0]] = sum
	}
	return out
}

// Whatever was planted, the campaign's page answers right: whether there is an
// attack, since when, how much of the talk it is, and at whom it is directed. What
// Winnow cannot see (docs/detection.md) is not invented.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		// name is that of the story.
		name string
		// found says whether it can be seen at all, late is how much later than its
		// first post it may be said to begin.
		found bool
		late  time.Duration
		// target says that it is directed at somebody.
		target bool
		// long stories are told where time is no matter.
		long bool
	}{
		{name: "quiet", long: true},
		{name: "viral"},
		{name: "declared", long: true},
		{name: "copies", found: true, late: 5 * time.Minute, long: true},
		{name: "pile-on", found: true, late: 5 * time.Minute, target: true},
		{name: "floods", found: true, late: 5 * time.Minute, long: true},
		{name: "rings", found: true, late: 5 * time.Minute, long: true},
		{name: "changed-copies", found: true, late: 5 * time.Minute, long: true},
		{name: "slow-copies", found: true, late: 3 * time.Hour, long: true},
		{name: "slow-rings", long: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.long && os.Getenv("WINNOW_LONG") == "" {
				t.Skip("a long story: make long")
			}
			cfg, deps := setup(t)
			cfg.Desk.Timezone = "UTC"
			named, ok := story.Named(test.name)
			if !ok {
				t.Fatal("there is no such story")
			}
			staged := scenario.New(named.Config(0, 1))
			deps.Campaigns = staged.Campaigns()
			a, err := app.New(cfg, deps)
			if err != nil {
				t.Fatal(err)
			}
			var desk string
			role := app.Role{Desk: true, Settle: true, Ready: func(u string) { desk = u }}
			err = a.Run(t.Context(), role, func(ctx context.Context, r *app.Running) error {
				pub := r.Publisher()
				for b := range staged.Batches(2000) {
					if err := pub.Publish(ctx, b); err != nil {
						return err
					}
				}
				if err := pub.Flush(ctx); err != nil {
					return err
				}
				if err := r.Drain(ctx); err != nil {
					return err
				}
				seen := false
				for name, truth := range plantedPosts(t, ctx, r, staged) {
					_, page := get(t, desk+"campaign?name="+url.QueryEscape(name))
					got := read(t, page)
					checkReport(t, ctx, r, desk, name)
					checkBundles(t, ctx, r, name)
					t.Logf("%s: %d of %d posts planted, from %s on: attacked %v, since %s, %s (%d posts), at %q, changed %q", name,
						truth.posts, got.all, truth.first.Format("2 Jan 15:04"), got.attacked, got.since.Format("2 Jan 15:04"), got.share, got.posts, got.target, got.changed)
					seen = seen || got.attacked
					if truth.posts == 0 || !test.found {
						if got.attacked || got.posts > 0 {
							t.Errorf("%s: coordination is told where none was planted, or none can be seen: %+v", name, got)
						}
						continue
					}
					if !got.attacked {
						continue // a part of it may be too small; one campaign must show it
					}
					if !slices.ContainsFunc(truth.begins, func(begin time.Time) bool {
						d := got.since.Sub(begin.Truncate(time.Minute))
						return d >= 0 && d <= test.late
					}) {
						t.Errorf("%s: said to be since %v, what was planted began at %v", name, got.since, truth.begins)
					}
					if got.posts < truth.posts/2 || got.posts > truth.posts+truth.posts/10+2 {
						t.Errorf("%s: %d posts are told to be coordinated, %d were planted", name, got.posts, truth.posts)
					}
					if directed := !strings.HasPrefix(got.target, "No single account"); directed != test.target {
						t.Errorf("%s: the target is told to be %q", name, got.target)
					}
					if got.changed == "" {
						t.Errorf("%s: nothing is said about what changed", name)
					}
				}
				if seen != test.found {
					t.Errorf("coordination is told: %v, want %v", seen, test.found)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
