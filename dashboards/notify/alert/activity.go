package alert

import (
	"cmp"
	"slices"
	"time"

	"winnow/storage/view"
)

// campaign tells how the activity in a campaign goes on.
func (b *Book) campaign(c Campaign, now time.Time) []Alert {
	t := b.Campaigns[c.Name]
	if t == nil {
		t = &Told{}
	}
	if t.Findings == nil {
		t.Findings = map[string]time.Time{}
	}
	sure := make([]view.FindingSummary, 0, len(c.Findings))
	for _, f := range c.Findings {
		if counts(f) {
			sure = append(sure, f)
		}
	}
	slices.SortFunc(sure, func(x, y view.FindingSummary) int {
		return cmp.Or(cmp.Compare(y.Bits, x.Bits), cmp.Compare(x.ID, y.ID))
	})
	out := t.look(c, sure, now)
	for id, last := range t.Findings {
		if now.Sub(last) > memory {
			delete(t.Findings, id)
		}
	}
	delete(b.Campaigns, c.Name)
	if t.Activity != nil || len(t.Findings) > 0 {
		b.Campaigns[c.Name] = t
	}
	return out
}

func (t *Told) look(c Campaign, sure []view.FindingSummary, now time.Time) []Alert {
	if t.Activity == nil {
		return t.begin(c, sure, now)
	}
	a := t.Activity
	current := within(sure, a.Since)
	if len(current) == 0 {
		return t.withdraw(c, now)
	}
	a.Gone = time.Time{}
	for _, f := range current {
		if f.EndedAt.After(a.Last) {
			a.Last = f.EndedAt
			a.Over = a.Over && now.Sub(a.Last) >= Quiet
		}
	}
	fresh := t.news(current, now)
	numbers := measure(c, current, a.Since)
	if a.Numbers.Coordinated == 0 {
		// It was not computed when it was told of.
		a.Numbers.Coordinated, a.Numbers.Posts = numbers.Coordinated, numbers.Posts
	}
	share, before := numbers.Share(), a.Numbers.Share()
	swells := before > 0 && share >= growFactor*before && share >= before+growPoints
	if (len(fresh) > 0 || swells) && now.Sub(a.TellAt) >= Pause {
		al := t.alert(Grows, c, current, fresh, numbers, now)
		al.Told, al.Over = before, now.Sub(a.Last) >= Quiet
		a.TellAt, a.Numbers, a.Over = now, numbers, al.Over
		return []Alert{al}
	}
	return t.end(c, current, fresh, numbers, now)
}

// begin tells of activity where none went on.
func (t *Told) begin(c Campaign, sure []view.FindingSummary, now time.Time) []Alert {
	fresh := t.news(sure, now)
	if len(fresh) == 0 {
		return nil
	}
	a := &Activity{TellAt: now}
	for _, f := range fresh {
		from := f.StartedAt
		if _, known := t.Findings[f.ID]; known {
			from = f.EndedAt // what was before was told, and is over
		}
		if a.Since.IsZero() || from.Before(a.Since) {
			a.Since = from
		}
		if f.EndedAt.After(a.Last) {
			a.Last = f.EndedAt
		}
	}
	a.Over = now.Sub(a.Last) >= Quiet
	a.Numbers = measure(c, within(sure, a.Since), a.Since)
	t.Activity = a
	al := t.alert(Begins, c, fresh, fresh, a.Numbers, now)
	al.Over = a.Over
	return []Alert{al}
}

// end tells that there was no evidence for Quiet, if that was not told and
// whoever would have seen some was there.
func (t *Told) end(c Campaign, current, fresh []view.FindingSummary, n Numbers, now time.Time) []Alert {
	a := t.Activity
	if now.Sub(a.Last) < Quiet || len(fresh) > 0 && now.Sub(a.TellAt) < Pause {
		return nil
	}
	if a.Over {
		// What comes within the pause still belongs to it.
		if now.Sub(a.TellAt) >= Pause {
			t.Activity = nil
		}
		return nil
	}
	unseen := !a.Unseen.IsZero() && a.Unseen.After(a.Last)
	if unseen && now.Sub(a.Unseen) < Quiet && now.Sub(a.Last) < Patience {
		return nil
	}
	al := t.alert(Ends, c, current, nil, n, now)
	al.Unseen = unseen
	t.Activity = nil
	return []Alert{al}
}

// withdraw tells that nothing is left of what was told.
func (t *Told) withdraw(c Campaign, now time.Time) []Alert {
	a := t.Activity
	if a.Gone.IsZero() {
		a.Gone = now
	}
	if now.Sub(a.Gone) < Settled {
		return nil
	}
	t.Activity = nil
	return []Alert{{Kind: Ends, At: now, Campaign: c.Name, Since: a.Since, Last: a.Last, Numbers: a.Numbers, Withdrawn: true}}
}

// alert is one about the findings given, which then count as told of.
func (t *Told) alert(k Kind, c Campaign, current, fresh []view.FindingSummary, n Numbers, now time.Time) Alert {
	al := Alert{Kind: k, At: now, Campaign: c.Name, Since: t.Activity.Since, Last: t.Activity.Last, Numbers: n, New: len(fresh)}
	if len(fresh) > 0 {
		al.Says = fresh[0].Sentence
	}
	for _, f := range slices.Concat(fresh, current) {
		if len(al.IDs) < maxIDs && !slices.Contains(al.IDs, f.ID) {
			al.IDs = append(al.IDs, f.ID)
		}
	}
	for _, f := range current {
		t.Findings[f.ID] = f.EndedAt
	}
	return al
}

// news are the findings that are worth telling: new ones, and while nothing goes
// on those with evidence long after what was told.
func (t *Told) news(fs []view.FindingSummary, now time.Time) []view.FindingSummary {
	var out []view.FindingSummary
	for _, f := range fs {
		if now.Sub(f.EndedAt) > Fresh {
			continue
		}
		last, known := t.Findings[f.ID]
		if !known || t.Activity == nil && f.EndedAt.Sub(last) >= Quiet {
			out = append(out, f)
		}
	}
	return out
}

// within are the findings with evidence from a time on.
func within(fs []view.FindingSummary, since time.Time) []view.FindingSummary {
	var out []view.FindingSummary
	for _, f := range fs {
		if !f.EndedAt.Before(since) {
			out = append(out, f)
		}
	}
	return out
}

// measure takes the numbers of a campaign, and of its findings what they say more:
// they are there before anything is computed from them.
func measure(c Campaign, fs []view.FindingSummary, since time.Time) Numbers {
	var n Numbers
	if c.Numbers != nil {
		n = c.Numbers(since)
	}
	n.Findings = len(fs)
	for _, f := range fs {
		// They may share accounts, so adding them up would overstate.
		n.Accounts = max(n.Accounts, f.Accounts)
	}
	return n
}
