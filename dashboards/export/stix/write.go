package stix

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"winnow/dashboards/export"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

const (
	specVersion = "2.1"
	// makerDate is when the identity of Winnow was written down. It is the same in all
	// bundles, and so is its content.
	makerDate = "2026-11-29T00:00:00.000Z"
	// mostObserved is the most that number_observed may be (section 4.14).
	mostObserved = 999_999_999
)

// Options are what a bundle needs to know that is not in the dataset.
type Options struct {
	// Producer tells the objects of one operator from those of others that watch the same
	// campaign, for instance by the fingerprint of the key that signs. It only goes into
	// ids, hashed. Exports of one finding need the same.
	Producer string
}

// Write writes a dataset as one STIX 2.1 bundle: indented JSON, the same bytes for the same
// dataset and options. It fails if nothing tells when the finding was, or if w does.
func Write(w io.Writer, d export.Dataset, o Options) error {
	b := builder{data: &d, producer: o.Producer, seen: make(map[string]bool), accounts: make(map[export.AccountRef]string)}
	if err := b.build(); err != nil {
		return fmt.Errorf("writing finding %s as STIX: %w", d.Finding.ID, err)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	out := bundle{Type: "bundle", ID: b.newID("bundle", b.modified), Objects: b.objects}
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("writing finding %s as STIX: %w", d.Finding.ID, err)
	}
	return nil
}

// builder collects the objects of one bundle.
type builder struct {
	data     *export.Dataset
	producer string
	objects  []object
	seen     map[string]bool
	// accounts are the ids of the user-accounts there are.
	accounts          map[export.AccountRef]string
	created, modified string
	marking           string
	confidence        *int
}

func (b *builder) build() error {
	f := &b.data.Finding
	created := firstTime(f.DetectedAt, f.To, f.From)
	if created.IsZero() {
		return errors.New("it has no time: export it again after `winnow rebuild`")
	}
	b.created, b.modified = stamp(created), stamp(b.latest(created))
	b.confidence = confidence(b.data)
	b.add(maker())
	mark := markingOf(b.data.Profile)
	b.marking = mark.ID
	b.add(mark)
	r := b.report()
	b.add(r)
	first := len(b.objects)
	b.addTechniques(r.ID)
	b.addAccounts()
	b.addObservations()
	b.addPairs()
	b.addNotes(r.ID)
	for _, o := range b.objects[first:] {
		r.ObjectRefs = append(r.ObjectRefs, o.id())
	}
	return nil
}

// add takes an object in, unless there is one of its id.
func (b *builder) add(o object) {
	if b.seen[o.id()] {
		return
	}
	b.seen[o.id()] = true
	b.objects = append(b.objects, o)
}

// newID returns an id for an object of this finding, producer and profile: what two profiles
// tell of one finding is not the same object.
func (b *builder) newID(kind string, parts ...string) string {
	d := b.data
	return objectID(kind, append([]string{b.producer, string(d.Profile), d.Campaign, d.Finding.ID}, parts...)...)
}

// own returns the common properties of an object of this finding.
func (b *builder) own(kind string, parts ...string) common {
	return common{
		Type: kind, SpecVersion: specVersion, ID: b.newID(kind, parts...), CreatedByRef: makerID(),
		Created: b.created, Modified: b.modified, Lang: "en", ObjectMarkingRefs: []string{b.marking},
	}
}

// latest returns the last time that the dataset knows of: if it tells more than before, that
// is a later version of the same objects.
func (b *builder) latest(t time.Time) time.Time {
	later := func(u time.Time) {
		if u.After(t) {
			t = u
		}
	}
	d := b.data
	later(d.Finding.From)
	later(d.Finding.To)
	for i := range d.Posts {
		later(d.Posts[i].At)
		later(d.Posts[i].SeenAt)
	}
	for i := range d.Evidence {
		later(d.Evidence[i].DetectedAt)
	}
	for i := range d.Verdicts {
		later(d.Verdicts[i].At)
	}
	return t
}

func (b *builder) report() *report {
	d := b.data
	r := &report{
		common:      b.own("report"),
		Name:        clean("Coordinated " + noun(d.Finding.Kind) + " in " + d.Campaign),
		Description: clean(b.described()),
		ReportTypes: []string{"observed-data"},
		Published:   b.modified,
	}
	r.Confidence = b.confidence
	r.Labels = []string{"coordinated", clean(d.Finding.Kind)}
	if d.Finding.Declared != "" {
		r.Labels = append(r.Labels, "declared")
	}
	if j := judgement(d); j != storage.Unjudged {
		r.Labels = append(r.Labels, clean(string(j)))
	}
	r.ExternalReferences = []reference{{SourceName: "winnow", Description: "the finding's id in Winnow", ExternalID: clean(d.Finding.ID)}}
	return r
}

func noun(kind string) string {
	switch coordination.Kind(kind) {
	case coordination.KindPileOn:
		return "replies and mentions (pile-on)"
	case coordination.KindFlood:
		return "arrival of many accounts (flood)"
	default:
		return kind
	}
}

func (b *builder) addTechniques(reportID string) {
	for _, t := range techniques(b.data) {
		p := t.pattern()
		b.add(p)
		r := &relationship{
			common: b.own("relationship", "reads like", t.id), RelationshipType: "related-to", SourceRef: reportID, TargetRef: p.ID,
			Description: "What was measured reads like this technique: " + t.seen + ". Not measured: " + t.unseen + ".",
		}
		r.Confidence = atMost(b.confidence, t.limit)
		b.add(r)
	}
}

