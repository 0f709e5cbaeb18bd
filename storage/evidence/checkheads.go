package evidence

import (
	"fmt"
	"maps"
	"slices"

	"winnow/storage/evidence/chain"
)

// readNotices reads to whom heads were shown, and checks what they answered.
func (c *check) readNotices() error {
	text, err := c.text(noticesFile)
	if err != nil {
		return err
	}
	list, faults := chain.ReadNotices(c.chain, text)
	if c.o.Live && len(faults) == 1 && faults[0].What == chain.CutOff {
		faults = nil
	}
	c.faults(noticesFile, faults)
	c.notices, c.Notices = list.List, len(list.List)
	for i, n := range list.List {
		name := answerFile(i + 1)
		there := c.files.answers[i+1]
		delete(c.files.answers, i+1)
		if n.File.IsZero() {
			if there {
				c.say(name, 0, "added: no notice tells of it")
			}
			continue
		}
		// Not by the listing, which is older than the notices.
		answer, err := c.text(name)
		if err == nil && answer == nil {
			if !c.o.Partial {
				c.say(name, 0, "missing: notice %d tells of it", i+1)
			}
			continue
		}
		switch {
		case err != nil:
			return err
		case chain.Of(answer) != n.File:
			c.say(name, 0, "changed: it is not what notice %d tells of", i+1)
		case c.o.Answer != nil:
			if err := c.o.Answer(n.Means, answer, n.Head); err != nil {
				c.say(name, 0, "%v", err)
			}
		}
	}
	// One more than there are notices is what a crash leaves, or a check meanwhile sees.
	if !c.o.Live {
		for _, i := range slices.Sorted(maps.Keys(c.files.answers)) {
			c.say(answerFile(i), 0, "added: no notice tells of it, unless a crash left it; the next notice writes over it")
		}
	}
	return nil
}

// want notes which earlier heads are looked for.
func (c *check) want() {
	c.wanted, c.found = map[uint64]bool{}, map[uint64]chain.Hash{}
	for _, n := range c.notices {
		c.wanted[n.Head.Records] = true
	}
	for _, h := range c.o.Heads {
		c.wanted[h.Records] = true
	}
}

// judgeHeads says which earlier heads the chain does not have.
func (c *check) judgeHeads() {
	for i, n := range c.notices {
		if f := c.judge(n.Head); f == "" {
			c.Confirmed++
		} else if f != elsewhere || !c.o.Partial {
			c.fault(noticesFile, chain.Fault{Line: i + 1, What: fmt.Sprintf("%s (shown by %s at %s)", f, n.Means, chain.FormatTime(n.Time))})
		}
	}
	for i, h := range c.o.Heads {
		if h.Campaign != "" && h.Campaign != c.Campaign {
			continue
		}
		f := c.judge(h.Head)
		switch {
		case f == "":
			c.Confirmed++
			c.confirmed[i] = true
		case h.Campaign != "" || c.alone:
			c.fault("", chain.Fault{What: f})
			c.confirmed[i] = true // its fault is named
		}
	}
}

// elsewhere is said of a head in a segment that an excerpt leaves out.
const elsewhere = "the earlier head lies in a segment that is not here; ask for one that has it, or for the whole chain"

func (c *check) judge(h chain.Head) string {
	has, ok := c.found[h.Records]
	switch {
	case ok && has == h.Hash:
		return ""
	case ok:
		return fmt.Sprintf("rewritten: with %d records the head was %s, and is %s", h.Records, h.Hash, has)
	case h.Records > c.last:
		return fmt.Sprintf("cut off or rewritten: there was a head with %d records, and the chain has %d", h.Records, c.last)
	case c.o.Partial:
		return elsewhere
	}
	return fmt.Sprintf("dropped: there was a head with record %d, which has no line now", h.Records)
}
