package export

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"winnow/storage/view"
)

// Store is what a dataset is read from.
type Store interface {
	// WholeFinding returns an open finding and calls each for every post of it.
	WholeFinding(ctx context.Context, campaign, id string, each func(*view.WholePost) error) (view.WholeFinding, bool, error)
	// Coverage and AllGaps tell how much was seen of a campaign in a stretch of time.
	Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error)
	AllGaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error)
}

// Options says what to read, and what to tell of it.
type Options struct {
	Campaign, ID string
	Profile      Profile
	// Hash is a keyed hash of parts, of which it matters where one ends: what stands for
	// accounts, posts and objects in the profile share. It must be the same for all
	// exports of a campaign.
	Hash func(parts ...string) [sha256.Size]byte
	// Tags and Method are those of the dataset.
	Tags   []string
	Method map[string]string
	// Now bounds the coverage: what is to come is no gap yet. It matters in the hour after
	// a finding only; zero is long after it.
	Now time.Time
	// MaxPosts is how many posts, counted once for each object, are exported at most; zero
	// is a million, which takes a gigabyte of memory.
	MaxPosts int
}

// ErrNoFinding says that there is no such finding, or that it is not open any more.
var ErrNoFinding = errors.New("no open finding has this id; the campaign's page and its API list those that are open")

// ErrTooLarge says that a finding has more posts than may be exported.
var ErrTooLarge = errors.New("the finding has more posts than an export may have")

// attempts is how often a finding that changes meanwhile is read.
const attempts = 3

// aroundFinding is how long before and after a finding the coverage is told.
const aroundFinding = time.Hour

// Read reads a finding, and leaves out what the profile does not tell. Its error is
// ErrNoFinding or ErrTooLarge where that is the reason.
func Read(ctx context.Context, s Store, o Options) (Dataset, error) {
	switch {
	case o.Profile != Share && o.Profile != Prove:
		return Dataset{}, fmt.Errorf("export finding %s: there is no profile %q; choose share or prove", o.ID, o.Profile)
	case o.Profile == Share && o.Hash == nil:
		return Dataset{}, fmt.Errorf("export finding %s: the profile share needs the key of the campaign's pseudonyms", o.ID)
	}
	d, err := read(ctx, s, o)
	for n := 1; errors.Is(err, view.ErrChanged) && n < attempts; n++ {
		d, err = read(ctx, s, o)
	}
	if err != nil {
		return Dataset{}, fmt.Errorf("export finding %s: %w", o.ID, err)
	}
	if o.Profile == Share {
		d = redact(&d, o.Hash)
	}
	d.sort()
	return d, nil
}

// read reads a finding with all that is known of it.
func read(ctx context.Context, s Store, o Options) (Dataset, error) {
	most := cmp.Or(o.MaxPosts, 1_000_000)
	d := Dataset{Profile: Prove, Campaign: o.Campaign, Tags: slices.Clone(o.Tags), Method: maps.Clone(o.Method)}
	known := make(intern)
	w, ok, err := s.WholeFinding(ctx, o.Campaign, o.ID, func(p *view.WholePost) error {
		if len(d.Posts) == most {
			return fmt.Errorf("%w: %d", ErrTooLarge, most)
		}
		d.Posts = append(d.Posts, known.post(p))
		return nil
	})
	if err != nil {
		return Dataset{}, err
	}
	if !ok {
		return Dataset{}, ErrNoFinding
	}
	d.take(&w)
	from, to := w.StartedAt.Add(-aroundFinding), w.EndedAt.Add(aroundFinding)
	if !o.Now.IsZero() && o.Now.Before(to) {
		to = o.Now
	}
	if d.Coverage, err = s.Coverage(ctx, o.Campaign, from, to); err != nil {
		return Dataset{}, err
	}
	if d.Gaps, err = s.AllGaps(ctx, o.Campaign, from, to); err != nil {
		return Dataset{}, err
	}
	return d, nil
}

