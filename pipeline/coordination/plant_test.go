package coordination

import (
	"fmt"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// The attacks that are planted in the worlds of talk_test.go, beside those that
// are there.

// ring has accounts pass on new posts within the spread, one an interval, which
// nobody else passes on.
func (w *world) ring(prefix string, accounts, posts int, at time.Time, spread, interval time.Duration) {
	for i := range posts {
		p := w.add(&post.Post{Account: account(prefix+"source", i), PostedAt: at.Add(time.Duration(i) * interval), Text: w.words(11)})
		for r := range accounts {
			w.repost(account(prefix, r), p, w.within(p.PostedAt.Add(20*time.Second), spread))
		}
	}
}

// flood has new accounts post a text of their own each within the spread.
func (w *world) flood(prefix string, accounts int, at time.Time, spread time.Duration, text func() string) {
	for i := range accounts {
		w.add(&post.Post{Account: account(prefix, i), PostedAt: w.within(at, spread), Text: text() + " #Baku2015"})
	}
}

// nonsense draws a text of n words that nobody ever used.
func (w *world) nonsense(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 5 + w.rng.IntN(5) {
			b.WriteByte(byte('a' + w.rng.IntN(26)))
		}
	}
	return b.String()
}

// changed returns a text as somebody copies it who does not want it to be seen:
// one word is another, and a phrase, a tag or a link stands around it.
func (w *world) changed(text string) string {
	words := strings.Fields(text)
	words[w.rng.IntN(len(words))] = w.nonsense(1)
	text = strings.Join(words, " ")
	switch w.rng.IntN(4) {
	case 0:
		return "please read: " + text
	case 1:
		return strings.ToUpper(text) + "!!"
	case 2:
		return text + fmt.Sprintf(" #tag%d", w.rng.IntN(1000))
	default:
		return text + " \U0001F525"
	}
}

// changedCopies has accounts post one text, each changed in its own way.
func (w *world) changedCopies(prefix string, accounts int, at time.Time, spread time.Duration) {
	text := w.words(14)
	for i := range accounts {
		w.add(&post.Post{Account: account(prefix, i), PostedAt: w.within(at, spread), Text: w.changed(text) + " #Baku2015"})
	}
}

// slowCopies has accounts post one text, evenly over a time.
func (w *world) slowCopies(prefix string, accounts, words int, at time.Time, over time.Duration) {
	text := w.words(words)
	for i := range accounts {
		w.add(&post.Post{
			Account: account(prefix, i), Text: text + " #Baku2015",
			PostedAt: w.within(at.Add(time.Duration(i)*over/time.Duration(accounts)), over/time.Duration(2*accounts)),
		})
	}
}

// planted are the prefixes of the attackers in attackedWorld.
var planted = []string{"copier", "piler", "ring", "team", "flooder", "changer", "slow"}

// attackedWorld is talk with one attack of every kind. No two posts have the
// same time, so that nothing depends on how posts are named.
func attackedWorld(seed uint64) *world {
	w := newWorld(seed)
	w.talk(700, 500, 30*time.Hour)
	w.viral(200, start.Add(5*time.Hour))
	w.copies("copier", 20, 2, 2, start.Add(8*time.Hour), 50*time.Second)
	w.changedCopies("changer", 16, start.Add(13*time.Hour), 50*time.Second)
	w.pileOn(account("victim", 0), 40, start.Add(15*time.Hour), 8*time.Minute)
	w.flood("flooder", 60, start.Add(18*time.Hour), 50*time.Second, func() string { return w.nonsense(9) })
	w.ring("ring", 15, 1, start.Add(21*time.Hour), 30*time.Second, time.Hour)
	w.slowCopies("slow", 12, 14, start.Add(22*time.Hour), 80*time.Minute)
	w.ring("team", 4, 9, start.Add(4*time.Hour), 30*time.Second, 150*time.Minute)
	w.spread()
	return w
}

// spread gives every post a time of its own, some milliseconds on, where two have
// the same.
func (w *world) spread() {
	ps := w.sorted()
	for i := 1; i < len(ps); i++ {
		if !ps[i].PostedAt.After(ps[i-1].PostedAt) {
			ps[i].PostedAt = ps[i-1].PostedAt.Add(time.Millisecond)
		}
	}
}

var attackedConfig = Config{Campaign: "Baku2015", Protected: []string{"victim0"}}

// caught counts the accounts with a prefix in all findings.
func caught(fs []Finding, prefix string) int {
	seen := map[string]bool{}
	for i := range fs {
		for _, a := range fs[i].Accounts {
			if rest, ok := strings.CutPrefix(a.AccountID, prefix); ok && strings.Trim(rest, "0123456789") == "" {
				seen[a.AccountID] = true
			}
		}
	}
	return len(seen)
}

// bystanders counts the accounts in findings that no attack planted.
func bystanders(fs []Finding) int {
	n := 0
	for i := range fs {
		n += len(fs[i].Accounts)
		for _, prefix := range planted {
			n -= caught(fs[i:i+1], prefix)
		}
	}
	return n
}
