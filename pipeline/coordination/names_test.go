package coordination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"winnow/pipeline/neardup"
	"winnow/pipeline/post"
)

// TestNames keeps names of all lengths, drops some of them, moves the others, and
// looks at what a fork does to them.
func TestNames(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var n nameStore
	kept := map[name]string{}
	check := func(n *nameStore, kept map[name]string) {
		t.Helper()
		for at, want := range kept {
			if got := n.get(at); got != want {
				t.Fatalf("name %d is %.20q (%d bytes), want %.20q (%d)", at, got, len(got), want, len(want))
			}
		}
	}
	for i := range 20_000 {
		s := fmt.Sprint(i) + strings.Repeat("x", rng.IntN(300))
		switch {
		case i%5000 == 0:
			s += strings.Repeat("y", nameBlock+7)
		case i%1000 == 0:
			s = ""
		}
		kept[n.add(s)] = s
	}
	check(&n, kept)
	for at := range kept {
		if rng.IntN(2) == 0 {
			n.drop(at)
			delete(kept, at)
		}
	}
	f := n.fork()
	others := map[name]string{}
	for at, s := range kept {
		if rng.IntN(2) == 0 {
			f.drop(at)
		} else {
			others[at] = s
		}
	}
	for i := range 1000 {
		s := fmt.Sprint("of the fork ", i)
		others[f.add(s)] = s
	}
	check(&f, others)
	check(&n, kept)
	if !n.wasteful() || f.wasteful() {
		t.Errorf("%d bytes of %d were dropped: wasteful %t, and of a fork %t", n.dead, n.live+n.dead, n.wasteful(), f.wasteful())
	}
	var tidy nameStore
	moved := map[name]string{}
	for at, s := range kept {
		moved[tidy.take(&n, at)] = s
	}
	check(&tidy, moved)
	if tidy.live != n.live || tidy.dead != 0 {
		t.Errorf("%d bytes live and %d dead after moving, want %d and none", tidy.live, tidy.dead, n.live)
	}
}

// TestNamesInTurn drops the oldest for each one that comes: blocks are used again.
func TestNamesInTurn(t *testing.T) {
	var n nameStore
	var queue []name
	most := 0
	for i := range 200_000 {
		queue = append(queue, n.add(fmt.Sprint("a post with number ", i)))
		if len(queue) > 10_000 {
			n.drop(queue[0])
			queue = queue[1:]
		}
		if i == 50_000 {
			most = len(n.blocks)
		}
	}
	if len(n.blocks) > most+1 || n.dead > 2*nameBlock {
		t.Errorf("%d blocks, and there were %d; %d bytes are dead", len(n.blocks), most, n.dead)
	}
	if got, want := n.get(queue[0]), "a post with number 190000"; got != want {
		t.Errorf("the oldest is %q, want %q", got, want)
	}
}

// TestSlots holds the index against a map, whatever comes and goes.
func TestSlots(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var x slots
	want := map[uint32]uint32{} // tag by number
	for i := range uint32(50_000) {
		if rng.IntN(3) > 0 || len(want) == 0 {
			tag := rng.Uint32() >> rng.IntN(24) << 8 // many are alike
			x.add(tag, i)
			want[i] = tag
			continue
		}
		for id, tag := range want {
			x.remove(tag, id)
			x.remove(tag, id) // it is gone
			delete(want, id)
			break
		}
	}
	if x.n != len(want) {
		t.Errorf("%d numbers, want %d", x.n, len(want))
	}
	for id, tag := range want {
		if got, ok := x.find(tag, func(n uint32) bool { return n == id }); !ok || got != id {
			t.Fatalf("number %d is not found", id)
		}
	}
	if _, ok := x.find(1, func(uint32) bool { return true }); ok {
		t.Error("a tag that was never added is found")
	}
}

func TestInt48(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 1 << 40, -1 << 40, 1<<47 - 1, -1 << 47, 1434132000123} {
		if got := short(v).get(); got != v {
			t.Errorf("%d comes back as %d", v, got)
		}
	}
}

func TestKeys(t *testing.T) {
	var last []byte
	for _, p := range []post.Platform{post.Archive, post.Bluesky, post.Mastodon, post.X} {
		key := appendKey(nil, p, "some/id")
		if got, id := splitKey(string(key)); got != p || id != "some/id" || len(key) != keyLen(p, "some/id") {
			t.Errorf("%s comes back as %s with %q", p, got, id)
		}
		if slices.Compare(last, key) >= 0 {
			t.Errorf("the keys of %s are out of order", p)
		}
		last = key
	}
	key := appendKey(nil, "elsewhere", "an/id")
	if p, id := splitKey(string(key)); p != "elsewhere" || id != "an/id" || len(key) != keyLen("elsewhere", "an/id") {
		t.Errorf("elsewhere comes back as %s with %q", p, id)
	}
}

// TestParcel looks at a post that has everything once it was packed and opened.
func TestParcel(t *testing.T) {
	p := &post.Post{
		Platform: post.X, Kind: post.Quote, ID: "7", Account: post.Account{ID: "a", CreatedAt: start.AddDate(0, 0, -3), Bot: true},
		PostedAt: start, Text: "seven words that are enough to copy, " + strings.Repeat("and more ", 100),
		Links: []string{"https://l.example/a"}, Images: []string{"cid:i"},
		QuoteOf: post.Ref{PostID: "6", AccountID: "b"}, Mentions: []post.Mention{{AccountID: "v", Handle: "victim"}},
	}
	x := newExtractor(Config{Protected: []string{"@Victim"}, Declared: func(*post.Post) string { return "rally" }})
	var r record
	parcel := x.pack(p, appendKey(nil, p.Platform, p.ID))
	parcel.open(&r, 123)
	if r.at != 123 || r.key != parcel.key() || r.key != "\x047" || r.account != "\x04a" || r.declared != "rally" ||
		r.amplified != string(appendObject(nil, aMention, "b")) || len(r.label) != maxLabel {
		t.Errorf("%+v", r)
	}
	if !r.replies || !r.copies || !r.answers || r.passes || !r.ageKnown || !r.young || r.signs != saidBot || r.words != 100 {
		t.Errorf("%+v", r)
	}
	var acts []string
	for _, a := range r.acts {
		acts = append(acts, fmt.Sprint(objectOf(a.object), a.kind, a.protected))
	}
	want := []string{"{image cid:i} 2 false", "{repost 6} 4 false", "{link https://l.example/a} 3 false", "{mention v} 6 true"}
	if !slices.Equal(acts, want) {
		t.Errorf("acts %q, want %q", acts, want)
	}
	var s speech
	s.read(p.Text)
	if !slices.Equal(s.words, r.speech.words) || !slices.Equal(s.pairs, r.speech.pairs) || s.all != r.speech.all {
		t.Errorf("speech %v, want %v", r.speech, s)
	}
	var k neardup.Sketch
	k.Of(p.Text)
	if got, want := r.sketch.Append(nil), k.Append(nil); !slices.Equal(got, want) {
		t.Errorf("the sketch is another one")
	}
}

// TestEnd: what waits when the stream ends is found as if one looked ahead at it.
func TestEnd(t *testing.T) {
	posts := smallWorld(1)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	for _, p := range posts {
		d.Add(p)
	}
	waited := d.Stats().Pending
	d.End()
	if got := d.Findings(); len(got) != len(want) || len(got) == 0 || got[0].ID != want[0].ID {
		t.Errorf("%d findings, want %d", len(got), len(want))
	}
	if s := d.Stats(); waited == 0 || s.Pending != 0 {
		t.Errorf("%d waited, and %d after the end", waited, s.Pending)
	}
}
