package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

const games = "Open Games"

// start is when the first record of the tests is received.
var start = time.Date(2031, 7, 4, 12, 0, 0, 123_456_789, time.UTC)

func record(n int) content.Record {
	return content.Record{
		Platform: "mastodon", PostID: fmt.Sprintf("https://example.org/posts/%d", n), NativeID: fmt.Sprint(n), AccountID: fmt.Sprintf("https://example.org/users/%d", n%3),
		Source: "mastodon/example.org", Version: "1.2", Query: "#OpenGames2031",
		ReceivedAt: start.Add(time.Duration(n) * time.Second), Clock: content.Clock{Known: true, Synchronised: true, MaxError: 20 * time.Millisecond, EstError: time.Millisecond},
		Raw: fmt.Appendf(nil, "{\"id\": %d, \"content\": \"caf\xe9 number %d\"}\r\n", n, n),
	}
}

func records(from, to int) []content.Record {
	var list []content.Record
	for n := from; n <= to; n++ {
		list = append(list, record(n))
	}
	return list
}

func at(sequence uint64) content.Position {
	return content.Position{Incarnation: 7, Sequence: sequence}
}

// options make everything the same each time.
func options() evidence.Options {
	return evidence.Options{
		Segment: 4, Rand: rand.NewChaCha8([32]byte{1}),
		Now: func() time.Time { return start.Add(time.Hour) },
	}
}