// take fills in what follows from a finding and from the posts that d has.
func (d *Dataset) take(w *view.WholeFinding) {
	d.Finding = Finding{
		ID: w.ID, Kind: w.Kind, Sentence: w.Sentence, From: w.StartedAt.UTC(), To: w.EndedAt.UTC(), DetectedAt: utc(w.DetectedAt), Bits: w.Bits,
		Confidence: w.Confidence, Observed: w.Observed, Expected: w.Expected, TargetHandle: w.TargetHandle, Declared: w.Declared,
	}
	if w.Target != "" {
		d.Finding.Target = AccountRef{ID: w.Target}
	}
	for i := range w.AccountRows {
		a := &w.AccountRows[i]
		d.Accounts = append(d.Accounts, Account{
			AccountRef: AccountRef{a.Platform, a.AccountID}, Handle: a.Handle, Name: a.Name, CreatedAt: a.CreatedAt, Followers: a.Followers,
			Bits: a.Bits, First: a.First.UTC(), Last: a.Last.UTC(), Posts: a.Posts, Signals: a.Signals,
		})
		if w.Target != "" {
			d.Finding.Target.Platform = a.Platform
		}
	}
	if slices.ContainsFunc(d.Accounts, func(a Account) bool { return a.Platform != d.Accounts[0].Platform }) {
		d.Finding.Target.Platform = ""
	}
	for _, o := range w.ObjectRows {
		d.Objects = append(d.Objects, Object{ObjectRef{o.Kind, o.ID}, o.Label, o.Accounts, o.First.UTC(), o.Last.UTC()})
	}
	d.Evidence, d.Verdicts = w.EvidenceRows, w.Verdicts
	slices.Reverse(d.Verdicts)
	d.use()
	d.pair()
}

// use counts what accounts did with objects.
func (d *Dataset) use() {
	type key struct {
		account AccountRef
		object  ObjectRef
	}
	at := make(map[key]int)
	for i := range d.Posts {
		p := &d.Posts[i]
		k := key{p.Account, p.Object}
		n, known := at[k]
		if !known {
			n, at[k] = len(d.Uses), len(d.Uses)
			d.Uses = append(d.Uses, Use{Account: p.Account, Object: p.Object, First: p.At, Last: p.At})
		}
		u := &d.Uses[n]
		u.Posts++
		u.First, u.Last = earlier(u.First, p.At), later(u.Last, p.At)
	}
}

// pair takes the pairs from the evidence.
func (d *Dataset) pair() {
	at := make(map[[2]AccountRef]int)
	for i := range d.Evidence {
		e := &d.Evidence[i]
		if e.Kind != "pair" {
			continue
		}
		a, b := AccountRef{e.A.Platform, e.A.AccountID}, AccountRef{e.B.Platform, e.B.AccountID}
		if compareAccounts(a, b) > 0 {
			a, b = b, a
		}
		n, known := at[[2]AccountRef{a, b}]
		if !known {
			n, at[[2]AccountRef{a, b}] = len(d.Pairs), len(d.Pairs)
			d.Pairs = append(d.Pairs, Pair{A: a, B: b, First: e.From, Last: e.To})
		}
		p := &d.Pairs[n]
		p.Bits = max(p.Bits, e.Bits)
		p.First, p.Last = earlier(p.First, e.From), later(p.Last, e.To)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// utc is t in UTC; the zero time stays the zero value.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// intern keeps each string once: accounts and objects come again with every post.
type intern map[string]string

func (in intern) one(s string) string {
	if known, ok := in[s]; ok {
		return known
	}
	in[s] = s
	return s
}

func (in intern) post(p *view.WholePost) Post {
	for i, t := range p.Tags {
		p.Tags[i] = in.one(t)
	}
	return Post{
		Platform: in.one(p.Platform), ID: p.PostID, Account: AccountRef{in.one(p.Platform), in.one(p.AccountID)},
		Object: ObjectRef{in.one(p.ObjectKind), in.one(p.ObjectID)}, Kind: in.one(p.Kind), At: p.At.UTC(), SeenAt: utc(p.SeenAt), Source: in.one(p.Source),
		Lang: in.one(p.Lang), Deleted: p.Deleted, Handle: in.one(p.Handle), Text: p.Text, URL: p.URL, Tags: p.Tags, Links: p.Links, Mentions: p.Mentions,
		RepostOf: p.RepostOf, ReplyTo: p.ReplyTo, QuoteOf: p.QuoteOf,
	}
}
