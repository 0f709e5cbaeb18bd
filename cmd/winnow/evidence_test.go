package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
	"winnow/storage/evidence/witness"
	"winnow/storage/evidence/witness/witnesstest"
)

// keepEvidence sees to it that a campaign has so many records in a folder of evidence.
func keepEvidence(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: evidence dir campaign records")
	}
	most, err := strconv.Atoi(args[2])
	ts.Check(err)
	s, err := evidence.Open(ts.MkAbs(args[0]), evidence.Options{Segment: 2})
	ts.Check(err)
	head, err := s.Head(args[1])
	if err != nil && !errors.Is(err, evidence.ErrNone) {
		ts.Check(err)
	}
	for n := int(head.Records) + 1; n <= most; n++ {
		ts.Check(s.Append(context.Background(), args[1], content.Position{Incarnation: 1, Sequence: uint64(n)}, []content.Record{{
			Platform: "mastodon", PostID: fmt.Sprint(n), Source: "mastodon/example.org",
			ReceivedAt: time.Date(2031, 7, 4, 12, 0, n, 0, time.UTC), Raw: []byte("post"),
		}}))
	}
	ts.Check(s.Close())
}

// spoil replaces a text in the files of a pattern, where it is.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: spoil pattern old new")
	}
	paths, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	done := false
	for _, path := range paths {
		data, err := os.ReadFile(path)
		ts.Check(err)
		spoilt := bytes.Replace(data, []byte(args[1]), []byte(args[2]), 1)
		done = done || !bytes.Equal(data, spoilt)
		ts.Check(os.WriteFile(path, spoilt, 0o600))
	}
	if !done {
		ts.Fatalf("no file of %s has %s", args[0], args[1])
	}
}

// stamp has the head of a campaign stamped, and writes the certificate that its authority's
// leads to.
func stamp(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: stamp dir campaign root")
	}
	a, err := witnesstest.New(time.Date(2031, 7, 4, 13, 0, 0, 0, time.UTC), true)
	ts.Check(err)
	defer a.Close()
	s, err := evidence.Open(ts.MkAbs(args[0]), evidence.Options{Segment: 2})
	ts.Check(err)
	head, err := s.Head(args[1])
	ts.Check(err)
	w := witness.Authority{URL: a.URL, Client: http.DefaultClient}
	answer, err := w.Show(context.Background(), head)
	ts.Check(err)
	ts.Check(s.Witnessed(args[1], head.Head, w.Means(), head.At, answer))
	ts.Check(s.Close())
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), root, 0o600))
}
