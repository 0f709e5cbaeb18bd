package filtered

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

// Probe implements collectors.Prober. It reads no posts and changes nothing.
// It costs nothing unless ProbeCounts is set: then each query is counted once,
// which costs as much as a post.
func (s *Source) Probe(ctx context.Context) []collectors.Check {
	p := &probe{Source: s}
	if !p.rules(ctx) {
		return p.checks
	}
	p.connections(ctx)
	p.usage(ctx)
	p.cost(ctx)
	p.limits()
	return p.checks
}

type probe struct {
	*Source
	checks []collectors.Check
}

func (p *probe) say(o collectors.Outcome, advice, format string, args ...any) {
	p.checks = append(p.checks, collectors.Check{Outcome: o, Text: fmt.Sprintf(format, args...), Advice: advice})
}

// failed tells an error, in the fault's own words.
func (p *probe) failed(o collectors.Outcome, what string, err error) {
	f := collectors.FromError(err)
	reason := errors.Unwrap(f)
	if reason == nil {
		reason = errors.New(string(f.Cause))
	}
	p.say(o, f.Advice, "%s: %v", what, reason)
}

// rules asks for the rules, which only a valid token may, and whether X would
// take those of the campaigns; false if asking more is of no use.
func (p *probe) rules(ctx context.Context) bool {
	o := p.o.rules(100)
	want, unwatchable := rules.Build(p.o.Campaigns, o)
	report, err := rules.Reconcile(ctx, p.client, want, o, true)
	if err != nil {
		if f := collectors.FromError(err); f.Cause == post.Unauthorised {
			p.failed(collectors.Bad, "X does not accept the token", err)
			return false
		}
		p.failed(collectors.Bad, "asking X about the rules of its stream", err)
		return collectors.FromError(err).Cause == post.Misconfigured
	}
	p.say(collectors.Good, "", "X is reachable and accepts the token")
	characters := 0
	for _, r := range want {
		characters += len([]rune(r.Value))
	}
	outcome, advice := collectors.Good, ""
	if len(report.Keep)+len(report.Add) == 0 {
		outcome, advice = collectors.Bad, "give the campaigns hashtags, terms or protected accounts"
	}
	p.say(outcome, advice, "rules that the campaigns need: %d, with %d characters; set already: %d, to be added: %d, to be deleted: %d",
		len(want), characters, len(report.Keep), len(report.Add), len(report.Remove))
	for _, u := range unwatchable {
		p.say(collectors.Warn, "write it in another way, or leave it to other sources", "%s", u)
	}
	for _, r := range report.Refused {
		p.say(collectors.Warn, "write it in another way, or leave it to other sources", "X does not take the rule %s: %s", r.Rule.Value, r.Why)
	}
	if n := len(report.Foreign); n > 0 {
		p.say(collectors.Warn, "give Winnow an X app of its own, or delete those rules", "the X app has %d rules of other programs, and what they match is paid for too", n)
	}
	if counts, err := p.client.RuleCounts(ctx); err == nil && counts.Cap > 0 {
		p.say(collectors.Good, "", "%d of the %d rules that X's plan allows are in use", counts.Used, counts.Cap)
	}
	return true
}

func (p *probe) connections(ctx context.Context) {
	open, err := p.client.Connections(ctx)
	switch {
	case err != nil:
		p.failed(collectors.Warn, "asking X which streams are open", err)
	case len(open) == 0:
		p.say(collectors.Good, "", "no stream of this X app is open")
	default:
		p.say(collectors.Warn, "if no other program uses this X app, it is Winnow itself or a dead connection, which Winnow ends when it connects",
			"streams of this X app that are open: %d", len(open))
	}
}

