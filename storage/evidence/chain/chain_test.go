package chain

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)

// text is a segment of so many lines.
func text(lines int) string {
	h := Header{Chain: Hash{1}, Segment: 2, First: 11, Previous: Hash{2}}
	out := h.String() + "\n"
	link := h.Link()
	for n := range lines {
		l := Next(link, h.First+uint64(n), noon.Add(time.Duration(n)*time.Second), Hash{3, byte(n)})
		out, link = out+l.String()+"\n", l.Link
	}
	return out
}

// The form is a promise to whoever holds a head. These were computed with sha256sum.
func TestForm(t *testing.T) {
	const want = `winnow-evidence-1 0100000000000000000000000000000000000000000000000000000000000000 2 11 0200000000000000000000000000000000000000000000000000000000000000
11 2031-07-04T12:00:00.000Z 0300000000000000000000000000000000000000000000000000000000000000 c4597d326eff504a8275ef913127a09fffa740ab2d5589e003997ef7e060c2de
12 2031-07-04T12:00:01.000Z 0301000000000000000000000000000000000000000000000000000000000000 861b1674e53d95e852a676da2636c21e9553a300ef600c290ad5e4e1a0e3763a
`
	got := text(2)
	if got != want {
		t.Errorf("%s", got)
	}
	s, faults := ReadSegment([]byte(got))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	closed := Close(s.Header.Previous, 2, 12, s.Link())
	if got, want := closed.String(), "2 12 861b1674e53d95e852a676da2636c21e9553a300ef600c290ad5e4e1a0e3763a 5cc8bd8924a0784fe839fb5a91fa59ff74eea35520a5ced948be92ce3c409cc7"; got != want {
		t.Errorf("%s", got)
	}
	notice := NextNotice(s.Header.Chain, Notice{Time: noon, Head: Head{12, closed.Head}, Means: "mail"})
	if got, want := notice.String(), "2031-07-04T12:00:00.000Z 5cc8bd8924a0784fe839fb5a91fa59ff74eea35520a5ced948be92ce3c409cc7@12 mail - 9ff843cf44e1c29854f6cd0aa8045fd60e7e1b2be3311f85b588dbd821ae7520"; got != want {
		t.Errorf("%s", got)
	}
}

// What is written is read again as it was, and each fault of one line is named at that
// line, or at the one behind it that no longer follows.
func TestOneChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 9).Draw(t, "lines")
		whole := text(count)
		s, faults := ReadSegment([]byte(whole))
		if len(faults) > 0 || s.Sound != count || s.Bytes != len(whole) || s.Last() != uint64(10+count) {
			t.Fatalf("%v, %d lines, %d bytes", faults, s.Sound, s.Bytes)
		}
		lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
		lines[count] += "\n"
		at := rapid.IntRange(0, count).Draw(t, "line")
		changed := []byte(lines[at])
		i := rapid.IntRange(0, len(changed)-1).Draw(t, "byte")
		changed[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		lines[at] = string(changed)
		s, faults = ReadSegment([]byte(strings.Join(lines, "")))
		switch {
		case at == 0 && len(faults) == 0 && s.Header.String()+"\n" == lines[0]:
			t.Fatal("a header that was changed has the same link")
		case len(faults) == 0:
			t.Fatalf("line %d: nothing is wrong with %q", at+1, changed)
		}
		if at > 0 && (faults[0].Line < at+1 || faults[0].Line > at+2 || s.Sound > at) {
			t.Fatalf("line %d: %v, %d lines are said to be sound", at+1, faults, s.Sound)
		}
	})
}

func TestFaults(t *testing.T) {
	lines := strings.SplitAfter(text(4), "\n")[:5]
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"nothing":          {"", "line 1: no header of a segment: a header is winnow-evidence-1 CHAIN SEGMENT FIRST PREVIOUS"},
		"half a header":    {lines[0][:len(lines[0])-1], "line 1: no header of a segment: " + CutOff},
		"no record number": {strings.Replace(lines[0], " 2 11 ", " 2 0 ", 1), "line 1: no header of a segment: records are numbered from 1"},
		"no segment":       {strings.Replace(lines[0], " 2 11 ", " 0 11 ", 1), "line 1: no header of a segment: segments are numbered from 1 to 999999"},
		"cut off":          {lines[0] + lines[1] + lines[2][:50], "line 3: " + CutOff},
		"large digits":     {lines[0] + strings.Replace(lines[1], " 03", " 0A", 1), "line 2: no line of a chain: a hash consists of the digits 0 to 9 and a to f"},
		"a short hash":     {lines[0] + strings.Replace(lines[1], " 03", " 3", 1), "line 2: no line of a chain: a hash has 64 digits"},
		"another time":     {lines[0] + strings.Replace(lines[1], "Z ", "+00:00 ", 1), "line 2: no line of a chain: a time looks like 2031-07-04T12:00:00.000Z"},
		"a plus":           {lines[0] + "+" + lines[1], "line 2: no line of a chain: a number consists of the digits 0 to 9"},
		"a word too many":  {lines[0] + strings.Replace(lines[1], "\n", " x\n", 1), "line 2: no line of a chain: a line is NUMBER TIME COMMITMENT LINK"},
		"one dropped":      {lines[0] + lines[1] + lines[3], "line 3, record 13: record 12, which should stand before it, is missing"},
		"two dropped":      {lines[0] + lines[3] + lines[4], "line 2, record 13: records 11 to 12, which should stand before it, are missing"},
	} {
		_, faults := ReadSegment([]byte(c.text))
		if len(faults) == 0 || faults[0].String() != c.want {
			t.Errorf("%s: %q, want %q", name, faults, c.want)
		}
	}
	if f := (Fault{Record: 3, What: "gone"}).String(); f != "record 3: gone" {
		t.Error(f)
	}
}

