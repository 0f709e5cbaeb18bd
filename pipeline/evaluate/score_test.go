package evaluate

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

var start = time.Date(2015, 6, 12, 18, 0, 0, 0, time.UTC)

// finding holds accounts, and posts as "id account second".
func finding(accounts string, posts ...string) coordination.Finding {
	f := coordination.Finding{Confidence: coordination.ConfidenceFirm}
	for a := range strings.FieldsSeq(accounts) {
		f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: post.Archive, AccountID: a})
	}
	for _, s := range posts {
		var e coordination.PostEvidence
		var sec int
		if _, err := fmt.Sscan(s, &e.PostID, &e.AccountID, &sec); err != nil {
			panic(err)
		}
		e.DetectedAt = start.Add(time.Duration(sec) * time.Second)
		f.Posts = append(f.Posts, e)
	}
	return f
}

// see shows posts as "id account second".
func see(e *Evaluation, posts ...string) {
	for _, s := range posts {
		p := post.Post{Platform: post.Archive}
		var sec int
		if _, err := fmt.Sscan(s, &p.ID, &p.Account.ID, &sec); err != nil {
			panic(err)
		}
		p.PostedAt = start.Add(time.Duration(sec) * time.Second)
		e.See(&p)
	}
}

// A world small enough to count by hand: c1 to c4 act together, o1 to o3 are
// organic, u has no label, c4 no post.
func TestAccountScores(t *testing.T) {
	labels, err := ReadLabels(strings.NewReader(`account_id,label,attack
c1,1,ring
c2,1,ring
c3,1,copy
c4,1,copy
o1,0,organic
o2,0,viral
o3,0,organic
`), "l")
	if err != nil {
		t.Fatal(err)
	}
	e := New(labels, nil)
	see(e, "1 c1 0", "2 c2 0", "3 c3 0", "4 o1 0", "5 o2 0", "6 o3 0", "7 u 0", "8 v 0", "9 u 9")
	declared := finding("o2 o3 c3")
	declared.Declared = "day of action"
	high := finding("c1 o1")
	high.Confidence = coordination.ConfidenceHigh
	got := e.Score([]coordination.Finding{finding("c1 c2 u"), high, declared})
	want := Scores{
		Findings: 3, FindingsHigh: 1, AccountsFlagged: 4, // c1 c2 o1 u
		AccountScores: &AccountScores{
			Precision: 2. / 3, Recall: 2. / 4, F1: 4. / 7, OrganicFlaggedShare: 1. / 3,
			RecallByAttack: map[string]float64{"ring": 1, "copy": 0},
			Coordinated:    4, CoordinatedFlagged: 2, Organic: 3, OrganicFlagged: 1,
			Unlabelled: 2, UnlabelledFlagged: 1, LabelledUnseen: 1,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if e.Accounts() != 8 {
		t.Errorf("%d accounts, want 8", e.Accounts())
	}
	if s := e.Score(nil); s.Precision != 0 || s.F1 != 0 || s.Recall != 0 {
		t.Errorf("nothing flagged scores %+v", s.AccountScores)
	}
}

// ring-1: six posts by four accounts, the fifth at 40 s. ring-2: the same
// accounts later. copy-1: four posts only. copy-2: never found.
func TestAttackScores(t *testing.T) {
	attacks, err := ReadAttacks(strings.NewReader(`content_id,account_id,attack,instance
r1,a,ring,ring-1
r2,b,ring,ring-1
r3,c,ring,ring-1
r4,d,ring,ring-1
r5,a,ring,ring-1
r6,b,ring,ring-1
r6,b,ring,ring-1
s1,a,ring,ring-2
s2,b,ring,ring-2
s3,c,ring,ring-2
s4,d,ring,ring-2
s5,a,ring,ring-2
k1,k,copy,copy-1
k2,l,copy,copy-1
k3,m,copy,copy-1
k4,n,copy,copy-1
x1,x,copy,copy-2
x2,y,copy,copy-2
x3,z,copy,copy-2
gone,z,copy,copy-2
`), "a")
	if err != nil {
		t.Fatal(err)
	}
	posts := []string{
		// Out of order; r2 comes again, later; r1 of a stranger is no part of it.
		"r6 b 50", "r1 a 0", "r2 b 10", "r2 b 99", "r1 q 7", "r3 c 20", "r4 d 30", "r5 a 40",
		"s1 a 1000", "s2 b 1000", "s3 c 1000", "s4 d 1000", "s5 a 1100",
		"k1 k 0", "k2 l 0", "k3 m 0", "k4 n 0", "x1 x 0", "x2 y 0", "x3 z 0",
	}
	for _, c := range []struct {
		name     string
		findings []coordination.Finding
		want     string
	}{
		{"nothing", nil, "copy 0/2 - -; ring 0/2 - -; all 0/2 - -"},
		{"too few accounts", []coordination.Finding{finding("a", "r1 a 45")}, "copy 0/2 - -; ring 0/2 - -; all 0/2 - -"},
		{"two findings are not one", []coordination.Finding{finding("k"), finding("l")}, "copy 0/2 - -; ring 0/2 - -; all 0/2 - -"},
		// The accounts are those of both rings: each has its own delay.
		{
			"half of the accounts",
			[]coordination.Finding{finding("a b q", "r1 a 65", "r2 b 55", "s1 a 1060", "q1 q 1")},
			"copy 0/2 - -; ring 2/2 7.5 15; all 2/2 7.5 15",
		},
		{"before the fifth post", []coordination.Finding{finding("a b", "r1 a 20")}, "copy 0/2 - -; ring 2/2 0 0; all 2/2 0 0"},
		{"a post of another's", []coordination.Finding{finding("a b", "r1 q 41", "r2 b 47")}, "copy 0/2 - -; ring 2/2 7 7; all 2/2 7 7"},
		{
			"the first of two findings",
			[]coordination.Finding{finding("a b c d", "r1 a 300"), finding("a b", "r2 b 100"), finding("a", "r5 a 50")},
			"copy 0/2 - -; ring 2/2 60 60; all 2/2 60 60",
		},
		{"few posts have no delay", []coordination.Finding{finding("k l", "k1 k 9")}, "copy 1/2 - -; ring 0/2 - -; all 0/2 - -"},
		{"declared", []coordination.Finding{{Declared: "x", Accounts: finding("a b").Accounts}}, "copy 0/2 - -; ring 0/2 - -; all 0/2 - -"},
	} {
		e := New(nil, attacks)
		see(e, posts...)
		s := e.Score(c.findings)
		if s.AccountScores != nil || s.AttackScores == nil {
			t.Fatalf("%s: %+v", c.name, s)
		}
		got := shown("copy", s.DelayByAttack["copy"]) + "; " + shown("ring", s.DelayByAttack["ring"]) + "; " + shown("all", &s.Delay)
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
		if ring := s.DelayByAttack["ring"]; s.AttacksFound["ring"] != float64(ring.Found)/2 {
			t.Errorf("%s: share %v of rings", c.name, s.AttacksFound["ring"])
		}
		if s.PostsUnseen != 1 {
			t.Errorf("%s: %d posts are not there, want 1", c.name, s.PostsUnseen)
		}
	}
}

func shown(name string, d *Delay) string {
	number := func(n *float64) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	return fmt.Sprintf("%s %d/%d %s %s", name, d.Found, d.Instances, number(d.Median), number(d.Worst))
}

// Keys that need labels or attacks are absent without them.
func TestKeys(t *testing.T) {
	labels, err := ReadLabels(strings.NewReader("account_id,label\na,0\n"), "l")
	if err != nil {
		t.Fatal(err)
	}
	attacks, err := ReadAttacks(strings.NewReader("content_id,account_id,attack,instance\np,a,x,x-1\n"), "a")
	if err != nil {
		t.Fatal(err)
	}
	always := []string{"findings", "findings_high", "accounts_flagged"}
	ofLabels := []string{"precision", "recall", "f1", "organic_flagged_share", "recall_by_attack"}
	ofAttacks := []string{"attacks_found", "delay_seconds", "delay_by_attack"}
	for _, c := range []struct {
		e              *Evaluation
		there, missing []string
	}{
		{New(nil, nil), always, append(ofLabels, ofAttacks...)},
		{New(labels, nil), append(always, ofLabels...), ofAttacks},
		{New(nil, attacks), append(always, ofAttacks...), ofLabels},
	} {
		b, err := json.Marshal(c.e.Score(nil))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]json.RawMessage
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for _, k := range c.there {
			if got[k] == nil {
				t.Errorf("%s has no %s", b, k)
			}
		}
		for _, k := range c.missing {
			if got[k] != nil {
				t.Errorf("%s has %s", b, k)
			}
		}
	}
}

// TestDelayOfFastAttacks: what takes long to begin has a delay of its own kind,
// and none among the fast ones.
func TestDelayOfFastAttacks(t *testing.T) {
	attacks, err := ReadAttacks(strings.NewReader(`content_id,account_id,attack,instance
q1,a,quick,q
q2,b,quick,q
q3,c,quick,q
q4,d,quick,q
q5,e,quick,q
s1,a,slow,s
s2,b,slow,s
s3,c,slow,s
s4,d,slow,s
s5,e,slow,s
`), "a")
	if err != nil {
		t.Fatal(err)
	}
	e := New(nil, attacks)
	see(e, "q1 a 0", "q2 b 10", "q3 c 20", "q4 d 30", "q5 e 300", "s1 a 1000", "s2 b 1001", "s3 c 1002", "s4 d 1003", "s5 e 1301")
	s := e.Score([]coordination.Finding{finding("a b c", "q1 a 310", "s1 a 1401")})
	if d := s.Delay; d.Instances != 1 || d.Found != 1 || d.Worst == nil || *d.Worst != 10 {
		t.Errorf("of the fast ones %+v", d)
	}
	if d := s.DelayByAttack["slow"]; d.Found != 1 || d.Worst == nil || *d.Worst != 100 {
		t.Errorf("of the slow one %+v", d)
	}
}

// TestHeadcount: accounts count once, and the same id on another platform is
// another account.
func TestHeadcount(t *testing.T) {
	c := newHeadcount()
	for round := range 2 {
		for i := range 5000 {
			for _, p := range []post.Platform{post.X, post.Mastodon} {
				if added := c.add(accountKey{p, strconv.Itoa(i)}); added != (round == 0) {
					t.Fatalf("round %d, account %d: new %t", round, i, added)
				}
			}
		}
	}
	if c.n != 10_000 {
		t.Errorf("%d accounts, want 10,000", c.n)
	}
}
