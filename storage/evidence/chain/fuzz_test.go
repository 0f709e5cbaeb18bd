package chain

import "testing"

// Whatever a text is, reading it ends; and if nothing is wrong with it, it is, byte by
// byte, what its parts are written as.
func FuzzRead(f *testing.F) {
	f.Add([]byte(text(3)))
	f.Add([]byte(Close(Hash{}, 1, 5, Hash{7}).String() + "\n"))
	f.Add([]byte(NextNotice(Hash{}, Notice{Time: noon, Means: "mail"}).String() + "\n"))
	f.Add([]byte(NextNotice(Hash{}, Notice{Time: noon, Means: "timestamp", File: Hash{1}}).String() + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, faults := ReadSegment(data); len(faults) == 0 {
			out := s.Header.String() + "\n"
			for _, l := range s.Lines {
				out += l.String() + "\n"
			}
			same(t, out, data)
		} else if s.Bytes > len(data) || s.Sound > len(s.Lines) {
			t.Errorf("%d bytes and %d lines are sound, of %d and %d", s.Bytes, s.Sound, len(data), len(s.Lines))
		}
		if h, faults := ReadHeads(Hash{}, data); len(faults) == 0 {
			out := ""
			for _, c := range h.Closed {
				out += c.String() + "\n"
			}
			same(t, out, data)
		}
		if n, faults := ReadNotices(Hash{}, data); len(faults) == 0 {
			out := ""
			for _, l := range n.List {
				out += l.String() + "\n"
			}
			same(t, out, data)
		}
		if h, err := ParseHead(string(data)); err == nil {
			same(t, h.String(), data)
		}
	})
}

func same(t *testing.T, got string, want []byte) {
	t.Helper()
	if got != string(want) {
		t.Errorf("%q was read, and is written %q", want, got)
	}
}
