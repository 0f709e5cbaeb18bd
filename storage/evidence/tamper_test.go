package evidence_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// chained is a store of three segments, of which the last is open, in memory.
func chained(t *testing.T) (files fstest.MapFS, head chain.Head) {
	t.Helper()
	dir := evidence.Memory(t)
	s := open(t, dir)
	for n := range 5 {
		keep(t, s, uint64(n+1), records(2*n+1, 2*n+2))
	}
	if _, err := s.Erase(t.Context(), func(_ string, r content.Record) bool { return r.NativeID == "3" }); err != nil {
		t.Fatal(err)
	}
	h, err := s.Head(games)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Witnessed(games, h.Head, "mail", start, nil); err != nil {
		t.Fatal(err)
	}
	keep(t, s, 6, records(11, 11))
	if h, err = s.Head(games); err != nil {
		t.Fatal(err)
	}
	if err := s.Witnessed(games, h.Head, "timestamp", start, []byte("an answer")); err != nil {
		t.Fatal(err)
	}
	keep(t, s, 7, records(12, 12))
	return image(t, dir), h.Head
}

func faults(t *testing.T, files fstest.MapFS, o evidence.VerifyOptions) []string {
	t.Helper()
	r, err := evidence.Verify(t.Context(), files, o)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, f := range r.All() {
		out = append(out, strings.TrimPrefix(f.String(), evidence.Folder(games)+"/"))
	}
	return out
}

