package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"winnow/pipeline/post"
	"winnow/storage/view"
)

// hashed begins what stands for an id, hashSize is how many bytes of the hash follow it,
// in hexadecimal.
const (
	hashed   = "h:"
	hashSize = 16
)

// redactor makes of a dataset what the profile share tells. It takes what may be told;
// what nobody thought of is left out.
type redactor struct {
	hash func(parts ...string) [sha256.Size]byte
	own  []string // the keys of the campaign's tags
	// Accounts, objects and posts come again and again.
	accounts map[AccountRef]AccountRef
	objects  map[ObjectRef]ObjectRef
}

// redact returns what the profile share tells of d, in no order.
func redact(d *Dataset, hash func(parts ...string) [sha256.Size]byte) Dataset {
	r := redactor{hash, nil, make(map[AccountRef]AccountRef), make(map[ObjectRef]ObjectRef)}
	for _, t := range post.NewTags(d.Tags...) {
		r.own = append(r.own, t.Key)
	}
	f := &d.Finding
	out := Dataset{
		Profile: Share, Campaign: d.Campaign, Tags: d.Tags, Method: d.Method, Coverage: d.Coverage,
		Finding: Finding{
			ID: r.id("finding", f.ID), Kind: f.Kind, Sentence: claim(d), From: second(f.From), To: second(f.To), DetectedAt: second(f.DetectedAt),
			Bits: f.Bits, Confidence: f.Confidence, Observed: f.Observed, Expected: f.Expected, Target: r.account(f.Target), Declared: f.Declared,
		},
	}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		out.Accounts = append(out.Accounts, Account{
			AccountRef: r.account(a.AccountRef), Bits: a.Bits, First: second(a.First), Last: second(a.Last), Posts: a.Posts, Signals: a.Signals,
		})
	}
	for _, o := range d.Objects {
		out.Objects = append(out.Objects, Object{ObjectRef: r.object(o.ObjectRef), Accounts: o.Accounts, First: second(o.First), Last: second(o.Last)})
	}
	out.Posts = make([]Post, 0, len(d.Posts))
	for i := range d.Posts {
		out.Posts = append(out.Posts, r.post(&d.Posts[i]))
	}
	for _, u := range d.Uses {
		out.Uses = append(out.Uses, Use{r.account(u.Account), r.object(u.Object), u.Posts, second(u.First), second(u.Last)})
	}
	for _, p := range d.Pairs {
		out.Pairs = append(out.Pairs, Pair{r.account(p.A), r.account(p.B), p.Bits, second(p.First), second(p.Last)})
	}
	for i := range d.Evidence {
		out.Evidence = append(out.Evidence, r.evidence(&d.Evidence[i]))
	}
	for _, v := range d.Verdicts {
		out.Verdicts = append(out.Verdicts, view.Verdict{Judgement: v.Judgement, At: second(v.At)})
	}
	for _, g := range d.Gaps {
		g.Note = ""
		out.Gaps = append(out.Gaps, g)
	}
	return out
}

// id hides an id; none stays none.
func (r *redactor) id(what string, parts ...string) string {
	if parts[len(parts)-1] == "" {
		return ""
	}
	sum := r.hash(append([]string{what}, parts...)...)
	return hashed + hex.EncodeToString(sum[:hashSize])
}

func (r *redactor) account(a AccountRef) AccountRef {
	h, known := r.accounts[a]
	if !known {
		h = AccountRef{a.Platform, r.id("account", a.Platform, a.ID)}
		r.accounts[a] = h
	}
	return h
}

func (r *redactor) object(o ObjectRef) ObjectRef {
	h, known := r.objects[o]
	if !known {
		h = ObjectRef{o.Kind, r.id("object", o.Kind, o.ID)}
		r.objects[o] = h
	}
	return h
}

func (r *redactor) post(p *Post) Post {
	other := func(id string) string { return r.id("post", p.Platform, id) }
	return Post{
		Platform: p.Platform, ID: other(p.ID), Account: r.account(p.Account), Object: r.object(p.Object), Kind: p.Kind,
		At: second(p.At), SeenAt: second(p.SeenAt), Source: p.Source, Lang: p.Lang, Deleted: p.Deleted, Tags: r.tags(p.Tags),
		RepostOf: other(p.RepostOf), ReplyTo: other(p.ReplyTo), QuoteOf: other(p.QuoteOf),
	}
}

// tags returns the keys of those that are the campaign's own: how somebody spells them
// may tell who it is.
func (r *redactor) tags(posted []string) []string {
	var out []string
	for _, t := range post.NewTags(posted...) {
		if slices.Contains(r.own, t.Key) {
			out = append(out, t.Key)
		}
	}
	return out
}

func (r *redactor) evidence(e *view.FindingEvidence) view.FindingEvidence {
	party := func(p view.Party) view.Party {
		a := r.account(AccountRef{p.Platform, p.AccountID})
		return view.Party{Platform: a.Platform, AccountID: a.ID}
	}
	o := r.object(ObjectRef{e.ObjectKind, e.ObjectID})
	return view.FindingEvidence{
		Number: e.Number, Kind: e.Kind, ObjectKind: o.Kind, ObjectID: o.ID, A: party(e.A), B: party(e.B), From: second(e.From), To: second(e.To), Window: e.Window,
		Accounts: e.Accounts, Bits: e.Bits, Need: e.Need, Counted: e.Counted, DetectedAt: second(e.DetectedAt), Terms: e.Terms,
	}
}

// second is the whole second that a time lies in.
func second(t time.Time) time.Time { return t.Truncate(time.Second) }

// claim says what a finding claims in numbers only. The detector's own sentence names
// nobody either, but it is a text in a store.
func claim(d *Dataset) string {
	posts := make(map[[2]string]struct{}, len(d.Posts))
	for i := range d.Posts {
		posts[[2]string{d.Posts[i].Platform, d.Posts[i].ID}] = struct{}{}
	}
	did := "acted together"
	switch d.Finding.Kind {
	case "copies":
		did = "posted the same texts, links or images in step"
	case "reposts":
		did = "reposted the same posts in step"
	case "pile-on":
		did = "replied to or mentioned one account at once"
	case "flood":
		did = "came with a text of their own each"
	}
	took := time.Duration(math.Ceil(d.Finding.To.Sub(d.Finding.From).Seconds())) * time.Second
	number := func(x float64) string {
		if x < 0.05 {
			return "less than 0.1"
		}
		return strconv.FormatFloat(math.Round(10*x)/10, 'f', -1, 64)
	}
	return fmt.Sprintf("Accounts: %d. They %s: %d posts within %s, %s coincidences where chance would give %s.",
		len(d.Accounts), did, len(posts), took, number(d.Finding.Observed), number(d.Finding.Expected))
}
