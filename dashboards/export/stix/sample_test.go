package stix_test

import (
	"fmt"
	"strings"
	"time"

	"winnow/dashboards/export"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// day is when the samples are.
var day = time.Date(2015, 6, 12, 19, 30, 0, 0, time.UTC)

func at(seconds float64) time.Time { return day.Add(time.Duration(seconds * float64(time.Second))) }

// sample is a finding of a kind by three accounts, of which all is told.
func sample(kind coordination.Kind, object post.ObjectKind) export.Dataset {
	until := at(900)
	opened, followers := at(-86400), uint64(12)
	o := export.ObjectRef{Kind: string(object), ID: "object-1"}
	d := export.Dataset{
		Profile:  export.Prove,
		Campaign: "Baku 2015",
		Finding: export.Finding{
			ID: "f0a1", Kind: string(kind), Sentence: "3 accounts did the same thing within 40 s of each other; by chance we would expect 0.2.",
			From: at(0), To: at(40), DetectedAt: at(41), Bits: 43.25, Confidence: "firm", Observed: 3, Expected: 0.2,
		},
		Objects: []export.Object{{ObjectRef: o, Label: "What a wonderful opening", Accounts: 3, First: at(0), Last: at(40)}},
		Evidence: []view.FindingEvidence{{
			Number: 1, Kind: string(kind), ObjectKind: o.Kind, ObjectID: o.ID, Label: "What a wonderful opening",
			A: view.Party{Platform: "x", AccountID: "1001", Handle: "zeynab"}, From: at(0), To: at(40), Window: time.Minute,
			Accounts: 3, Bits: 43.25, Need: 18.5, Counted: 43.25, DetectedAt: at(41),
		}},
		Verdicts: []view.Verdict{{Judgement: "confirmed", Note: "seen by hand: zeynab too", Author: "Anna", At: at(7200)}},
		Coverage: []view.Coverage{{Campaign: "Baku 2015", Source: "x", Platform: "x", From: at(-3600), To: at(3640), Missing: 10 * time.Minute, Gaps: 1}},
		Gaps:     []view.Gap{{Source: "x", Platform: "x", From: at(300), To: &until, Cause: "rate limit", Share: 1, Note: "asked by zeynab"}},
		Tags:     []string{"#Baku2015"},
		Method:   map[string]string{"winnow": "1.2.0", "reposts.window": "1m0s"},
	}
	for i, name := range []string{"zeynab", "orkhan", "leyla"} {
		ref := export.AccountRef{Platform: string(post.X), ID: fmt.Sprint(1001 + i)}
		if i == 2 {
			ref = export.AccountRef{Platform: string(post.Mastodon), ID: "https://mastodon.example/users/leyla"}
		}
		d.Accounts = append(d.Accounts, export.Account{
			AccountRef: ref, Handle: name, Name: "Name of " + name, CreatedAt: &opened, Followers: &followers, Bits: 20,
			First: at(float64(20 * i)), Last: at(float64(20*i) + 5), Posts: 2, Signals: []string{"default profile"},
		})
		for n := range 2 {
			p := export.Post{
				Platform: ref.Platform, ID: fmt.Sprintf("post-%d-%d", i, n), Account: ref, Object: o, Kind: "post", At: at(float64(20*i + 5*n)), SeenAt: at(float64(20*i + 5*n + 2)),
				Source: "x", Lang: "en", Handle: name, Text: "What a wonderful opening, says " + name, Tags: []string{"#Baku2015"}, Links: []string{"https://links.example/a"}, Mentions: []string{"khadija"},
			}
			if n == 0 {
				p.URL = fmt.Sprintf("https://x.com/%s/status/%d", name, 5000+i)
			}
			d.Posts = append(d.Posts, p)
		}
		d.Uses = append(d.Uses, export.Use{Account: ref, Object: o, Posts: 2, First: at(float64(20 * i)), Last: at(float64(20*i) + 5)})
	}
	d.Pairs = []export.Pair{
		{A: d.Accounts[0].AccountRef, B: d.Accounts[1].AccountRef, Bits: 22.5, First: at(0), Last: at(25)},
		{A: d.Accounts[1].AccountRef, B: d.Accounts[2].AccountRef, Bits: 20.25, First: at(20), Last: at(20)},
	}
	if kind == coordination.KindPileOn {
		d.Finding.Target, d.Finding.TargetHandle = export.AccountRef{Platform: string(post.X), ID: "7007"}, "khadija"
	}
	return d
}

// hide is what the profile share makes of a dataset, and every text that it must not tell.
func hide(d export.Dataset) (shared export.Dataset, secrets []string) {
	secret := func(ss ...string) {
		for _, s := range ss {
			if s != "" {
				secrets = append(secrets, s)
			}
		}
	}
	hashes := make(map[string]string)
	hash := func(id string) string {
		if id == "" {
			return ""
		}
		secret(id)
		if hashes[id] == "" {
			hashes[id] = fmt.Sprintf("h:%032x", len(hashes)+1)
		}
		return hashes[id]
	}
	account := func(r export.AccountRef) export.AccountRef {
		return export.AccountRef{Platform: r.Platform, ID: hash(r.ID)}
	}
	object := func(r export.ObjectRef) export.ObjectRef { return export.ObjectRef{Kind: r.Kind, ID: hash(r.ID)} }
	shared = d
	shared.Profile = export.Share
	shared.Finding.Target = account(d.Finding.Target)
	secret(d.Finding.TargetHandle)
	shared.Finding.ID, shared.Finding.TargetHandle = hash(d.Finding.ID), ""
	shared.Accounts, shared.Objects, shared.Posts, shared.Uses, shared.Pairs, shared.Evidence, shared.Verdicts, shared.Gaps = nil, nil, nil, nil, nil, nil, nil, nil
	for _, a := range d.Accounts {
		secret(a.Handle, a.Name)
		a.AccountRef = account(a.AccountRef)
		a.Handle, a.Name, a.CreatedAt, a.Followers = "", "", nil, nil
		shared.Accounts = append(shared.Accounts, a)
	}
	for _, o := range d.Objects {
		secret(o.Label)
		o.ObjectRef, o.Label = object(o.ObjectRef), ""
		shared.Objects = append(shared.Objects, o)
	}
	for _, p := range d.Posts {
		secret(p.Handle, p.Text, p.URL, p.RepostOf, p.ReplyTo, p.QuoteOf)
		secret(p.Links...)
		secret(p.Mentions...)
		p.ID, p.Account, p.Object = hash(p.ID), account(p.Account), object(p.Object)
		p.Handle, p.Text, p.URL, p.RepostOf, p.ReplyTo, p.QuoteOf, p.Links, p.Mentions = "", "", "", "", "", "", nil, nil
		shared.Posts = append(shared.Posts, p)
	}
	for _, u := range d.Uses {
		u.Account, u.Object = account(u.Account), object(u.Object)
		shared.Uses = append(shared.Uses, u)
	}
	for _, p := range d.Pairs {
		p.A, p.B = account(p.A), account(p.B)
		shared.Pairs = append(shared.Pairs, p)
	}
	for _, e := range d.Evidence {
		secret(e.Label, e.A.Handle, e.B.Handle)
		e.ObjectID, e.Label = hash(e.ObjectID), ""
		e.A, e.B = view.Party{Platform: e.A.Platform, AccountID: hash(e.A.AccountID)}, view.Party{Platform: e.B.Platform, AccountID: hash(e.B.AccountID)}
		shared.Evidence = append(shared.Evidence, e)
	}
	for _, v := range d.Verdicts {
		secret(v.Note, v.Author)
		v.Note, v.Author = "", ""
		shared.Verdicts = append(shared.Verdicts, v)
	}
	for _, g := range d.Gaps {
		secret(g.Note)
		g.Note = ""
		shared.Gaps = append(shared.Gaps, g)
	}
	return shared, secrets
}

// told returns those secrets that a text has in it.
func told(text string, secrets []string) []string {
	var out []string
	for _, s := range secrets {
		if strings.Contains(text, s) {
			out = append(out, s)
		}
	}
	return out
}