// Every bit of every file counts: whichever is turned is found.
func TestEveryBit(t *testing.T) {
	t.Parallel()
	files, _ := chained(t)
	if f := faults(t, files, evidence.VerifyOptions{}); len(f) > 0 {
		t.Fatal(f)
	}
	type place struct {
		name string
		bit  int
	}
	var all []place
	for name, f := range files {
		for bit := range 8 * len(f.Data) {
			all = append(all, place{name, bit})
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	slices.SortFunc(all, func(a, b place) int { return strings.Compare(a.name, b.name)*1_000_000 + a.bit - b.bit })
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if len(all) < 10_000 {
		t.Fatalf("the store has %d bits only", len(all))
	}
	touched := map[string]int{}
	for _, p := range all[:10_000] {
		data := files[p.name].Data
		data[p.bit/8] ^= 1 << (p.bit % 8)
		if len(faults(t, files, evidence.VerifyOptions{})) == 0 {
			t.Errorf("%s: bit %d of byte %d was turned, and nothing is wrong", p.name, p.bit%8, p.bit/8)
		}
		data[p.bit/8] ^= 1 << (p.bit % 8)
		touched[p.name]++
	}
	if len(touched) != len(files) {
		t.Errorf("bits of %d files were turned, of %d", len(touched), len(files))
	}
	if f := faults(t, files, evidence.VerifyOptions{}); len(f) > 0 {
		t.Fatal(f)
	}
}

// edit changes the lines of a file.
func edit(files fstest.MapFS, name string, change func(lines []string) []string) fstest.MapFS {
	lines := strings.SplitAfter(string(files[name].Data), "\n")
	return with(files, name, []byte(strings.Join(change(lines[:len(lines)-1]), "")))
}

// recoded changes the blocks of a file of content, and makes it whole again.
func recoded(t *testing.T, files fstest.MapFS, name string, change func(blocks []content.Block) []content.Block) fstest.MapFS {
	t.Helper()
	codec, err := content.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	r := codec.Reader(bytes.NewReader(files[name].Data))
	var blocks []content.Block
	for {
		b, err := r.Next()
		if err != nil {
			break
		}
		blocks = append(blocks, b)
	}
	out := []byte{}
	for _, b := range change(blocks) {
		if out, err = codec.Append(out, b); err != nil {
			t.Fatal(err)
		}
	}
	return with(files, name, out)
}

func TestTampering(t *testing.T) {
	t.Parallel()
	files, _ := chained(t)
	base := evidence.Folder(games) + "/"
	drop := func(i int) func([]string) []string {
		return func(l []string) []string { return slices.Delete(slices.Clone(l), i, i+1) }
	}
	swap := func(i, j int) func([]string) []string {
		return func(l []string) []string { l[i], l[j] = l[j], l[i]; return l }
	}
	one, two, three := base+"000001", base+"000002", base+"000003"
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  []string
	}{
		"a line changed": {edit(files, one+".chain", func(l []string) []string {
			l[2] = strings.Replace(l[2], "12:00:02", "12:00:09", 1)
			return l
		}), []string{"000001.chain: line 3, record 2: changed"}},
		"a line dropped":                {edit(files, one+".chain", drop(2)), []string{"record 2, which should stand before it, is missing", "000001.content: record 2: added"}},
		"two lines dropped":             {edit(edit(files, two+".chain", drop(2)), two+".chain", drop(2)), []string{"records 6 to 7, which should"}},
		"the last line dropped":         {edit(files, three+".chain", drop(4)), []string{"000003.content: record 12: the chain has no line for it"}},
		"the last of a segment dropped": {edit(files, one+".chain", drop(4)), []string{"000001.chain: rewritten, cut off"}},
		"lines swapped":                 {edit(files, one+".chain", swap(2, 3)), []string{"record 3: record 2, which", "record 2: added, or out of order"}},
		"a line added": {
			edit(files, one+".chain", func(l []string) []string { return slices.Insert(l, 3, l[2]) }),
			[]string{"000001.chain: line 4, record 2: added, or out of order: a record with the number 3"},
		},
		"a line added behind": {edit(files, three+".chain", func(l []string) []string {
			last, err := chain.ParseLine(strings.TrimSpace(l[len(l)-1]))
			if err != nil {
				t.Fatal(err)
			}
			return append(l, chain.Next(last.Link, last.Number+1, start, chain.Hash{1}).String()+"\n")
		}), []string{"000003.content: record 13: dropped"}},
		"a line that is none":    {edit(files, two+".chain", func(l []string) []string { l[3] = "hello\n"; return l }), []string{"000002.chain: line 4: no line of a chain"}},
		"a header changed":       {edit(files, two+".chain", func(l []string) []string { l[0] = strings.Replace(l[0], " 2 5 ", " 2 6 ", 1); return l }), []string{"000002.chain: "}},
		"a header gone":          {edit(files, two+".chain", drop(0)), []string{"000002.chain: line 1: no header"}},
		"segments swapped":       {with(with(files, one+".chain", files[two+".chain"].Data), two+".chain", files[one+".chain"].Data), []string{"000001.chain: out of order", "000002.chain: out of order"}},
		"a segment dropped":      {with(files, two+".chain", nil), []string{"000002.chain: missing: records 5 to 8 are gone"}},
		"a closed segment added": {with(files, base+"000004.chain", files[three+".chain"].Data), []string{"heads: dropped: it has no line for segment 3"}},
		"a head changed": {
			edit(files, base+"heads", func(l []string) []string { l[0] = strings.Replace(l[0], "1 4 ", "1 3 ", 1); return l }),
			[]string{"heads: line 1: changed"},
		},
		"a head dropped":            {edit(files, base+"heads", drop(0)), []string{"heads: line 1: missing, added or out of order"}},
		"heads swapped":             {edit(files, base+"heads", swap(0, 1)), []string{"heads: line 1: missing, added or out of order"}},
		"heads gone":                {with(files, base+"heads", nil), []string{"heads: dropped"}},
		"the campaign changed":      {with(files, base+"campaign", bytes.Replace(files[base+"campaign"].Data, []byte("Open"), []byte("Shut"), 1)), []string{"campaign: changed"}},
		"the campaign gone":         {with(files, base+"campaign", nil), []string{"campaign: it does not say"}},
		"content gone":              {with(files, one+".content", nil), []string{"000001.content: record 1: dropped", "000001.content: record 4: dropped"}},
		"content cut off":           {cutTo(files, two+".content", len(files[two+".content"].Data)-3), []string{"000002.content: changed: 000002.content: damaged at byte"}},
		"something added":           {with(files, base+"notes.txt", []byte("x")), []string{"notes.txt: added"}},
		"a notice changed":          {edit(files, base+"witness/log", func(l []string) []string { l[0] = strings.Replace(l[0], "mail", "text", 1); return l }), []string{"witness/log: line 1: changed"}},
		"a notice dropped":          {edit(files, base+"witness/log", drop(0)), []string{"witness/log: line 1: changed, added, out of order"}},
		"notices swapped":           {edit(files, base+"witness/log", swap(0, 1)), []string{"witness/log: line 1: changed, added, out of order"}},
		"an answer changed":         {with(files, base+"witness/2.tsr", []byte("other")), []string{"witness/2.tsr: changed"}},
		"an answer gone":            {with(files, base+"witness/2.tsr", nil), []string{"witness/2.tsr: missing"}},
		"an answer added":           {with(files, base+"witness/1.tsr", []byte("x")), []string{"witness/1.tsr: added"}},
		"the open segment dropped":  {with(with(files, three+".chain", nil), three+".content", nil), []string{"witness/log: line 1: cut off or rewritten: there was a head with 10 records, and the chain has 8"}},
		"content without its chain": {with(files, three+".chain", nil), []string{"000003.content: there is no 000003.chain"}},
	} {
		expect(t, name, faults(t, c.files, evidence.VerifyOptions{}), c.want)
	}
	type blocks = []content.Block
	for name, c := range map[string]struct {
		change func(blocks) blocks
		want   []string
	}{
		"a record changed": {func(b blocks) blocks {
			b[0].Items[1].Line = bytes.Replace(b[0].Items[1].Line, []byte("1.2"), []byte("1.3"), 1)
			return b
		}, []string{"000001.content: record 2: changed"}},
		"a salt changed":    {func(b blocks) blocks { b[0].Items[1].Salt[0]++; return b }, []string{"000001.content: record 2: changed"}},
		"a record dropped":  {func(b blocks) blocks { b[0].Items = b[0].Items[:1]; return b }, []string{"000001.content: record 2: dropped"}},
		"blocks swapped":    {func(b blocks) blocks { return blocks{b[1], b[0]} }, []string{"000001.content: record 1: out of order", "000001.content: record 2: out of order"}},
		"a block twice":     {func(b blocks) blocks { return append(b, b[1]) }, []string{"000001.content: record 3: added", "000001.content: record 4: added"}},
		"records exchanged": {func(b blocks) blocks { i := b[0].Items; i[0].Line, i[1].Line = i[1].Line, i[0].Line; return b }, []string{"record 1: changed", "record 2: changed"}},
		"an added one": {func(b blocks) blocks {
			return append(b, content.Block{Position: at(9), Items: []content.Item{{Number: 99, Line: []byte("{}")}}})
		}, []string{"000001.content: record 99: added"}},
	} {
		expect(t, name, faults(t, recoded(t, files, one+".content", c.change), evidence.VerifyOptions{}), c.want)
	}
}

// expect fails unless each text is in one of the faults.
func expect(t *testing.T, name string, got, want []string) {
	t.Helper()
	for _, w := range want {
		if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, w) }) {
			t.Errorf("%s: %q is not said, but %q", name, w, got)
		}
	}
}