// A segment that is missing does not keep the others from being checked.
func TestHeads(t *testing.T) {
	before := Hash{1}
	var lines []string
	for n := 1; n <= 5; n++ {
		c := Close(before, n, uint64(10*n), Hash{9, byte(n)})
		lines, before = append(lines, c.String()+"\n"), c.Head
	}
	all := strings.Join(lines, "")
	h, faults := ReadHeads(Hash{1}, []byte(all))
	if len(faults) > 0 || len(h.Closed) != 5 || h.Bytes != len(all) || h.Closed[4].Head != before {
		t.Fatalf("%+v %v", h, faults)
	}
	for name, c := range map[string]struct {
		chain Hash
		text  string
		want  string
		sound int
	}{
		"another chain": {Hash{2}, all, "line 1: changed", 0},
		"one dropped":   {Hash{1}, lines[0] + lines[2], "line 2: missing, added or out of order: segment 2 should stand here, not 3", 1},
		"changed":       {Hash{1}, lines[0] + strings.Replace(lines[1], "2 20", "2 21", 1) + lines[2], "line 2: changed: its head", 1},
		"backwards":     {Hash{1}, lines[0] + strings.Replace(lines[1], "2 20", "2 10", 1), "line 2: changed: segment 2 ends with record 10", 1},
		"none":          {Hash{1}, lines[0] + "\n", "line 2: no line of a head: a line is SEGMENT LAST DIGEST HEAD", 1},
		"cut off":       {Hash{1}, lines[0] + lines[1][:9], "line 2: " + CutOff, 1},
	} {
		h, faults := ReadHeads(c.chain, []byte(c.text))
		if len(faults) == 0 || !strings.HasPrefix(faults[0].String(), c.want) || h.Bytes != len(strings.Join(lines[:c.sound], "")) {
			t.Errorf("%s: %q, %d bytes", name, faults, h.Bytes)
		}
	}
}

func TestNotices(t *testing.T) {
	var lines []string
	before := Hash{1}
	for n := range 3 {
		notice := NextNotice(before, Notice{Time: noon, Head: Head{Records: uint64(n)}, Means: "webhook", File: Hash{byte(n)}})
		lines, before = append(lines, notice.String()+"\n"), notice.Link
	}
	all := strings.Join(lines, "")
	list, faults := ReadNotices(Hash{1}, []byte(all))
	if len(faults) > 0 || len(list.List) != 3 || list.Bytes != len(all) || list.Link(Hash{1}) != before || (Notices{}).Link(Hash{1}) != (Hash{1}) {
		t.Fatalf("%+v %v", list, faults)
	}
	for i := range all {
		for bit := range 8 {
			changed := []byte(all)
			changed[i] ^= 1 << bit
			if _, faults := ReadNotices(Hash{1}, changed); len(faults) == 0 {
				t.Errorf("bit %d of byte %d was turned, and nothing is wrong", bit, i)
			}
		}
	}
	for _, bad := range []string{"", "Mail", "two words", "-", strings.Repeat("a", 41)} {
		if CheckMeans(bad) == nil {
			t.Errorf("%q is a means", bad)
		}
	}
}

func TestHead(t *testing.T) {
	h := Head{Records: 12, Hash: Hash{1, 2}}
	if got, err := ParseHead(h.String()); got != h || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "12", h.Hash.String(), h.String() + " ", "@12", h.Hash.String() + "@", h.Hash.String() + "@012", strings.ToUpper(h.String())} {
		if got, err := ParseHead(bad); err == nil && got.String() != bad || err == nil && !strings.Contains(fmt.Sprint(got), "@") {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}
