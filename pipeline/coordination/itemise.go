package coordination

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// evidenceOfEdge itemises a pair, or an account with its group. counted is
// whether the finding rests on it.
func (c *core) evidenceOfEdge(g *edge, p community, counted bool) Evidence {
	e := Evidence{
		Kind: EvidencePair, Object: c.objectAt(g.founding.object), A: c.party(g.a),
		From: moment(g.first), To: moment(g.last), Window: time.Duration(c.window) * time.Millisecond,
		Accounts: 2, Bits: g.bits, Need: edgeBits, DetectedAt: moment(max(g.founding.at, p.since)),
		Terms: []Term{{
			Name: "meetings", Observed: float64(g.n), Of: float64(g.shared),
			Base: g.expected / float64(g.shared), Bits: g.bits,
		}},
	}
	if g.apart > c.window {
		e.Window = time.Duration(c.paces[hours].width) * time.Millisecond
	}
	if g.attached {
		e.Kind, e.Accounts = EvidenceGroup, 1
	} else {
		e.B = c.party(g.b)
	}
	if counted {
		e.Counted = g.bits
	}
	return e
}

// evidenceOfBurst itemises a burst; kept is how many of its accounts are listed.
func (c *core) evidenceOfBurst(b *burst, w *weighed, kept int) Evidence {
	e := Evidence{
		Object: c.objectAt(b.object), From: moment(b.members[0].at), To: moment(b.last()),
		Window: time.Duration(c.paces[b.pace].width) * time.Millisecond, Accounts: kept,
		Bits: w.verdict.bits, Need: w.verdict.need, Counted: w.bits, DetectedAt: moment(w.verdict.since),
	}
	switch {
	case b.pace == running:
		e.Kind, e.Terms = EvidenceRun, c.termsOfRun(b)
	case b.pace == flood:
		e.Kind, e.Terms = EvidenceFlood, b.tide.terms()
	case b.kind == aMention:
		e.Kind, e.Terms = EvidencePileOn, c.termsOfRush(b)
	case b.kind.copied() && !b.headline():
		e.Kind, e.Terms = EvidenceCopies, termsOfCopies(b)
	default:
		n := int(c.objects.rows.get(b.object).v.firsts)
		e.Kind = EvidenceHeadline
		e.Terms = []Term{{Name: "others within the window", Observed: float64(b.peak - 1), Of: float64(n - 1), Base: delayShare, Bits: w.verdict.bits}}
	}
	return e
}

// termsOfCopies: the others in the densest window, and the bits that so few
// words can carry, of which the lesser counts.
func termsOfCopies(b *burst) []Term {
	others := float64(b.peak - 1)
	ts := []Term{{Name: "others within the window", Observed: others, Of: others, Base: b.company, Bits: runBits(b.peak-1, b.company)}}
	if !math.IsInf(b.most, 1) {
		ts = append(ts, Term{Name: "words (at most)", Observed: b.most / occasionWord, Base: occasionWord, Bits: b.most})
	}
	return ts
}

// termsOfRun: what judgeRun adds up.
func (c *core) termsOfRun(b *burst) []Term {
	k, span, silence := len(b.members), b.last()-b.members[0].at, c.now-b.last()
	news := b.fresh
	ts := []Term{
		{Name: "begins with a run", Observed: minRun, Base: b.company, Bits: -math.Log2(b.company)},
		{Name: "accounts in the run", Observed: float64(k), Of: minRun, Base: runSlope, Bits: runSlope * math.Log2(float64(k)/minRun)},
		{Name: "seconds it took", Observed: float64(span) / 1000, Of: runSpan / 1000, Bits: math.Log2(runSpan / float64(max(span, shortestRun)))},
		{Name: "newcomers", Observed: float64(news), Of: float64(k), Base: b.news, Bits: newsBits(news, k, b.news)},
		{Name: "seconds of silence after", Observed: float64(min(silence, settleTime)) / 1000, Of: float64(k), Bits: stopBits(k, silence)},
	}
	if b.later > 0 {
		ts = append(ts, Term{Name: "stragglers", Observed: float64(b.later), Base: stragglerBits, Bits: -stragglerBits * float64(b.later)})
	}
	return ts
}

// terms: one for each group of posts that the flood is made of.
func (t *tide) terms() []Term {
	var ts []Term
	for s, k := range t.peak {
		if k > 0 {
			ts = append(ts, Term{Name: stratum(s).String(), Observed: float64(k), Base: t.mean[s], Bits: rateBits(k, t.mean[s])})
		}
	}
	return ts
}

// String says whose posts a stratum is, and what they are like.
func (s stratum) String() string {
	out := "newcomers"
	if s&ofRegulars != 0 {
		out = "regulars"
	}
	if s&dressed != 0 {
		out += ", with links or mentions"
	}
	if s&knownWords == 0 {
		out += ", strange words"
	}
	if s&knownPairs == 0 {
		out += ", strange phrases"
	}
	return out
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// sortEvidence puts what counts most first.
func sortEvidence(es []Evidence) {
	slices.SortStableFunc(es, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.Counted, a.Counted), cmp.Compare(b.Bits, a.Bits), a.From.Compare(b.From),
			strings.Compare(a.Object.ID, b.Object.ID), strings.Compare(string(a.Kind), string(b.Kind)),
			strings.Compare(a.A.AccountID, b.A.AccountID), strings.Compare(a.B.AccountID, b.B.AccountID))
	})
}

// discount takes back what counts, where other evidence speaks for it.
func discount(es []Evidence) {
	for i := range es {
		es[i].Counted = 0
	}
}