// Whoever owns a chain can write it anew, whole and consistent. Against a head from
// before it is found, wherever that head lies.
func TestRewritten(t *testing.T) {
	t.Parallel()
	build := func(lie int) (fstest.MapFS, []chain.Head) {
		dir := evidence.Memory(t)
		s := open(t, dir)
		var heads []chain.Head
		for n := 1; n <= 10; n++ {
			r := record(n)
			if n == lie {
				r.Raw = []byte("something else")
			}
			keep(t, s, uint64(n), []content.Record{r})
			h, err := s.Head(games)
			if err != nil {
				t.Fatal(err)
			}
			heads = append(heads, h.Head)
		}
		return image(t, dir), heads
	}
	_, heads := build(0)
	for lie := 1; lie <= 10; lie++ {
		files, now := build(lie)
		if f := faults(t, files, evidence.VerifyOptions{}); len(f) > 0 {
			t.Fatalf("it is not consistent: %q", f)
		}
		for i, h := range heads {
			for _, campaign := range []string{"", games} {
				f := faults(t, files, evidence.VerifyOptions{Heads: []evidence.Earlier{{Campaign: campaign, Head: h}}})
				if (len(f) > 0) != (i+1 >= lie) {
					t.Errorf("record %d rewritten, against the head of %d: %q", lie, h.Records, f)
				}
				if len(f) > 0 && !strings.Contains(f[0], fmt.Sprintf("rewritten: with %d records the head was %s, and is %s", h.Records, h.Hash, now[i].Hash)) {
					t.Errorf("%q", f)
				}
			}
		}
		longer := chain.Head{Records: 11, Hash: heads[9].Hash}
		expect(t, "a head from later", faults(t, files, evidence.VerifyOptions{Heads: []evidence.Earlier{{Head: longer}}}), []string{"cut off or rewritten: there was a head with 11 records, and the chain has 10"})
	}
}

