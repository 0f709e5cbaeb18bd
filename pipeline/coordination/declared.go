package coordination

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// A declared action was announced: who takes part in it needs no proof that
// chance could not explain them. So once there is evidence that people act
// together in it, all who posted the same things under it are listed, and it
// is one finding, however its posts are spread over its hours. The accounts
// that are listed for that alone have no bits.

// roll is what was posted under declared actions, and by whom. It is searched
// only when there are findings about them.
type roll struct {
	entries paged[rollEntry]
	ignored uint64
}

type rollEntry struct {
	declared        uint8
	object, account uint32
	post            string // key
	at              int64
}

func (r *roll) fork() roll { return roll{entries: r.entries.fork(), ignored: r.ignored} }

// enroll notes that a post that matches a declared action made an object: a text,
// an image. What it passed on says nothing about taking part.
func (c *core) enroll(d *doing) {
	if d.declared == 0 || !d.kind.copied() {
		return
	}
	if int(c.roll.entries.n) >= c.cfg.Limits.Members {
		c.roll.ignored++
		return
	}
	*c.roll.entries.mut(c.roll.entries.add()) = rollEntry{d.declared, d.object, d.account, strings.Clone(d.key), d.at}
	c.accounts.rows.mut(d.account).pins++
	c.objects.rows.mut(d.object).pins++
}

// complete makes one finding of all that are about one declared action and one
// kind, and lists in it whoever posted the same things under it.
func (c *core) complete(found []Finding) []Finding {
	type key struct {
		action string
		kind   Kind
	}
	at := make(map[key]int)
	out := make([]Finding, 0, len(found))
	for _, f := range found {
		k := key{f.Declared, f.Kind}
		i, again := at[k]
		switch {
		case f.Declared == "":
			out = append(out, f)
		case !again:
			at[k] = len(out)
			out = append(out, f)
		default:
			out[i] = join(out[i], f)
		}
	}
	if len(at) == 0 {
		return out
	}
	rolls := make(map[rollKey][]rollEntry)
	for i := range c.roll.entries.n {
		e := c.roll.entries.get(i)
		k := rollKey{c.declared[e.declared], c.objectAt(e.object)}
		rolls[k] = append(rolls[k], *e)
	}
	for i := range out {
		if out[i].Declared != "" {
			c.fill(&out[i], rolls)
		}
	}
	return out
}

// rollKey is an object of a declared action.
type rollKey struct {
	action string
	object post.Object
}

// join adds the evidence of b to that of a. The stronger of the two speaks for
// both; the earlier one keeps its id, since findings come in order of time.
func join(a, b Finding) Finding {
	if b.Bits > a.Bits {
		a.Sentence, a.Bits, a.Expected, a.Observed = b.Sentence, b.Bits, b.Expected, b.Observed
	}
	for _, e := range b.Accounts {
		i := slices.IndexFunc(a.Accounts, func(x AccountEvidence) bool {
			return x.Platform == e.Platform && x.AccountID == e.AccountID
		})
		if i < 0 {
			a.Accounts = append(a.Accounts, e)
			continue
		}
		x := &a.Accounts[i]
		x.Bits += e.Bits
		x.stretch(e.First, e.Last)
	}
	for _, e := range b.Objects {
		if i := slices.IndexFunc(a.Objects, func(x ObjectEvidence) bool { return x.Object == e.Object }); i < 0 {
			a.Objects = append(a.Objects, e)
		}
	}
	a.Posts = append(a.Posts, b.Posts...)
	return a
}

func (a *AccountEvidence) stretch(first, last time.Time) {
	if first.Before(a.First) {
		a.First = first
	}
	if last.After(a.Last) {
		a.Last = last
	}
}

// fill adds to a declared finding whoever posted its objects under its action,
// and puts everything in the order of the other findings.
func (c *core) fill(f *Finding, rolls map[rollKey][]rollEntry) {
	type ref struct {
		platform post.Platform
		id       string
	}
	split := func(key string) ref {
		platform, id := splitKey(key)
		return ref{platform, id}
	}
	place := make(map[ref]int, len(f.Accounts))
	for i, a := range f.Accounts {
		place[ref{a.Platform, a.AccountID}] = i
	}
	type evidence struct {
		post   ref
		object post.Object
	}
	known := make(map[evidence]bool, len(f.Posts))
	f.Posts = slices.DeleteFunc(f.Posts, func(p PostEvidence) bool {
		e := evidence{ref{p.Platform, p.PostID}, p.Object}
		again := known[e]
		known[e] = true
		return again
	})
	with := len(f.Accounts)
	for i := range f.Objects {
		o := &f.Objects[i]
		users := make(map[string]bool)
		for _, e := range rolls[rollKey{f.Declared, o.Object}] {
			account := c.accounts.key(e.account)
			users[account] = true
			when, who, p := time.UnixMilli(e.at).UTC(), split(account), split(e.post)
			if n, ok := place[who]; ok {
				f.Accounts[n].stretch(when, when)
			} else {
				place[who] = len(f.Accounts)
				f.Accounts = append(f.Accounts, AccountEvidence{Platform: who.platform, AccountID: who.id, First: when, Last: when, Signals: c.accounts.rows.get(e.account).v.signals()})
			}
			if x := (evidence{p, o.Object}); !known[x] {
				known[x] = true
				f.Posts = append(f.Posts, PostEvidence{Platform: p.platform, PostID: p.id, AccountID: who.id, Object: o.Object, At: when, DetectedAt: f.DetectedAt})
			}
			if when.Before(o.First) {
				o.First = when
			}
			if when.After(o.Last) {
				o.Last = when
			}
		}
		o.Accounts = max(o.Accounts, len(users))
	}
	posts := make(map[ref]map[string]bool) // of each account
	for _, p := range f.Posts {
		who := ref{p.Platform, p.AccountID}
		if posts[who] == nil {
			posts[who] = make(map[string]bool)
		}
		posts[who][p.PostID] = true
	}
	for i := range f.Accounts {
		a := &f.Accounts[i]
		a.Posts = len(posts[ref{a.Platform, a.AccountID}])
		if a.First.Before(f.From) {
			f.From = a.First
		}
		if a.Last.After(f.To) {
			f.To = a.Last
		}
	}
	if more := len(f.Accounts) - with; more > 0 {
		f.Sentence += " " + many(more, "further account") + " posted the same under the declared action."
	}
	f.sort()
}

// sort puts the lists of a finding in a fixed order: accounts by bits, objects
// by accounts, posts by time.
func (f *Finding) sort() {
	slices.SortFunc(f.Accounts, func(a, b AccountEvidence) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.Platform, b.Platform), strings.Compare(a.AccountID, b.AccountID))
	})
	slices.SortFunc(f.Objects, func(a, b ObjectEvidence) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(a.Object.Kind, b.Object.Kind), strings.Compare(a.Object.ID, b.Object.ID))
	})
	slices.SortFunc(f.Posts, func(a, b PostEvidence) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Platform, b.Platform), strings.Compare(a.PostID, b.PostID),
			cmp.Compare(a.Object.Kind, b.Object.Kind), strings.Compare(a.Object.ID, b.Object.ID))
	})
}