// addAccounts adds the accounts of the finding. The target is not among them: whoever
// collects the accounts of a bundle would take the attacked for an attacker.
func (b *builder) addAccounts() {
	for i := range b.data.Accounts {
		a := &b.data.Accounts[i]
		created := ""
		if a.CreatedAt != nil && !a.CreatedAt.IsZero() {
			created = stamp(*a.CreatedAt)
		}
		b.account(a.AccountRef, a.Handle, a.Name, created)
	}
}

// account returns the id of an account's user-account, and adds one if there is none yet.
func (b *builder) account(ref export.AccountRef, handle, name, created string) string {
	if id, ok := b.accounts[ref]; ok {
		return id
	}
	u := &userAccount{
		common: common{Type: "user-account", SpecVersion: specVersion, ObjectMarkingRefs: []string{b.marking}},
		UserID: clean(ref.ID), AccountLogin: clean(handle), AccountType: accountType(ref.Platform), DisplayName: clean(name), AccountCreated: created,
	}
	u.ID = observableID("user-account", [2]string{"account_type", u.AccountType}, [2]string{"user_id", u.UserID}, [2]string{"account_login", u.AccountLogin})
	b.accounts[ref] = u.ID
	b.add(u)
	return u.ID
}

// accountType returns a platform's name in account-type-ov (section 10.2), which is open and
// knows X by the name it once had.
func accountType(platform string) string {
	if platform == string(post.X) {
		return "twitter"
	}
	return clean(platform)
}

// addObservations adds what each account posted: once for each post that has an address, and
// once for all others of an account. Their numbers add up to the account's posts.
func (b *builder) addObservations() {
	type key struct{ platform, id string }
	d := b.data
	posts := make(map[key]bool, len(d.Posts))
	all, addressed := make(map[export.AccountRef]uint64), make(map[export.AccountRef]uint64)
	for i := range d.Posts {
		p := &d.Posts[i]
		k := key{p.Platform, p.ID}
		if posts[k] {
			continue
		}
		posts[k] = true
		all[p.Account]++
		account := b.account(p.Account, p.Handle, "", "")
		if !isAddress(p.URL) {
			continue
		}
		addressed[p.Account]++
		u := &address{common: common{Type: "url", SpecVersion: specVersion, ObjectMarkingRefs: []string{b.marking}}, Value: p.URL}
		u.ID = observableID("url", [2]string{"value", p.URL})
		b.add(u)
		at := stamp(firstTime(p.At, p.SeenAt, d.Finding.From))
		b.add(&observedData{common: b.own("observed-data", "post", p.Platform, p.ID), FirstObserved: at, LastObserved: at, NumberObserved: 1, ObjectRefs: []string{account, u.ID}})
	}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		n := max(a.Posts, all[a.AccountRef]) - addressed[a.AccountRef]
		if n == 0 {
			continue
		}
		first := firstTime(a.First, d.Finding.From, d.Finding.To, d.Finding.DetectedAt)
		last := first
		if a.Last.After(first) {
			last = a.Last
		}
		b.add(&observedData{
			common: b.own("observed-data", "account", a.Platform, a.ID), FirstObserved: stamp(first), LastObserved: stamp(last),
			NumberObserved: min(n, mostObserved), ObjectRefs: []string{b.accounts[a.AccountRef]},
		})
	}
}

func (b *builder) addPairs() {
	for i := range b.data.Pairs {
		p := &b.data.Pairs[i]
		if p.A == p.B {
			continue
		}
		r := &relationship{
			common:           b.own("relationship", "in step", p.A.Platform, p.A.ID, p.B.Platform, p.B.ID),
			RelationshipType: "related-to",
			Description:      "These two accounts acted in step, with " + figure(p.Bits) + " bits of evidence against chance.",
			SourceRef:        b.account(p.A, "", "", ""), TargetRef: b.account(p.B, "", "", ""),
		}
		r.Confidence = b.confidence
		if !p.First.IsZero() {
			r.StartTime = stamp(p.First)
			// The end must be later than the beginning, as written (section 5.1).
			if stop := stamp(p.Last); stop > r.StartTime {
				r.StopTime = stop
			}
		}
		b.add(r)
	}
}

// maker returns the identity of Winnow. People have none.
func maker() *identity {
	return &identity{
		common:        common{Type: "identity", SpecVersion: specVersion, ID: makerID(), Created: makerDate, Modified: makerDate, Lang: "en"},
		Name:          "Winnow",
		Description:   "A program that watches hashtags and finds accounts that act together. It says nothing about who is behind them.",
		IdentityClass: "system",
	}
}

func makerID() string { return objectID("identity", "winnow") }

// markingOf returns the marking of all that is in a bundle of a profile (section 7.2.1.4, which
// fixes all of it).
func markingOf(p export.Profile) *marking {
	name, id := "white", "613f2e26-407d-48c7-9eca-b8e91df99dc9"
	if p != export.Share {
		name, id = "red", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
	}
	return &marking{
		common:         common{Type: "marking-definition", SpecVersion: specVersion, ID: "marking-definition--" + id, Created: "2017-01-20T00:00:00.000Z"},
		DefinitionType: "tlp", Name: "TLP:" + strings.ToUpper(name), Definition: map[string]string{"tlp": name},
	}
}

// isAddress says whether a link is one that a url may hold: by the letter of RFC 3986, which
// many links are not.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' || strings.IndexByte("\"<>\\^`{|}", s[i]) >= 0 {
			return false
		}
	}
	return true
}

// stamp writes a time as section 2.16 wants it, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// firstTime returns the first that is known.
func firstTime(ts ...time.Time) time.Time {
	for _, t := range ts {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