func open(t *testing.T, dir string) *evidence.Store {
	t.Helper()
	s, err := evidence.Open(dir, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keep(t *testing.T, s *evidence.Store, sequence uint64, list []content.Record) {
	t.Helper()
	if err := s.Append(t.Context(), games, at(sequence), list); err != nil {
		t.Fatal(err)
	}
}

// numbers lists the posts of a campaign's records, "-" for those erased.
func numbers(t *testing.T, s *evidence.Store) string {
	t.Helper()
	var out []string
	err := s.Each(t.Context(), games, 0, func(e evidence.Entry) error {
		if int(e.Number) != len(out)+1 {
			t.Errorf("record %d comes as number %d", e.Number, len(out)+1)
		}
		if !e.Item.Present() {
			out = append(out, "-")
			return nil
		}
		r, err := e.Record()
		if err != nil {
			return err
		}
		out = append(out, r.NativeID)
		return nil
	})
	if err != nil && !errors.Is(err, evidence.ErrNone) {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func verify(t *testing.T, dir string, o evidence.VerifyOptions) evidence.Report {
	t.Helper()
	r, err := evidence.VerifyDir(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sound fails unless a check finds nothing.
func sound(t *testing.T, dir string, o evidence.VerifyOptions) evidence.Checked {
	t.Helper()
	r := verify(t, dir, o)
	for _, f := range r.All() {
		t.Error(f)
	}
	if len(r.Campaigns) != 1 {
		t.Fatalf("%d campaigns", len(r.Campaigns))
	}
	return r.Campaigns[0]
}

func TestKept(t *testing.T) {
	dir := evidence.Memory(t)
	s := open(t, dir)
	if _, err := s.Head(games); !errors.Is(err, evidence.ErrNone) || s.Incarnation() != 0 || (*evidence.Store)(nil).Incarnation() != 0 {
		t.Errorf("a head of nothing: %v, of incarnation %d", err, s.Incarnation())
	}
	keep(t, s, 1, records(1, 3))
	keep(t, s, 2, records(4, 6)) // goes over what closes a segment
	keep(t, s, 3, records(7, 7))
	keep(t, s, 2, records(20, 21)) // again
	keep(t, s, 4, append(records(7, 7), record(8), record(8)))
	other := record(8)
	other.Source = "mastodon/example.net"
	keep(t, s, 5, []content.Record{other})
	want := "1 2 3 4 5 6 7 8 8"
	if got := numbers(t, s); got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
	if n := s.Incarnation(); n != 7 {
		t.Errorf("incarnation %d", n)
	}
	head, err := s.Head(games)
	if err != nil || head.Records != 9 || head.Segment != 2 || !head.At.Equal(record(8).ReceivedAt.Truncate(time.Millisecond)) {
		t.Errorf("%+v, %v", head, err)
	}
	c := sound(t, dir, evidence.VerifyOptions{Heads: []evidence.Earlier{{Campaign: games, Head: head.Head}, {Head: head.Head}}})
	if c.Records != 9 || c.Present != 9 || c.Head != head.Head || c.Confirmed != 2 || c.Segments != 2 {
		t.Errorf("%+v", c)
	}
	heads, err := evidence.Heads(dir)
	if err != nil || len(heads) != 1 || heads[0] != head {
		t.Errorf("%+v, %v, want %+v", heads, err, head)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), games, at(9), records(9, 9)); err == nil {
		t.Error("a closed store took a record")
	}

	s = open(t, dir)
	if again, err := s.Head(games); again != head || err != nil {
		t.Errorf("%+v, %v after opening again", again, err)
	}
	keep(t, s, 5, records(30, 30)) // again
	keep(t, s, 6, records(7, 9))   // 7 and 8 are known from the open segment
	if got := numbers(t, s); got != want+" 9" {
		t.Errorf("kept %s", got)
	}
	sound(t, dir, evidence.VerifyOptions{})
	modes(t, dir)
}

// modes fails if others than the owner may do anything.
func modes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestExact(t *testing.T) {
	s := open(t, evidence.Memory(t))
	want := record(1)
	keep(t, s, 1, []content.Record{want})
	err := s.Each(t.Context(), games, 1, func(e evidence.Entry) error {
		got, err := e.Record()
		if err != nil {
			return err
		}
		if !bytes.Equal(got.Raw, want.Raw) || got.Query != want.Query || got.Clock != want.Clock || !got.ReceivedAt.Equal(want.ReceivedAt) {
			t.Errorf("%+v", got)
		}
		if chain.Of(e.Proof()) != e.Commitment {
			t.Error("the proof is not what the chain commits to")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	s := open(t, evidence.Memory(t))
	spoilt := record(1)
	spoilt.Query = "\xff"
	for name, err := range map[string]error{
		"without a position": s.Append(t.Context(), games, content.Position{}, records(1, 1)),
		"not UTF-8":          s.Append(t.Context(), games, at(1), []content.Record{record(2), spoilt}),
	} {
		if err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Append(over, games, at(1), records(1, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := numbers(t, s); got != "" {
		t.Errorf("kept %s", got)
	}
}

func TestFind(t *testing.T) {
	s := open(t, evidence.Memory(t))
	for n := range 10 {
		keep(t, s, uint64(n+1), records(n+1, n+1))
	}
	find := func(since time.Time) (found []string, segments int) {
		t.Helper()
		err := s.Find(t.Context(), games, evidence.Search{
			Posts: map[string]bool{record(2).PostID: true, record(9).PostID: true, "other": true}, Since: since,
			Progress: func(_, of int) { segments = of },
		}, func(e evidence.Entry) error {
			r, err := e.Record()
			found = append(found, r.NativeID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found, segments
	}
	if got, of := find(time.Time{}); !slices.Equal(got, []string{"2", "9"}) || of != 3 {
		t.Errorf("found %v in %d", got, of)
	}
	if got, _ := find(record(9).ReceivedAt); !slices.Equal(got, []string{"9"}) {
		t.Errorf("found %v", got)
	}
	stop := errors.New("stop")
	if err := s.Each(t.Context(), games, 5, func(e evidence.Entry) error {
		if e.Number != 5 {
			t.Errorf("begins with %d", e.Number)
		}
		return stop
	}); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestRemove(t *testing.T) {
	dir := evidence.Memory(t)
	s := open(t, dir)
	keep(t, s, 1, records(1, 9))
	if err := s.Append(t.Context(), "another", at(1), records(1, 2)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Remove(games); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Campaigns(); !slices.Equal(got, []string{"another"}) {
		t.Errorf("left %v", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v", entries, err)
	}
	keep(t, s, 1, records(1, 1)) // a new chain
	if got := numbers(t, s); got != "1" {
		t.Errorf("kept %s", got)
	}
	// What a crash may leave.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, evidence.Folder(games)), filepath.Join(dir, evidence.Folder(games)+".removed")); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dir).Campaigns(); !slices.Equal(got, []string{"another"}) {
		t.Errorf("left %v", got)
	}
	if entries, err = os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v", entries, err)
	}
}

// image reads a folder into memory.
func image(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = &fstest.MapFile{Data: data, Mode: 0o600}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// lay writes files into a folder that is not there yet.
func lay(t *testing.T, dir string, files fstest.MapFS) {
	t.Helper()
	for name, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
