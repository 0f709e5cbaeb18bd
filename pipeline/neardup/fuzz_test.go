package neardup

import (
	"strings"
	"testing"
	"unsafe"
)

// Any text has a sketch of bounded size, is a copy of itself once placed, and
// of itself with tags around it, and two sketches of one text are equal. The
// longest common subsequence is the one that the textbook's method gives.
func FuzzPlace(f *testing.F) {
	for _, text := range []string{
		english, russian, azerbaijani, arabic, hindi, chinese, japanese, thai, "", "#", "@", "RT @a: #b https://example.org",
		"a.#b", "C# is a.language#for @people", "\xff#\xfe", "1️⃣ 2️⃣ #️⃣", strings.Repeat("a.b#", 300), "ｔｅｘｔ…", "#a#b#c text…",
	} {
		f.Add(text, english)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x := NewIndex(Limits{Clusters: 4})
		var s, again Sketch
		again.Of(b)
		if ok := s.Of(a); ok != again.Of(a) || s.sum != again.sum || s.Words() != again.Words() {
			t.Fatal("a sketch depends on what was in its memory")
		} else if !ok {
			return
		}
		if size := int(unsafe.Sizeof(s)) + cap(s.tokens)*4; len(s.tokens) > maxTokens || size > 1200 {
			t.Fatalf("a sketch of %d tokens, %d bytes", len(s.tokens), size)
		}
		id, copied := x.Place(&s, 0)
		if copied {
			t.Fatal("a copy of nothing")
		}
		other := again.Of(b)
		if other {
			x.Place(&again, 1)
			var m matcher
			m.set(&s)
			if got, want := m.common(again.tokens), common(s.tokens, again.tokens); got != want {
				t.Fatalf("%d tokens in common, want %d", got, want)
			}
		}
		if got, copied := x.Place(&s, 2); got != id || !copied {
			t.Fatal("no copy of itself")
		}
		clear(x.known.entries.pages)
		for i := range x.known.entries.pages {
			x.known.entries.pages[i] = new([pageSize]entry)
		}
		if got, copied := x.Place(&s, 3); got != id || !copied {
			t.Fatal("no copy of itself by its pairs")
		}
	})
}

// common is the longest common subsequence by the textbook.
func common(a, b []uint32) int {
	best := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := best[j+1]
			if x == y {
				best[j+1] = diagonal + 1
			} else {
				best[j+1] = max(above, best[j])
			}
			diagonal = above
		}
	}
	return best[len(b)]
}
