package evidence_test

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
)

// cutTo is files with one of them cut off.
func cutTo(files fstest.MapFS, name string, size int) fstest.MapFS {
	return with(files, name, files[name].Data[:size])
}

func with(files fstest.MapFS, name string, data []byte) fstest.MapFS {
	files = maps.Clone(files)
	files[name] = &fstest.MapFile{Data: data, Mode: 0o600}
	if data == nil {
		delete(files, name)
	}
	return files
}

// A crash at any byte of the last append leaves a store that opens, with all of the
// append or nothing of it, and takes the message again: afterwards all is there once.
func TestCrash(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]int{"within a segment": 2, "where one begins": 4, "as the first": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := evidence.Memory(t)
			s := open(t, dir)
			if before > 0 {
				keep(t, s, 1, records(1, before))
			} else {
				keep(t, s, 1, records(1, 1)) // makes the folder
				if err := s.Remove(games); err != nil {
					t.Fatal(err)
				}
			}
			was := image(t, dir)
			var old chain.Head
			if before > 0 {
				h, err := s.Head(games)
				if err != nil {
					t.Fatal(err)
				}
				old = h.Head
			}
			keep(t, s, 2, records(before+1, before+2))
			is := image(t, dir)
			whole := numbers(t, s)
			base := evidence.Folder(games)
			segment := path.Join(base, "000001")
			if before == 4 {
				segment = path.Join(base, "000002")
			}
			size := func(files fstest.MapFS, name string) int {
				if f := files[name]; f != nil {
					return len(f.Data)
				}
				return 0
			}
			var states []fstest.MapFS
			// The content half there, the chain as it was.
			text := was
			if before != 2 {
				// A header is there as a whole or not at all.
				end := strings.IndexByte(string(is[segment+".chain"].Data), '\n') + 1
				text = cutTo(is, segment+".chain", end)
			}
			for n := size(was, segment+".content"); n <= size(is, segment+".content"); n++ {
				states = append(states, with(text, segment+".content", is[segment+".content"].Data[:n]))
			}
			// The content whole, the chain half there.
			for n := size(text, segment+".chain"); n <= size(is, segment+".chain"); n++ {
				states = append(states, cutTo(is, segment+".chain", n))
			}
			if before == 4 {
				// A head half there, and a segment without its chain.
				heads := path.Join(base, "heads")
				closed := with(with(is, segment+".chain", nil), segment+".content", nil)
				for n := range size(is, heads) {
					states = append(states, cutTo(closed, heads, n))
				}
				states = append(states, closed, with(closed, segment+".content", []byte{}), with(closed, segment+".chain.new", []byte("half")))
			}
			// Blocks of the disk that were counted and not written.
			for _, end := range []string{".content", ".chain"} {
				torn := append([]byte{}, is[segment+end].Data...)
				for i := size(text, segment+end); i < len(torn); i++ {
					torn[i] = 0
				}
				on := text
				if end == ".chain" {
					on = is
				}
				states = append(states, with(on, segment+end, torn))
			}
			disk := evidence.Memory(t)
			for i, files := range states {
				crashed(t, disk, i, files, old, whole, before)
			}
			t.Logf("%d states", len(states))
		})
	}
}

func crashed(t *testing.T, at string, i int, files fstest.MapFS, old chain.Head, whole string, before int) {
	t.Helper()
	dir := filepath.Join(at, fmt.Sprint(i))
	lay(t, dir, files)
	s, err := evidence.Open(dir, options())
	if err != nil {
		t.Fatalf("state %d: %v", i, err)
	}
	defer s.Close()
	part := strings.Join(strings.Fields(whole)[:before], " ")
	if got := numbers(t, s); got != whole && got != part {
		t.Fatalf("state %d: %s after a crash", i, got)
	}
	if old.Records > 0 {
		sound(t, dir, evidence.VerifyOptions{Heads: []evidence.Earlier{{Campaign: games, Head: old}}})
	}
	keep(t, s, 2, records(before+1, before+2))
	if got := numbers(t, s); got != whole {
		t.Fatalf("state %d: %s after the message came again", i, got)
	}
	sound(t, dir, evidence.VerifyOptions{})
	if t.Failed() {
		t.Fatalf("state %d", i)
	}
}

// What no crash explains is refused, and the file is named.
func TestDamage(t *testing.T) {
	dir := evidence.Memory(t)
	s := open(t, dir)
	keep(t, s, 1, records(1, 4))
	keep(t, s, 2, records(5, 8))
	keep(t, s, 3, records(9, 9))
	keep(t, s, 4, records(10, 10))
	if err := s.Witnessed(games, chain.Head{Records: 1}, "mail", start, nil); err != nil {
		t.Fatal(err)
	}
	files := image(t, dir)
	base := evidence.Folder(games) + "/"
	flip := func(name string, at int) fstest.MapFS {
		data := append([]byte{}, files[base+name].Data...)
		if at < 0 {
			at += len(data)
		}
		data[at] ^= 1
		return with(files, base+name, data)
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"campaign changed":       {with(files, base+"campaign", []byte(strings.Replace(string(files[base+"campaign"].Data), "Open", "Shut", 1))), "campaign: "},
		"campaign empty":         {with(files, base+"campaign", []byte{}), "campaign: "},
		"heads gone":             {with(files, base+"heads", nil), "heads: "},
		"heads cut":              {cutTo(files, base+"heads", 100), "heads: "},
		"a head changed":         {flip("heads", 0), "heads: "},
		"a segment gone":         {with(files, base+"000001.chain", nil), "000001.chain is missing"},
		"the open segment gone":  {with(files, base+"000003.chain", nil), "000003.chain is missing"},
		"the header changed":     {flip("000003.chain", 90), "000003.chain: "},
		"a line changed":         {flip("000003.chain", 260), "000003.chain: "},
		"the open content gone":  {with(files, base+"000003.content", nil), "000003.content: "},
		"content cut":            {cutTo(files, base+"000003.content", len(files[base+"000003.content"].Data)-1), "000003.content: "},
		"content changed":        {flip("000003.content", -1), "000003.content: "},
		"a notice changed":       {flip("witness/log", 3), "witness/log: "},
		"two segments not heads": {with(files, base+"heads", files[base+"heads"].Data[:0]), "heads: "},
	} {
		at := filepath.Join(evidence.Memory(t), "evidence")
		lay(t, at, c.files)
		_, err := evidence.Open(at, options())
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "winnow evidence verify") {
			t.Errorf("%s: %v", name, err)
		}
		if got := image(t, at); len(got) != len(c.files) {
			t.Errorf("%s: there are %d files now, of %d", name, len(got), len(c.files))
		}
	}
	// A folder in the way that is not evidence is left alone.
	at := evidence.Memory(t)
	lay(t, at, fstest.MapFS{"other/file": {Data: []byte("x")}})
	if _, err := evidence.Open(at, options()); err != nil {
		t.Error(err)
	}
	// A notice that was cut off.
	at = filepath.Join(evidence.Memory(t), "evidence")
	lay(t, at, cutTo(files, base+"witness/log", 20))
	s = open(t, at)
	if n, err := s.Notices(games); len(n) != 0 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := s.Notices("none"); !errors.Is(err, evidence.ErrNone) {
		t.Error(err)
	}
}
