package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// The plain co-share network is the one that other tools see: on CooRTweet's
// sample russian_coord_tweets with a window of 60 s, CooRTweet 2.1.3
// (min_participation 1) and the coordination-network-toolkit find 3,954 accounts
// and 6,206 pairs, and the latter 97 and 63 of a weight of two. On retweets of
// the Higgs boson's announcement (SNAP, higgs-activity_time) it finds 128,250
// accounts, and 21,615.
func TestEvalParity(t *testing.T) {
	dir := os.Getenv("WINNOW_DATA")
	if dir == "" {
		t.Skip("WINNOW_DATA names no folder")
	}
	for _, c := range []struct {
		file            string
		minWeight       int
		accounts, pairs int // pairs are 0 where the tools' are not known
	}{
		{"russian_coord_tweets.csv.gz", 1, 3954, 6206},
		{"russian_coord_tweets.csv.gz", 2, 97, 63},
		{"higgs_co.csv.gz", 1, 128250, 0},
		{"higgs_co.csv.gz", 2, 21615, 0},
	} {
		path := filepath.Join(dir, c.file)
		if _, err := os.Stat(path); err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		var out, stderr strings.Builder
		args := []string{"eval", path, "--exact", "--json", "--window", "60s", "--min-weight", strconv.Itoa(c.minWeight)}
		if code := run(t.Context(), args, strings.NewReader(""), &out, &stderr); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, stderr.String())
		}
		var got struct{ Accounts, Pairs int }
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Fatal(err)
		}
		if got.Accounts != c.accounts || c.pairs != 0 && got.Pairs != c.pairs {
			t.Errorf("%s, weight %d: %d accounts, %d pairs; want %d, %d", c.file, c.minWeight, got.Accounts, got.Pairs, c.accounts, c.pairs)
		}
	}
}

// An account has one row for each campaign, its strongest evidence first.
func TestFlaggedAccounts(t *testing.T) {
	finding := func(id, campaign, declared string, bits map[string]float64) coordination.Finding {
		f := coordination.Finding{ID: id, Campaign: campaign, Declared: declared}
		for account, b := range bits {
			f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: post.X, AccountID: account, Bits: b})
		}
		return f
	}
	var got []string
	for _, a := range flaggedAccounts([]coordination.Finding{
		finding("f1", "A", "", map[string]float64{"x": 5, "y": 7}),
		finding("f2", "A", "", map[string]float64{"x": 9}),
		finding("f3", "B", "", map[string]float64{"x": 7}),
		finding("f4", "A", "a day of action", map[string]float64{"x": 99, "z": 99}),
	}) {
		row := a.platform + " " + a.id + " " + a.campaign
		for _, f := range a.findings {
			row += " " + f.finding
		}
		got = append(got, row)
	}
	if diff := cmp.Diff([]string{"x x A f2 f1", "x x B f3", "x y A f1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What fails half way leaves neither a table nor a part of one.
func TestAccountsFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "accounts.csv")
	if err := os.WriteFile(path, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	content := func() string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return strconv.Itoa(len(files)) + " " + string(b)
	}
	a, err := newAccountsFile(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.discard(); err != nil || content() != "1 before\n" {
		t.Errorf("given up: %q, %v", content(), err)
	}
	if a, err = newAccountsFile(path, nil); err != nil {
		t.Fatal(err)
	}
	if err := a.write(nil); err != nil {
		t.Fatal(err)
	}
	if err := a.discard(); err != nil || content() != "1 account_id,platform,campaign,findings,bits\n" {
		t.Errorf("written: %q, %v", content(), err)
	}
}

func TestPeakMemory(t *testing.T) {
	if n := peakMemory(); n < 1<<20 || n > 1<<40 {
		t.Errorf("%d bytes", n)
	}
}
