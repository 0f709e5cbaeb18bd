package coordination

import "slices"

// settleTime is how long an object is watched after a burst before the share of
// its actions that the burst took is judged, in milliseconds: 60 windows of
// 60 s. Before, every cascade that has just begun looks like a ring.
const settleTime = 60 * 60 * 1000

// lookBack is the time in which an object's own rhythm is looked for, in
// milliseconds.
const lookBack = 20 * 60 * 1000

// crowdChance is the chance that one of those who post within the window
// happens on the same words.
func (c *core) crowdChance(d *doing, p pace) float64 {
	return c.traits.posts[p].count(d.at, c.paces[p].width) * wordChance(d)
}

// ownChance is the chance of company on an object by its own past. What
// everybody says is no surprise when five do at once: its rhythm is how many
// acted on it in the twenty minutes before the window, or, if that is more, how
// many of all who ever did would act within the window if each chose one of the
// campaign's posts, so that a busy minute has its share.
func (c *core) ownChance(d *doing, p pace) float64 {
	if p == crowd {
		return 0
	}
	width := c.paces[p].width
	var buf [maxPartners]uint64
	entries := c.journal.since(c.objects.rows.get(d.object).latest(), d.at-width-lookBack, buf[:])
	before, within := 0.0, 0.0
	for _, n := range entries {
		if c.journal.entry(n).at < d.at-width {
			before++
		} else {
			within++
		}
	}
	rhythm := before * float64(width) / lookBack
	busy := c.traits.posts[p].count(d.at, width) / float64(c.posts)
	mean := max(rhythm, (float64(d.past)-within)*busy)
	return mean / (1 + mean)
}

// judgeCopies weighs a burst of texts or images.
func (c *core) judgeCopies(b *burst) verdict {
	v := verdict{
		bits: min(runBits(b.peak-1, b.company), b.most), expected: 1 + b.company/(1-b.company), settled: true,
		trials: trialBits(b.trials) + scaleBits,
	}
	v.need = v.trials + burstBits
	v.found = v.bits >= v.need && (counts(b.pace, isAnswer, b.domain.declared()) || !b.addressed())
	return v
}

// judgeShare weighs a burst of links or headlines: what speaks is that nearly
// nobody passed them on at other times.
func (c *core) judgeShare(b *burst) verdict {
	if b.pace != fast {
		return verdict{settled: true} // that is how everybody passes things on
	}
	n := int(c.objects.rows.get(b.object).v.firsts)
	v := verdict{
		bits: shareBits(b.peak, n), expected: 1 + float64(n-1)*delayShare, settled: c.now-b.last() >= settleTime,
		trials: trialBits(b.trials),
	}
	v.need = v.trials + burstBits
	v.found = v.settled && v.bits >= v.need
	return v
}

// headline reports whether most members share their post's link with another
// member: they may all have pressed one button.
func (b *burst) headline() bool {
	return b.mostShare(func(m *member) uint32 { return m.link })
}

// addressed reports whether most members name the same account: they answer it,
// whether or not the platform calls that a reply.
func (b *burst) addressed() bool {
	return b.mostShare(func(m *member) uint32 { return m.named })
}

// mostShare reports whether most members have something, of which 0 is nothing,
// in common with another member.
func (b *burst) mostShare(of func(*member) uint32) bool {
	all := make([]uint32, 0, len(b.members))
	for i := range b.members {
		if x := of(&b.members[i]); x != 0 {
			all = append(all, x)
		}
	}
	slices.Sort(all)
	common := 0
	for i, x := range all {
		if i > 0 && all[i-1] == x || i+1 < len(all) && all[i+1] == x {
			common++
		}
	}
	return 2*common > len(b.members)
}
