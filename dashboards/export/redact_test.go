package export

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// told are the strings that share tells, by the type and the field that they stand in.
// A field that is new is not told until it is named here.
var told = map[string]bool{
	"Dataset.Profile": true, "Dataset.Campaign": true, "Dataset.Tags": true, "Dataset.Method": true,
	"Finding.Kind": true, "Finding.Confidence": true, "Finding.Declared": true,
	"AccountRef.Platform": true, "Party.Platform": true, "ObjectRef.Kind": true,
	"Account.Signals": true, "Post.Platform": true, "Post.Kind": true, "Post.Source": true, "Post.Lang": true,
	"FindingEvidence.Kind": true, "FindingEvidence.ObjectKind": true, "EvidenceTerm.Name": true, "Verdict.Judgement": true,
	"Coverage.Campaign": true, "Coverage.Source": true, "Coverage.Platform": true,
	"Gap.Source": true, "Gap.Platform": true, "Gap.Campaign": true, "Gap.Cause": true, "Gap.Fill": true,
}

// filler fills everything that a dataset can hold.
type filler struct {
	t     *rapid.T
	texts []string
}

func (f *filler) fill(v reflect.Value, where string) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.UnixMilli(rapid.Int64Range(1e12, 2e12).Draw(f.t, where)).UTC()
		return
	case *time.Duration:
		*x = time.Second
		return
	}
	switch v.Kind() {
	case reflect.String:
		if told[where] {
			v.SetString(rapid.SampledFrom([]string{"text", "repost", "x", "mastodon"}).Draw(f.t, where))
			return
		}
		// Names and texts of all sorts, few enough to come again, none a part of another.
		n := rapid.IntRange(0, 30).Draw(f.t, where)
		s := fmt.Sprintf("«%d»", n) + rapid.SampledFrom([]string{"#Baku2015", "@anna", "=cmd|'/c calc'!A1", "https://t.example/?a=1&b=<2>", "\u202bآذربایجان\u202c", "\x00\n\"", "x:1"}).Draw(f.t, where)
		f.texts = append(f.texts, s)
		v.SetString(s)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			at := v.Type().Name() + "." + field.Name
			f.fill(v.Field(i), at)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(1, 3).Draw(f.t, where), 3))
		for i := range v.Len() {
			f.fill(v.Index(i), where)
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"reposts.window": "1m0s"}))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), where)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Uint64, reflect.Uint32:
		v.SetUint(2)
	default:
		f.t.Fatalf("%s is a %s, which this test cannot fill", where, v.Kind())
	}
}

// keyed is a hash like that of the campaign's key.
func keyed(parts ...string) [sha256.Size]byte {
	mac := hmac.New(sha256.New, []byte("a key"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return [sha256.Size]byte(mac.Sum(nil))
}

// Nothing that names somebody or was said by somebody survives share.
func TestShareTellsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d Dataset
		f := filler{t: t}
		f.fill(reflect.ValueOf(&d).Elem(), "Dataset")
		d.Posts[0].Tags = []string{"Baku2015", "FreeAnna"}
		d.Tags = []string{"#baku2015"}
		f.texts = append(f.texts, "FreeAnna", "freeanna", "Baku2015")
		shared := redact(&d, keyed)
		text, err := json.Marshal(shared)
		if err != nil {
			t.Fatal(err)
		}
		var read any
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		all := strings.Join(words(read, nil), "\n")
		for _, s := range f.texts {
			if strings.Contains(all, s) {
				t.Fatalf("%q is in what is shared:\n%s", s, all)
			}
		}
		for _, a := range shared.Accounts {
			if a.CreatedAt != nil || a.Followers != nil {
				t.Fatalf("a profile is told: %+v", a)
			}
		}
		if got := shared.Posts[0].Tags; len(got) != 1 || got[0] != "baku2015" {
			t.Fatalf("tags %q", got)
		}
		if ms := shared.Posts[0].At.Nanosecond(); ms != 0 {
			t.Fatalf("the time of a post is told to the millisecond, which X's ids tell")
		}
		if shared.Profile != Share || len(shared.Posts) != len(d.Posts) || len(shared.Evidence) != len(d.Evidence) || len(shared.Gaps) != len(d.Gaps) {
			t.Fatalf("something is missing: %+v", shared)
		}
	})
}

// words are all strings in a JSON value.
func words(v any, out []string) []string {
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, x := range v {
			out = words(x, out)
		}
	case map[string]any:
		for k, x := range v {
			out = words(x, append(out, k))
		}
	}
	return out
}

func TestPseudonymsKeepApartAndTogether(t *testing.T) {
	one, two := AccountRef{"x", "1"}, AccountRef{"mastodon", "1"}
	d := Dataset{
		Finding:  Finding{Kind: "pile-on", Target: one},
		Accounts: []Account{{AccountRef: one}, {AccountRef: two}},
		Objects:  []Object{{ObjectRef: ObjectRef{"link", "1"}}, {ObjectRef: ObjectRef{"repost", "1"}}},
		Posts:    []Post{{Platform: "x", ID: "1", Account: one, Object: ObjectRef{"link", "1"}}, {Platform: "x", ID: "2", Account: two, RepostOf: "1"}},
		Pairs:    []Pair{{A: one, B: two}},
	}
	s := redact(&d, keyed)
	a, b := s.Accounts[0].AccountRef, s.Accounts[1].AccountRef
	if a == b || a.ID == b.ID || !strings.HasPrefix(a.ID, "h:") || len(a.ID) != 2+32 {
		t.Errorf("%v and %v", a, b)
	}
	if s.Finding.Target != a || s.Posts[0].Account != a || s.Posts[1].Account != b || s.Pairs[0].A != a || s.Pairs[0].B != b {
		t.Errorf("an account has several names: %+v", s)
	}
	if s.Posts[1].RepostOf != s.Posts[0].ID || s.Posts[0].RepostOf != "" {
		t.Errorf("what is reposted is %q, not %q", s.Posts[1].RepostOf, s.Posts[0].ID)
	}
	if s.Objects[0].ID == s.Objects[1].ID || s.Objects[0].ObjectRef != s.Posts[0].Object {
		t.Errorf("objects %+v", s.Objects)
	}
	if none := redact(&Dataset{}, keyed).Finding.Target; none != (AccountRef{}) {
		t.Errorf("a target of none: %v", none)
	}
}
