package evidence_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// everything is all that files hold, as it is and decompressed.
func everything(t *testing.T, files fstest.MapFS) []byte {
	t.Helper()
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all []byte
	for name, f := range files {
		all = append(append(all, name...), f.Data...)
		if strings.HasSuffix(name, ".content") {
			// Any decoder passes over the labels.
			if all, err = z.DecodeAll(f.Data, all); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	return all
}

// What was erased is in no file, and the chain is as it was, its heads included.
func TestErase(t *testing.T) {
	dir := evidence.Memory(t)
	reg := prometheus.NewRegistry()
	o := options()
	o.Metrics = reg
	s, err := evidence.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		keep(t, s, uint64(n+1), records(2*n+1, 2*n+2))
	}
	if err := s.Append(t.Context(), "another", at(1), records(1, 2)); err != nil {
		t.Fatal(err)
	}
	head, err := s.Head(games)
	if err != nil {
		t.Fatal(err)
	}
	traces := map[string][][]byte{}
	if err := s.Each(t.Context(), games, 1, func(e evidence.Entry) error {
		r, err := e.Record()
		traces[r.NativeID] = [][]byte{
			[]byte(`"` + r.PostID + `"`), []byte("number " + r.NativeID + "\""), []byte(e.Item.Salt.String()), e.Item.Salt[:],
			[]byte(base64.StdEncoding.EncodeToString(r.Raw)),
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	account := record(3).AccountID // of 3, 6, 9
	gone, err := s.Erase(t.Context(), func(_ string, r content.Record) bool {
		return r.AccountID == account || r.NativeID == "1" && r.Platform == "mastodon"
	})
	if err != nil || gone != 5 {
		t.Fatalf("%d erased, %v", gone, err)
	}
	if got := numbers(t, s); got != "- 2 - 4 5 - 7 8 - 10" {
		t.Errorf("left %s", got)
	}
	if again, err := s.Erase(t.Context(), func(string, content.Record) bool { return false }); again != 0 || err != nil {
		t.Errorf("%d erased, %v", again, err)
	}
	if now, err := s.Head(games); now != head || err != nil {
		t.Errorf("the head changed: %+v, %v", now, err)
	}
	all := everything(t, image(t, dir))
	for id, list := range traces {
		erased := strings.Contains("1 3 6 9", id)
		for i, trace := range list {
			if bytes.Contains(all, trace) == erased && i != 3 && (i != 1 || erased) {
				t.Errorf("post %s: trace %d, erased %v", id, i, erased)
			}
		}
	}
	if bytes.Contains(all, []byte(`"`+account+`"`)) {
		t.Error("the account is still there")
	}
	check := func(present uint64) {
		t.Helper()
		r := verify(t, dir, evidence.VerifyOptions{Campaign: games, Heads: []evidence.Earlier{{Campaign: games, Head: head.Head}}})
		if !r.Sound() || r.Campaigns[0].Erased != 4 || r.Campaigns[0].Present != present {
			t.Errorf("%+v", r)
		}
	}
	check(6)
	// It goes on, here and after a new start, and what comes again may be kept.
	keep(t, s, 6, records(3, 3))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	keep(t, s, 6, records(9, 9)) // again
	keep(t, s, 7, records(11, 11))
	if got := numbers(t, s); got != "- 2 - 4 5 - 7 8 - 10 3 11" {
		t.Errorf("left %s", got)
	}
	check(8)
	if n := testutil.ToFloat64(counter(t, reg, "winnow_evidence_erased_records_total")); n != 5 {
		t.Errorf("%v counted as erased", n)
	}
	if n := testutil.ToFloat64(counter(t, reg, "winnow_evidence_records_total")); n != 13 {
		t.Errorf("%v counted as kept", n)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Erase(over, func(string, content.Record) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if found := image(t, dir); len(found) == 0 || strings.Contains(string(everything(t, found)), ".new") {
		t.Error("something unfinished is left")
	}
}

// counter finds a metric in a registry.
func counter(t *testing.T, reg *prometheus.Registry, name string) prometheus.Collector {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			c := prometheus.NewCounter(prometheus.CounterOpts{Name: name})
			c.Add(f.GetMetric()[0].GetCounter().GetValue())
			return c
		}
	}
	t.Fatalf("there is no %s", name)
	return nil
}

func TestExcerpt(t *testing.T) {
	dir := evidence.Memory(t)
	s := open(t, dir)
	for n := 1; n <= 14; n++ {
		keep(t, s, uint64(n), records(n, n))
	}
	if _, err := s.Erase(t.Context(), func(_ string, r content.Record) bool { return r.NativeID == "7" }); err != nil {
		t.Fatal(err)
	}
	head, err := s.Head(games)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Witnessed(games, head.Head, "timestamp", start, []byte("an answer")); err != nil {
		t.Fatal(err)
	}
	take := func(x evidence.Excerpt) fstest.MapFS {
		t.Helper()
		files := fstest.MapFS{}
		if err := s.Excerpt(t.Context(), games, x, func(path string, data []byte) error {
			if _, ok := files[path]; ok {
				t.Errorf("%s comes twice", path)
			}
			files[path] = &fstest.MapFile{Data: data}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return files
	}
	partial := evidence.VerifyOptions{Partial: true, Heads: []evidence.Earlier{{Campaign: games, Head: head.Head}}}
	files := take(evidence.Excerpt{Records: []uint64{8, 5, 7, 5}, Content: true})
	for _, want := range []string{"000002.chain", "000004.chain", "campaign", "heads", "records/5.txt", "records/8.txt", "witness/1.tsr", "witness/log"} {
		if files[want] == nil {
			t.Errorf("%s is missing", want)
		}
	}
	if len(files) != 8 {
		t.Errorf("%d files", len(files))
	}
	r, err := evidence.Verify(t.Context(), files, partial)
	if err != nil || !r.Sound() || r.Campaigns[0].Present != 2 || r.Campaigns[0].Absent != 4 || r.Campaigns[0].Confirmed != 2 || r.Campaigns[0].Segments != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	// Each bit of the excerpt counts as well.
	for name, f := range files {
		for bit := 0; bit < 8*len(f.Data); bit += 7 {
			f.Data[bit/8] ^= 1 << (bit % 8)
			if len(faults(t, files, partial)) == 0 {
				t.Errorf("%s: bit %d of byte %d was turned, and nothing is wrong", name, bit%8, bit/8)
			}
			f.Data[bit/8] ^= 1 << (bit % 8)
		}
	}
	expect(t, "a record of another segment", faults(t, with(files, "records/1.txt", files["records/5.txt"].Data), partial), []string{"records/1.txt: record 1: added"})
	earlier := evidence.VerifyOptions{Partial: true, Heads: []evidence.Earlier{{Campaign: games, Head: chain.Head{Records: 2}}}}
	expect(t, "a head that is not in it", faults(t, files, earlier), []string{"lies in a segment that is not here"})
	for name := range take(evidence.Excerpt{Records: []uint64{8}}) {
		if filepath.Dir(name) == "records" {
			t.Errorf("%s is handed on", name)
		}
	}
	if err := s.Excerpt(t.Context(), games, evidence.Excerpt{Records: []uint64{15}}, nil); err == nil || !strings.Contains(err.Error(), "there is no record 15") {
		t.Error(err)
	}
}
