package replay

import (
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/storage/view"
)

// KnownAt is when a finding's evidence was enough. Where that is not known it is when the
// evidence ended: it was enough then at the latest.
func KnownAt(f view.FindingSummary) time.Time {
	if f.DetectedAt.IsZero() {
		return f.EndedAt
	}
	return f.DetectedAt
}

// Known is what was known about a campaign at one moment.
type Known struct {
	// Answers are those of the findings that were known by then, from their evidence
	// up to then.
	answer.Answers
	// Enough is when evidence was first enough.
	Enough time.Time
	// Findings, Early and Declared count the findings known by then. Open counts those
	// of which there was evidence, not enough yet.
	Findings, Early, Declared, Open uint64
	// Newest is the one that was known last, of those that answer; nil without any.
	Newest *view.FindingSummary
	// Change is the one of the whole campaign or a tag that began last; nil without
	// any. Changes counts them.
	Change  *view.Change
	Changes uint64
}

// knownAt gathers what was known at a moment.
func knownAt(t time.Time, findings []view.FindingSummary, changes []view.Change) Known {
	var k Known
	var known []view.FindingSummary
	for _, f := range findings {
		switch {
		case KnownAt(f).After(t):
			if !f.StartedAt.After(t) && f.Declared == "" {
				k.Open++
			}
			continue
		case f.EndedAt.After(t):
			f.EndedAt = t
		}
		known = append(known, f)
	}
	k.Answers = answer.Of(known, t)
	parted := answer.Part(known)
	k.Findings, k.Early, k.Declared = uint64(len(parted.Undeclared)), uint64(len(parted.Early)), uint64(len(parted.Declared))
	for i, f := range parted.Undeclared {
		at := KnownAt(f)
		if k.Enough.IsZero() || at.Before(k.Enough) {
			k.Enough = at
		}
		if k.Newest == nil || at.After(KnownAt(*k.Newest)) {
			k.Newest = &parted.Undeclared[i]
		}
	}
	for i, c := range changes {
		if c.From.After(t) {
			continue
		}
		k.Changes++
		if k.Change == nil || c.From.After(k.Change.From) || c.From.Equal(k.Change.From) && c.Bits > k.Change.Bits {
			k.Change = &changes[i]
		}
	}
	if k.Ongoing {
		k.Last = time.Time{} // it is now, and the moments of now are all alike
	}
	return k
}

// same says whether two moments are told in the same words.
func (k Known) same(o Known) bool {
	return k.key() == o.key() && slices.Equal(k.targets(), o.targets())
}

type key struct {
	found, ongoing                         bool
	since, last, enough                    time.Time
	findings, early, declared, open, moved uint64
	newest, change                         string
}

func (k Known) key() key {
	out := key{
		found: k.Found, ongoing: k.Ongoing, since: k.Since, last: k.Last, enough: k.Enough,
		findings: k.Findings, early: k.Early, declared: k.Declared, open: k.Open, moved: k.Changes,
	}
	if k.Newest != nil {
		out.newest = k.Newest.ID
	}
	if k.Change != nil {
		out.change = strings.Join([]string{k.Change.ID, k.Change.Tag}, "\x00")
	}
	return out
}

func (k Known) targets() []string {
	var names []string
	for _, t := range k.Targets {
		names = append(names, t.Name)
	}
	return names
}

// Count is the posts from the beginning of a replay up to a moment, as they are known
// today.
type Count struct {
	At                                    time.Time
	Posts, Organic, Coordinated, Declared uint64
	// Accounts and CoordinatedAccounts are the most that posted in one of the store's
	// buckets so far: accounts do not add up over time.
	Accounts, CoordinatedAccounts uint64
	// Known is what was known then.
	Known *Known
}

// count adds a series up to each moment of a span. Its last bucket may not be over yet
// at the last moment.
func count(s span, series []view.SeriesPoint) []Count {
	all := make([]Count, s.moments())
	for i := range all {
		all[i].At = s.at(i)
	}
	for _, p := range series {
		i := s.upTo(p.At.Add(s.step()))
		if p.At.Before(s.From) || i >= len(all) {
			continue
		}
		c := &all[i]
		c.Posts += p.Posts
		c.Organic += answer.Organic(p)
		c.Coordinated += p.CoordinatedPosts
		c.Declared += p.DeclaredPosts
		c.Accounts = max(c.Accounts, p.Accounts)
		c.CoordinatedAccounts = max(c.CoordinatedAccounts, p.CoordinatedAccounts)
	}
	for i := 1; i < len(all); i++ {
		c, before := &all[i], all[i-1]
		c.Posts += before.Posts
		c.Organic += before.Organic
		c.Coordinated += before.Coordinated
		c.Declared += before.Declared
		c.Accounts = max(c.Accounts, before.Accounts)
		c.CoordinatedAccounts = max(c.CoordinatedAccounts, before.CoordinatedAccounts)
	}
	return all
}
