package filtered

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/spend"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// Options are what a Source needs. Only Campaigns, HTTP and Token must be there.
type Options struct {
	// Name keys cursor, gaps and metrics; empty for "x/stream".
	Name      string
	Campaigns []campaign.Campaign

	// Base is scheme, host and port of the API, empty for X's own. HTTP is the
	// client to use; Token is sent with it to Base only, and may be empty if
	// HTTP does that itself.
	Base  string
	HTTP  *http.Client
	Token string

	// Budget bounds what is paid for; its zero value sets no limit.
	Budget spend.Budget
	// NoReposts leaves retweets out, which are often most of the posts.
	NoReposts bool
	// Backfill is how far into the past a new campaign is filled, 7 days at
	// most; zero for not at all. It costs money.
	Backfill time.Duration
	// Counts, if not nil, counts posts and reads them only when they become many.
	Counts *Counts
	// ProbeCounts lets Probe ask for counts, which X charges like a post per
	// query, to say what the campaigns will cost.
	ProbeCounts bool
	// LookUps are the ages at which posts are looked up again, ascending; nil
	// for 15 minutes, 2 hours and 24 hours, empty for never.
	LookUps []time.Duration
	// Recall hands over posts of this platform stored in the last day, so that
	// look-ups go on after a restart; nil for none.
	Recall func(ctx context.Context, f func(*post.Post) error) error

	// Enterprise says that the plan allows longer rules and more of them.
	// BackfillMinutes, 1 to 5, asks for what was missed when connecting again;
	// Redundant is for a second source. Both need such a plan.
	Enterprise      bool
	BackfillMinutes int
	Redundant       bool

	Log        *slog.Logger
	Registerer prometheus.Registerer
	Now        func() time.Time

	// The rest is X's own and to be changed in tests only. Zero stands for X's.
	Ladder collectors.Ladder
	Stall  time.Duration
	// RuleDelay is how long X takes to follow changed rules, SearchLag how old
	// a post must be to be found, Every the time between two decisions about
	// money, LookUpEvery between two rounds of look-ups.
	RuleDelay, SearchLag, Every, LookUpEvery time.Duration
}

// Counts says when counting turns into reading.
type Counts struct {
	// Every is how often each query is counted; zero for five minutes. Each
	// time costs as much as a post.
	Every time.Duration
	// Floor and Factor say what is much: more posts a minute in the last five
	// minutes than Floor, and than Factor times the median minute of the last
	// six hours. Zero for 5 and 4.
	Floor, Factor float64
	// Hold is how long posts are read at least; zero for 15 minutes.
	Hold time.Duration
}

// What X publishes.
const (
	lookback  = 7 * 24 * time.Hour
	keepAlive = 20 * time.Second
)

// xLadder is X's own: 50 connections in 15 minutes are allowed, of which some
// are kept for the operator's other tries.
func xLadder() collectors.Ladder {
	return collectors.Ladder{
		Network:     collectors.Steps{Add: 250 * time.Millisecond, Factor: 1, Most: 16 * time.Second, Exact: true},
		Unavailable: collectors.Steps{First: 5 * time.Second, Factor: 2, Most: 320 * time.Second, Exact: true},
		RateLimited: collectors.Steps{First: time.Minute, Factor: 2, Most: 16 * time.Minute, Exact: true},
		Attempts:    45, Window: 15 * time.Minute,
		Healthy: time.Minute,
	}
}

func (o *Options) complete() error {
	var mistakes []error
	bad := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if o.HTTP == nil {
		bad("no HTTP client is given")
	}
	if len(o.Campaigns) == 0 {
		bad("no campaign is given, so there is nothing to ask X for")
	}
	if o.BackfillMinutes < 0 || o.BackfillMinutes > 5 {
		bad("backfill minutes are %d; X gives 5 at most", o.BackfillMinutes)
	}
	if o.Backfill < 0 || o.Backfill > lookback {
		bad("backfill is %v; X's search reaches back 7 days", o.Backfill)
	}
	for i, age := range o.LookUps {
		if age <= 0 || age > lookback || i > 0 && age <= o.LookUps[i-1] {
			bad("the ages for look-ups must ascend and be at most 7 days")
			break
		}
	}
	if err := errors.Join(mistakes...); err != nil {
		return err
	}
	if o.Base == "" {
		o.Base = api.Base
	}
	if o.Token != "" {
		o.HTTP = dial.WithToken(o.HTTP, o.Base, o.Token)
	}
	if o.Name == "" {
		o.Name = "x/stream"
	}
	if o.LookUps == nil {
		o.LookUps = []time.Duration{15 * time.Minute, 2 * time.Hour, 24 * time.Hour}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Ladder == (collectors.Ladder{}) {
		o.Ladder = xLadder()
	}
	if o.Counts != nil {
		c := o.Counts.complete()
		o.Counts = &c
	}
	for _, d := range []struct {
		at  *time.Duration
		own time.Duration
	}{
		{&o.Stall, keepAlive + keepAlive/2},
		{&o.RuleDelay, 20 * time.Second},
		{&o.SearchLag, 15 * time.Second},
		{&o.Every, 5 * time.Second},
		{&o.LookUpEvery, time.Minute},
	} {
		if *d.at <= 0 {
			*d.at = d.own
		}
	}
	return nil
}

// rules are the options for rules of which X delivers percent.
func (o *Options) rules(percent int) rules.Options {
	r := rules.Options{Sample: percent, NoReposts: o.NoReposts}
	if o.Enterprise {
		r.Length, r.Most = rules.EnterpriseLength, rules.EnterpriseRules
	}
	return r
}
