package stix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/export"
	"winnow/dashboards/export/stix"
	"winnow/dashboards/export/stix/stixtest"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

var update = flag.Bool("update", false, "rewrite golden files")

// write returns a dataset's bundle, which must be valid.
func write(t testing.TB, d export.Dataset) string {
	t.Helper()
	var out bytes.Buffer
	if err := stix.Write(&out, d, stix.Options{Producer: "ed25519:0a1b"}); err != nil {
		t.Fatal(err)
	}
	if err := stixtest.Check(out.Bytes()); err != nil {
		t.Fatalf("the bundle is not valid:\n%v", err)
	}
	return out.String()
}

// objects returns a bundle's objects of a type.
func objects(t testing.TB, bundle, kind string) []map[string]any {
	t.Helper()
	var b struct{ Objects []map[string]any }
	if err := json.Unmarshal([]byte(bundle), &b); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(b.Objects, func(o map[string]any) bool { return o["type"] != kind })
}

func TestBundlesOfEachKind(t *testing.T) {
	for kind, object := range map[coordination.Kind]post.ObjectKind{
		coordination.KindCopies: post.ObjectText, coordination.KindReposts: post.ObjectRepost,
		coordination.KindFlood: post.ObjectMoment, coordination.KindPileOn: post.ObjectMention,
	} {
		prove := sample(kind, object)
		share, secrets := hide(prove)
		for name, d := range map[string]export.Dataset{string(kind) + "-prove": prove, string(kind) + "-share": share} {
			t.Run(name, func(t *testing.T) {
				got := write(t, d)
				if d.Profile == export.Share {
					if leaks := told(got, secrets); leaks != nil {
						t.Errorf("a bundle to share tells %q", leaks)
					}
				}
				golden := filepath.Join("testdata", name+".json")
				if *update {
					if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("bundle (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestTechniques(t *testing.T) {
	sleepless := func(n int) func(*export.Dataset) {
		return func(d *export.Dataset) {
			for i := range n {
				d.Accounts[i].Signals = []string{"never sleeps"}
			}
		}
	}
	judged := func(js ...string) func(*export.Dataset) {
		return func(d *export.Dataset) {
			d.Verdicts = nil
			for _, j := range js {
				d.Verdicts = append(d.Verdicts, view.Verdict{Judgement: j, At: at(3600)})
			}
		}
	}
	sure := func(c string) func(*export.Dataset) {
		return func(d *export.Dataset) { d.Finding.Confidence = c }
	}
	asIs := func(*export.Dataset) {}
	for _, c := range []struct {
		name   string
		kind   coordination.Kind
		object post.ObjectKind
		change func(*export.Dataset)
		want   string
	}{
		{"the same text", coordination.KindCopies, post.ObjectText, asIs, "T0084.001 50"},
		{"early", coordination.KindCopies, post.ObjectText, sure("early"), "T0084.001 15"},
		{"high, all of it measured", coordination.KindCopies, post.ObjectText, sure("high"), "T0084.001 85"},
		{"of unknown confidence", coordination.KindCopies, post.ObjectText, sure(""), "T0084.001 <nil>"},
		{"the same image", coordination.KindCopies, post.ObjectImage, sure("high"), "T0084 50"},
		{"the same link", coordination.KindCopies, post.ObjectLink, sure("high"), "T0118 50"},
		{"of an archive that does not say what", coordination.KindCopies, post.ObjectShared, asIs, ""},
		{"reposts", coordination.KindReposts, post.ObjectRepost, asIs, "T0118 50"},
		{"reposts, one of three never sleeps", coordination.KindReposts, post.ObjectRepost, sleepless(1), "T0118 50"},
		{"reposts, two of three never sleep", coordination.KindReposts, post.ObjectRepost, sleepless(2), "T0049.003 15"},
		{"a flood", coordination.KindFlood, post.ObjectMoment, asIs, "T0049.002 50"},
		{"a flood without a tag", coordination.KindFlood, post.ObjectMoment, func(d *export.Dataset) { d.Tags = nil }, "T0049 50"},
		{"a pile-on", coordination.KindPileOn, post.ObjectMention, sure("high"), "T0049.005 50, T0048 15"},
		{"a kind that is not known", "new", post.ObjectText, asIs, ""},
		{"declared", coordination.KindCopies, post.ObjectText, func(d *export.Dataset) { d.Finding.Declared = "our day" }, ""},
		{"judged wrong", coordination.KindPileOn, post.ObjectMention, judged("confirmed", "wrong"), ""},
		{"explained", coordination.KindFlood, post.ObjectMoment, judged("explained"), ""},
		{"judged wrong, and taken back", coordination.KindFlood, post.ObjectMoment, judged("wrong", ""), "T0049.002 50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sample(c.kind, c.object)
			d.Pairs = nil
			c.change(&d)
			bundle := write(t, d)
			var ids []string
			for i, p := range objects(t, bundle, "attack-pattern") {
				ref, ok := p["external_references"].([]any)[0].(map[string]any)
				if !ok || ref["source_name"] != "DISARM" || !strings.HasSuffix(fmt.Sprint(ref["url"]), fmt.Sprint("/", ref["external_id"], ".md")) {
					t.Errorf("reference %v", ref)
				}
				r := objects(t, bundle, "relationship")[i]
				if r["target_ref"] != p["id"] || r["source_ref"] != objects(t, bundle, "report")[0]["id"] {
					t.Errorf("relationship %v", r)
				}
				ids = append(ids, fmt.Sprint(ref["external_id"], " ", r["confidence"]))
			}
			if got := strings.Join(ids, ", "); got != c.want {
				t.Errorf("techniques are %q, want %q", got, c.want)
			}
		})
	}
}

func TestReportSaysWhatPeopleSay(t *testing.T) {
	for _, c := range []struct{ judgement, confidence, label string }{
		{"wrong", "0", "wrong"}, {"explained", "50", "explained"}, {"confirmed", "50", "confirmed"},
	} {
		d := sample(coordination.KindCopies, post.ObjectText)
		d.Verdicts = []view.Verdict{{Judgement: c.judgement, At: at(60)}}
		r := objects(t, write(t, d), "report")[0]
		if got := fmt.Sprint(r["confidence"]); got != c.confidence {
			t.Errorf("%s: confidence %s, want %s", c.judgement, got, c.confidence)
		}
		if got := fmt.Sprint(r["labels"]); got != "[coordinated copies "+c.label+"]" {
			t.Errorf("%s: labels %s", c.judgement, got)
		}
	}
}

// What is observed adds up to what the accounts posted.
func TestObservationsAddUp(t *testing.T) {
	d := sample(coordination.KindCopies, post.ObjectText)
	d.Accounts[0].Posts = 7 // of which two are listed
	again := d.Posts[0]
	again.Object.ID = "object-2" // the same post, for another object
	d.Posts = append(d.Posts, again)
	n := 0.0
	for _, o := range objects(t, write(t, d), "observed-data") {
		some, ok := o["number_observed"].(float64)
		if !ok {
			t.Fatal(o)
		}
		n += some
	}
	if n != 7+2+2 {
		t.Errorf("%v posts observed, want 11", n)
	}
}

func TestNobodyIsInStepWithThemselves(t *testing.T) {
	d := sample(coordination.KindReposts, post.ObjectRepost)
	d.Pairs = d.Pairs[:1]
	d.Pairs[0].B = d.Pairs[0].A
	for _, r := range objects(t, write(t, d), "relationship") {
		if r["source_ref"] == r["target_ref"] {
			t.Errorf("relationship %v", r)
		}
	}
}

func TestNoAccountStandsForTheTarget(t *testing.T) {
	d := sample(coordination.KindPileOn, post.ObjectMention)
	bundle := write(t, d)
	for _, u := range objects(t, bundle, "user-account") {
		if u["user_id"] == d.Finding.Target.ID {
			t.Error("the target is among the accounts")
		}
	}
	if !strings.Contains(bundle, "The account 7007 (khadija) on x.") {
		t.Error("no note tells the target")
	}
}

func TestIDsAreThoseOfTheStandard(t *testing.T) {
	d := sample(coordination.KindCopies, post.ObjectText)
	d.Accounts[0].Handle = "quote\" back\\slash <tag> \u2028 \x01 ü"
	d.Posts = nil
	var got []string
	for _, u := range objects(t, write(t, d), "user-account")[:2] {
		got = append(got, fmt.Sprint(u["id"]))
	}
	// By Python's uuid.uuid5 and json.dumps(ensure_ascii=False, sort_keys=True).
	want := []string{"user-account--1e6f55e2-4b1c-5992-8aaa-5dc8f63b235c", "user-account--12a73c66-043b-5302-bbee-38472d7a0031"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// A later export of a finding that has grown is a later version of the same report; that of
// another profile or another operator is another report.
func TestVersions(t *testing.T) {
	d := sample(coordination.KindCopies, post.ObjectText)
	first := objects(t, write(t, d), "report")[0]
	grown := d
	grown.Finding.To = at(86400)
	second := objects(t, write(t, grown), "report")[0]
	if first["id"] != second["id"] || first["created"] != second["created"] {
		t.Errorf("a finding that grew has another report: %v, %v", first, second)
	}
	if a, b := fmt.Sprint(first["modified"]), fmt.Sprint(second["modified"]); a >= b {
		t.Errorf("it was modified at %s, then at %s", a, b)
	}
	shared, _ := hide(d)
	if r := objects(t, write(t, shared), "report")[0]; r["id"] == first["id"] {
		t.Error("two profiles have one report")
	}
	var out bytes.Buffer
	if err := stix.Write(&out, d, stix.Options{Producer: "another"}); err != nil {
		t.Fatal(err)
	}
	if r := objects(t, out.String(), "report")[0]; r["id"] == first["id"] {
		t.Error("two operators have one report")
	}
	// What is the same for all of them must be so to the letter.
	for _, kind := range []string{"identity", "attack-pattern"} {
		if diff := cmp.Diff(objects(t, write(t, d), kind), objects(t, out.String(), kind)); diff != "" {
			t.Errorf("%s of two operators:\n%s", kind, diff)
		}
	}
}

func TestLinksThatAreNoURIsAreLeftOut(t *testing.T) {
	for _, link := range []string{"", "at://did:plc:a/app.bsky.feed.post/1", "javascript:alert(1)", "https://", "https://ü.example/", "https://x.com/a b", "https://x.com/%zz", "https://x.com/a|b"} {
		d := sample(coordination.KindCopies, post.ObjectText)
		d.Posts = d.Posts[:1]
		d.Posts[0].URL = link
		if us := objects(t, write(t, d), "url"); len(us) > 0 {
			t.Errorf("%q is %v", link, us)
		}
	}
}

func TestWordsAreOurs(t *testing.T) {
	for _, kind := range []coordination.Kind{coordination.KindCopies, coordination.KindReposts, coordination.KindFlood, coordination.KindPileOn} {
		bundle := strings.ToLower(write(t, sample(kind, post.ObjectText)))
		for _, word := range []string{"inauthentic", "disinformation", "troll", "threat actor", "suspicious"} {
			if strings.Contains(bundle, word) {
				t.Errorf("a bundle of %s says %q", kind, word)
			}
		}
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatCannotBeWritten(t *testing.T) {
	d := sample(coordination.KindCopies, post.ObjectText)
	if err := stix.Write(full{}, d, stix.Options{}); !errors.Is(err, errFull) {
		t.Errorf("into a full disk: %v", err)
	}
	d.Finding.From, d.Finding.To, d.Finding.DetectedAt = time.Time{}, time.Time{}, time.Time{}
	var out bytes.Buffer
	if err := stix.Write(&out, d, stix.Options{}); err == nil || out.Len() > 0 {
		t.Errorf("a finding without a time: %v, %d bytes", err, out.Len())
	}
}