func (p *probe) usage(ctx context.Context) {
	u, err := p.client.Usage(ctx)
	if err != nil {
		p.failed(collectors.Warn, "asking X what was used", err)
	} else {
		outcome, advice := collectors.Good, ""
		if u.Cap > 0 && u.Used >= u.Cap/10*9 {
			outcome, advice = collectors.Warn, "raise the cap or buy credits in X's developer console"
		}
		p.say(outcome, advice, "%d of %d posts of X's own cap are used%s", u.Used, u.Cap, dollars(p.o.Budget.USDPerPost, u.Used))
	}
	b := p.o.Budget
	if b.PostsPerDay == 0 && b.PostsPerMonth == 0 {
		p.say(collectors.Warn, "set posts_per_day or posts_per_month", "no budget is set: everything that matches is read and paid for")
		return
	}
	sp := p.Spend()
	for _, l := range []struct {
		span        string
		used, limit uint64
	}{{"today", sp.PostsToday, b.PostsPerDay}, {"this month", sp.PostsMonth, b.PostsPerMonth}} {
		if l.limit > 0 {
			p.say(collectors.Good, "", "%d of the %d posts of the budget are spent %s%s",
				l.used, l.limit, l.span, dollars(b.USDPerPost, l.limit))
		}
	}
}

// cost counts the posts of the last seven days, to say what they would have
// cost, and what filling the past would.
func (p *probe) cost(ctx context.Context) {
	queries := 0
	for i := range p.o.Campaigns {
		queries += len(rules.Query(p.o.Campaigns[i], p.o.rules(100)))
	}
	if c := p.o.Counts; c != nil {
		daily := uint64(queries) * uint64(24*time.Hour/c.Every)
		p.say(collectors.Good, "", "counting every %v costs as much as %d posts a day%s", c.Every, daily, dollars(p.o.Budget.USDPerPost, daily))
	}
	if !p.o.ProbeCounts {
		p.say(collectors.Good, "", "what the campaigns will cost was not asked, since asking costs as much as reading %d%s",
			queries, dollars(p.o.Budget.USDPerPost, uint64(queries)))
		return
	}
	var week, past uint64
	for i := range p.o.Campaigns {
		c := &p.o.Campaigns[i]
		now := p.xNow()
		from := now.Add(-lookback).Add(time.Minute)
		counts, err := p.counts(ctx, c, from, now.Add(-p.o.SearchLag), api.Day)
		if err != nil {
			p.failed(collectors.Warn, fmt.Sprintf("counting the posts of campaign %q", c.Name), err)
			return
		}
		var n uint64
		for _, d := range counts {
			n += d.N
			// A day counts as far as it lies in the time to fill.
			if part := d.End.Sub(maxTime(d.Start, now.Add(-p.o.Backfill))); part > 0 && p.o.Backfill > 0 {
				past += uint64(float64(d.N) * float64(part) / float64(d.End.Sub(d.Start)))
			}
		}
		week += n
		p.say(collectors.Good, "", "campaign %q had %d posts in the last 7 days%s, without retweets where X does not count them",
			c.Name, n, dollars(p.o.Budget.USDPerPost, n))
	}
	p.foresee(week)
	if p.o.Backfill > 0 {
		o, advice := collectors.Good, ""
		if left, unlimited := p.guard.Left(p.o.Now(), spend.Search); !unlimited && past > left {
			o, advice = collectors.Warn, fmt.Sprintf("the budget allows %d for it now; shorten backfill or raise the budget", left)
		}
		p.say(o, advice, "filling the last %v costs about %d posts%s", p.o.Backfill, past, dollars(p.o.Budget.USDPerPost, past))
	}
}

// foresee compares what a week brought with the budget.
func (p *probe) foresee(week uint64) {
	day, month := week/7, week*30/7
	b := p.o.Budget
	var over []string
	if b.PostsPerDay > 0 && day > b.PostsPerDay {
		over = append(over, "day")
	}
	if b.PostsPerMonth > 0 && month > b.PostsPerMonth {
		over = append(over, "month")
	}
	o, advice := collectors.Good, ""
	if len(over) > 0 {
		o, advice = collectors.Warn, "that is more than the budget of a "+strings.Join(over, " and a ")+": a sample will be read; raise the budget or watch fewer hashtags"
	}
	p.say(o, advice, "at this rate they are %d posts a day%s and %d a month%s",
		day, dollars(b.USDPerPost, day), month, dollars(b.USDPerPost, month))
}

// limits tells where X's own limits are nearly reached.
func (p *probe) limits() {
	for _, l := range p.client.Limits() {
		if l.Limit > 0 && l.Remaining*5 < l.Limit {
			p.say(collectors.Warn, "wait until then before starting Winnow again", "only %d of %d requests are left for %s until %s UTC",
				l.Remaining, l.Limit, l.Endpoint, l.Reset.Format("15:04"))
		}
	}
}