func TestVerifyChoice(t *testing.T) {
	dir := evidence.Memory(t)
	s := open(t, filepath.Join(dir, "evidence"))
	keep(t, s, 1, records(1, 2))
	if err := s.Append(t.Context(), "another", at(1), records(1, 2)); err != nil {
		t.Fatal(err)
	}
	h, err := s.Head("another")
	if err != nil {
		t.Fatal(err)
	}
	// The data directory, the folder in it, and that of a campaign.
	for at, want := range map[string]int{dir: 2, filepath.Join(dir, "evidence"): 2, filepath.Join(dir, "evidence", evidence.Folder(games)): 1} {
		if r := verify(t, at, evidence.VerifyOptions{}); len(r.Campaigns) != want || !r.Sound() {
			t.Errorf("%s: %+v", at, r)
		}
	}
	if r := verify(t, dir, evidence.VerifyOptions{Campaign: games}); len(r.Campaigns) != 1 || r.Campaigns[0].Campaign != games {
		t.Errorf("%+v", r)
	}
	if _, err := evidence.VerifyDir(t.Context(), dir, evidence.VerifyOptions{Campaign: "none"}); err == nil {
		t.Error("a campaign that is not there was checked")
	}
	if r := verify(t, dir, evidence.VerifyOptions{Heads: []evidence.Earlier{{Head: h.Head}}}); !r.Sound() {
		t.Errorf("%v", r.All())
	}
	for _, campaign := range []string{"", games, "gone"} {
		o := evidence.VerifyOptions{Heads: []evidence.Earlier{{Campaign: campaign, Head: chain.Head{Records: 1, Hash: h.Hash}}}}
		if r := verify(t, dir, o); len(r.All()) != 1 || !strings.Contains(r.All()[0].String(), "rewritten") {
			t.Errorf("%q: %v", campaign, r.All())
		}
	}
}

// While a store is written to, its last records may be half there, and nothing else.
func TestLive(t *testing.T) {
	t.Parallel()
	files, _ := chained(t)
	base := evidence.Folder(games) + "/"
	live := evidence.VerifyOptions{Live: true}
	last := base + "000003"
	text := len(files[last+".chain"].Data)
	for name, files := range map[string]fstest.MapFS{
		"half a line":   cutTo(files, last+".chain", text-20),
		"no line":       edit(files, last+".chain", func(l []string) []string { return l[:4] }),
		"half a block":  cutTo(edit(files, last+".chain", func(l []string) []string { return l[:4] }), last+".content", len(files[last+".content"].Data)-1),
		"half a notice": cutTo(files, base+"witness/log", len(files[base+"witness/log"].Data)-5),
		"no notice yet": with(files, base+"witness/3.tsr", []byte("x")),
	} {
		if f := faults(t, files, live); len(f) > 0 {
			t.Errorf("%s: %q", name, f)
		}
		if f := faults(t, files, evidence.VerifyOptions{}); len(f) == 0 {
			t.Errorf("%s: nothing is wrong with it at rest", name)
		}
	}
	for name, files := range map[string]fstest.MapFS{
		"half a line of a closed segment": cutTo(files, base+"000002.chain", len(files[base+"000002.chain"].Data)-20),
		"a line changed":                  edit(files, last+".chain", func(l []string) []string { l[3] = strings.Replace(l[3], "12:", "13:", 1); return l }),
		"half a block that has a line":    cutTo(files, last+".content", len(files[last+".content"].Data)-1),
	} {
		if f := faults(t, files, live); len(f) == 0 {
			t.Errorf("%s: nothing is wrong with it", name)
		}
	}
}
