package stix_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/dashboards/export"
	"winnow/dashboards/export/stix"
	"winnow/dashboards/export/stix/stixtest"
	"winnow/storage/view"
)

// Whatever is in a dataset, its bundle is valid, the same each time, and to share it tells
// nothing of what the profile leaves out.
func TestAnyDataset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prove := datasets().Draw(t, "dataset")
		share, secrets := hide(prove)
		for _, d := range []export.Dataset{prove, share} {
			var first, second bytes.Buffer
			o := stix.Options{Producer: rapid.String().Draw(t, "producer")}
			if err := stix.Write(&first, d, o); err != nil {
				t.Fatal(err)
			}
			if err := stix.Write(&second, d, o); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Error("the same dataset gives another bundle")
			}
			if err := stixtest.Check(first.Bytes()); err != nil {
				t.Fatalf("%s: not valid:\n%v\n%s", d.Profile, err, first.Bytes())
			}
			if d.Profile == export.Share {
				if leaks := told(first.String(), marks(secrets)); leaks != nil {
					t.Fatalf("a bundle to share tells %q", leaks)
				}
			}
		}
	})
}

// marks returns what of the secrets JSON cannot write in another way.
func marks(secrets []string) []string {
	var out []string
	for _, s := range secrets {
		if i := strings.LastIndex(s, "§"); i >= 0 {
			s = s[:i]
		}
		out = append(out, s)
	}
	return out
}

// datasets are random, to the edge of what the contract allows and beyond: pairs and posts of
// accounts that are not listed, times the wrong way round, texts that are no UTF-8. What
// identifies somebody has a mark in it, so that finding it in a bundle is no accident.
func datasets() *rapid.Generator[export.Dataset] {
	return rapid.Custom(func(t *rapid.T) export.Dataset {
		number := 0
		odd := rapid.OneOf(rapid.StringN(0, 6, 20), rapid.SampledFrom([]string{"\xff\xfe", "\u2028\u2029", "\x00\x1f\x7f", `"\`, "<&>", "مرحبا\u202e", ""}))
		secret := func(what string) string {
			number++
			return fmt.Sprintf("%s§%d§", what, number) + odd.Draw(t, what)
		}
		maybe := func(what string) string {
			if rapid.Bool().Draw(t, "has "+what) {
				return secret(what)
			}
			return ""
		}
		word := func(what string, ws ...string) string { return rapid.SampledFrom(ws).Draw(t, what) }
		when := func(what string) time.Time {
			// To the nanosecond, so that rounding can put two times in one place.
			return day.Add(time.Duration(rapid.Int64Range(-3e12, 3e12).Draw(t, what)))
		}
		sometimes := func(what string) time.Time {
			if rapid.IntRange(0, 4).Draw(t, "no "+what) == 0 {
				return time.Time{}
			}
			return when(what)
		}
		times := func(what string, most int) int { return rapid.IntRange(0, most).Draw(t, what) }
		var refs []export.AccountRef
		for range 1 + times("refs", 6) {
			refs = append(refs, export.AccountRef{Platform: word("platform", "x", "mastodon", "bluesky", "archive"), ID: secret("id")})
		}
		ref := func() export.AccountRef { return rapid.SampledFrom(refs).Draw(t, "ref") }
		object := func() export.ObjectRef {
			return export.ObjectRef{Kind: word("object kind", "text", "image", "link", "repost", "moment"), ID: secret("object")}
		}
		d := export.Dataset{
			Profile: export.Prove, Campaign: odd.Draw(t, "campaign"),
			Finding: export.Finding{
				ID: secret("finding"), Kind: word("kind", "copies", "reposts", "flood", "pile-on", "new"), Sentence: odd.Draw(t, "sentence"),
				From: when("from"), To: sometimes("to"), DetectedAt: sometimes("detected"), Bits: rapid.Float64().Draw(t, "bits"),
				Confidence: word("confidence", "", "early", "firm", "high"), Observed: rapid.Float64().Draw(t, "observed"), Expected: rapid.Float64().Draw(t, "expected"),
				Declared: odd.Draw(t, "declared"),
			},
		}
		if rapid.Bool().Draw(t, "target") {
			d.Finding.Target, d.Finding.TargetHandle = ref(), maybe("target's handle")
		}
		for _, r := range refs {
			if times("unlisted", 3) == 0 {
				continue
			}
			a := export.Account{AccountRef: r, Handle: maybe("handle"), Name: maybe("name"), First: sometimes("first"), Last: sometimes("last"), Posts: rapid.Uint64().Draw(t, "posts")}
			if created := sometimes("created"); !created.IsZero() {
				a.CreatedAt = &created
			}
			for range times("signals", 2) {
				a.Signals = append(a.Signals, word("signal", "default profile", "never sleeps", "declared bot"))
			}
			d.Accounts = append(d.Accounts, a)
		}
		for range times("objects", 3) {
			d.Objects = append(d.Objects, export.Object{ObjectRef: object(), Label: maybe("label")})
		}
		for range times("posts", 8) {
			p := export.Post{Platform: "x", ID: secret("post"), Account: ref(), Object: object(), At: sometimes("at"), SeenAt: sometimes("seen"), Handle: maybe("handle"), Text: maybe("text"), RepostOf: maybe("original"), ReplyTo: maybe("answered")}
			if number++; rapid.Bool().Draw(t, "address") {
				p.URL = word("scheme", "https://x.com/", "at://", "") + fmt.Sprintf("address%d", number)
			}
			d.Posts = append(d.Posts, p)
		}
		for range times("pairs", 5) {
			d.Pairs = append(d.Pairs, export.Pair{A: ref(), B: ref(), Bits: rapid.Float64().Draw(t, "bits"), First: sometimes("first"), Last: sometimes("last")})
		}
		for i := range times("evidence", 2) {
			a := ref()
			d.Evidence = append(d.Evidence, view.FindingEvidence{Number: uint32(i), Kind: "pair", ObjectID: secret("object"), Label: maybe("label"), A: view.Party{Platform: a.Platform, AccountID: a.ID, Handle: maybe("handle")}, From: when("from"), To: when("to"), DetectedAt: sometimes("detected")})
		}
		for range times("verdicts", 3) {
			d.Verdicts = append(d.Verdicts, view.Verdict{Judgement: word("judgement", "", "wrong", "explained", "confirmed"), Note: maybe("note"), Author: maybe("author"), At: when("at")})
		}
		for range times("gaps", 2) {
			d.Gaps = append(d.Gaps, view.Gap{Source: "s", Platform: "x", From: when("from"), Cause: "stopped", Note: maybe("gap note")})
		}
		return d
	})
}
