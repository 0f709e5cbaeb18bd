package change

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"winnow/pipeline/post"
)

// leastBefore is how many accounts must have posted in the day before for
// somebody to have held the tag; leastUsual how many posts must be usual in the
// time after for their absence to be telling.
const leastBefore, leastUsual = 5, 10

// tally is what an account or a thing has on either side.
type tally struct {
	posts, accounts [2]int
	newcomer        bool
}

// compareAll compares the sides of all changes that wait for it.
func (t *Tracker) compareAll() {
	for len(t.due) > 0 {
		t.compare(t.due[0])
	}
}

// compare fills in who and what was there before and after the beginning of a
// change, from the posts that are kept.
func (t *Tracker) compare(g *going) {
	t.due = slices.DeleteFunc(t.due, func(o *going) bool { return o == g })
	g.compared = true
	begin, end := g.from*bucketMs, (g.from+afterSide)*bucketMs
	if !g.To.IsZero() {
		end = min(end, g.To.UnixMilli())
	}
	first := t.recent.since((g.from - beforeSide) * bucketMs)
	last := t.recent.since(end)
	g.Before.From, g.Before.To = timeOf(g.from-beforeSide), timeOf(g.from)
	if t.recent.forced > 0 && first == 0 && t.recent.n > 0 {
		g.Before.From = timeOf(t.recent.at(0).at / bucketMs)
	}
	if g.Before.From.Before(timeOf(t.since)) {
		g.Before.From = timeOf(t.since)
	}
	g.After.From, g.After.To = timeOf(g.from), timeOf(min(end/bucketMs, max(g.last, t.bucket)+1))
	g.Usual = g.Expected

	tag, tagged := t.recent.ids[thing{ItemTag, g.Tag}]
	accounts, things := make(map[uint32]*tally), make(map[uint32]*tally)
	type use struct {
		account, thing uint32
		side           uint8
	}
	used := make(map[use]struct{})
	for i := first; i < last; i++ {
		r := t.recent.at(i)
		if g.Tag != "" && (!tagged || !slices.Contains(r.items, tag)) {
			continue
		}
		side := uint8(0)
		if r.at >= begin {
			side = 1
		}
		a := entry(accounts, r.account)
		a.posts[side]++
		a.newcomer = r.joined >= begin
		for _, id := range r.items {
			x := entry(things, id)
			x.posts[side]++
			u := use{r.account, id, side}
			if _, ok := used[u]; !ok {
				used[u] = struct{}{}
				x.accounts[side]++
			}
		}
	}
	g.people(t.recent.rows, accounts)
	g.things(t.recent.rows, things)
}

func entry(m map[uint32]*tally, id uint32) *tally {
	x := m[id]
	if x == nil {
		x = new(tally)
		m[id] = x
	}
	return x
}

// people says who posted on either side.
func (c *Change) people(rows []name, accounts map[uint32]*tally) {
	sides := [2]*Side{&c.Before, &c.After}
	var squares [2]float64
	shares := make([]AccountShare, 0, len(accounts))
	for id, a := range accounts {
		for i, s := range sides {
			if n := a.posts[i]; n > 0 {
				s.Posts += n
				s.Accounts++
				squares[i] += float64(n) * float64(n)
			}
		}
		switch {
		case a.posts[0] > 0 && a.posts[1] > 0:
			c.Stayed++
			c.StayedPosts += a.posts[1]
		case a.newcomer:
			c.Newcomers++
		}
		platform, account, _ := strings.Cut(rows[id].id, "/")
		shares = append(shares, AccountShare{
			Platform: post.Platform(platform), AccountID: account, Before: a.posts[0], After: a.posts[1], Newcomer: a.newcomer,
		})
	}
	for i, s := range sides {
		if squares[i] > 0 {
			s.Effective = float64(s.Posts) * float64(s.Posts) / squares[i]
		}
	}
	c.Hold = c.hold()
	// The busiest after, then of the rest the busiest before.
	order := func(of func(*AccountShare) int) func(a, b AccountShare) int {
		return func(a, b AccountShare) int {
			return cmp.Or(cmp.Compare(of(&b), of(&a)), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.AccountID, b.AccountID))
		}
	}
	slices.SortFunc(shares, order(func(a *AccountShare) int { return a.After }))
	half := min(len(shares), topItems/2)
	slices.SortFunc(shares[half:], order(func(a *AccountShare) int { return a.Before }))
	c.Accounts = slices.Clone(shares[:min(len(shares), topItems)])
}

// hold applies the rules of Hold.
func (c *Change) hold() Hold {
	switch n := float64(c.StayedPosts); {
	case c.Before.Accounts < leastBefore:
		return HoldNew
	case 2*c.StayedPosts >= c.After.Posts:
		return HoldKept
	case c.Usual < leastUsual:
		return HoldOutnumbered
	case 2*n >= c.Usual:
		return HoldDrowned
	default:
		return HoldTaken
	}
}

// things says what was talked about on either side. What counts is how many
// accounts did so, so that one loud account weighs one.
func (c *Change) things(rows []name, things map[uint32]*tally) {
	compared := 0
	for id := range things {
		if rows[id].id != c.Tag || rows[id].kind != ItemTag {
			compared++
		}
	}
	least := itemBits + math.Log2(float64(max(1, compared)))
	for id, x := range things {
		r := &rows[id]
		if r.kind == ItemTag && r.id == c.Tag {
			continue
		}
		item := Item{
			Kind: r.kind, ID: r.id, Label: r.label, AccountsBefore: x.accounts[0], AccountsAfter: x.accounts[1],
			PostsBefore: x.posts[0], PostsAfter: x.posts[1],
			Bits: shareBits(x.accounts[0], c.Before.Accounts, x.accounts[1], c.After.Accounts),
		}
		if r.kind == ItemLanguage {
			c.Languages = append(c.Languages, item)
		}
		switch rose := x.accounts[1]*c.Before.Accounts > x.accounts[0]*c.After.Accounts; {
		case item.Bits < least:
		case rose:
			c.Rose = append(c.Rose, item)
		default:
			c.Fell = append(c.Fell, item)
		}
	}
	surprising := func(a, b Item) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(c.Rose, surprising)
	slices.SortFunc(c.Fell, surprising)
	slices.SortFunc(c.Languages, func(a, b Item) int {
		return cmp.Or(cmp.Compare(b.AccountsBefore+b.AccountsAfter, a.AccountsBefore+a.AccountsAfter), cmp.Compare(a.ID, b.ID))
	})
	c.Rose = first(c.Rose)
	c.Fell = first(c.Fell)
	c.Languages = first(c.Languages)
}

func first(is []Item) []Item { return slices.Clone(is[:min(len(is), topItems)]) }
