package storage_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
)

// tables are those whose rows must be the same on one server and on a cluster, and
// what is left out of them: versions are times.
var tables = map[string]string{
	"posts": "", "tombstones": "", "aliases": "", "accounts": "", "account_sights": "", "memberships": "",
	"reach": "version", "account_buckets": "version", "audience": "version", "audience_days": "version", "marks": "version", "findings": "version", "finding_accounts": "version",
	"finding_objects": "version", "finding_posts": "version", "finding_evidence": "version", "verdicts": "version, at", "verdict_history": "version, at",
	"changes": "version", "change_items": "version", "gaps": "version", "watches": "",
}

var few = map[string]bool{"verdicts": true, "verdict_history": true, "gaps": true, "watches": true, "changes": true, "change_items": true}

// content is all rows of a store, table by table.
func content(t *testing.T, c clickhouse.Conn) map[string][]string {
	t.Helper()
	out := make(map[string][]string)
	for table, without := range tables {
		from := table + " FINAL"
		if table == "memberships" {
			from = table
		}
		row := "tuple(*)"
		if without != "" {
			row = "tuple(* EXCEPT (" + without + "))"
		}
		out[table] = strings.Split(ask[string](t, c, "SELECT arrayStringConcat(arraySort(groupArray(toString("+row+"))), '\\n') FROM "+from), "\n")
	}
	return out
}

// The same posts, edits, deletions, findings and verdicts come to the same rows on
// one server and on two shards.
func TestTwoShardsComeToTheSame(t *testing.T) {
	if os.Getenv("WINNOW_LONG") == "" {
		t.Skip("run by make long")
	}
	one, c := open(t)
	o := storagetest.Shards(t)
	two, err := storage.Open(t.Context(), storage.Options{Writer: o, Cluster: storagetest.ClusterName})
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close() //nolint:errcheck // test
	// As anybody has to who asks by themselves.
	o.Settings["distributed_product_mode"] = "global"
	spread, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer spread.Close() //nolint:errcheck // test
	for _, s := range []*storage.Store{one, two} {
		workload(t, s)
	}
	want, got := content(t, c), content(t, spread)
	for table := range tables {
		if len(want[table]) < 3 && !few[table] {
			t.Errorf("%s holds only %d rows", table, len(want[table]))
		}
		if diff := cmp.Diff(want[table], got[table]); diff != "" {
			t.Errorf("%s (-one server +two shards):\n%s", table, diff)
		}
	}
	// Both shards have a part, or nothing was tested.
	for _, table := range []string{"posts", "accounts", "account_buckets"} {
		if n := ask[uint64](t, spread, "SELECT uniqExact(_shard_num) FROM "+table); n != 2 {
			t.Errorf("%s lies on %d shards", table, n)
		}
	}
	if diff := cmp.Diff(told(t, one), told(t, two)); diff != "" {
		t.Errorf("posts in order (-one server +two shards):\n%s", diff)
	}
	if _, err := two.Rebuild(t.Context(), storage.Rebuilding{Check: true}); err == nil || !strings.Contains(err.Error(), "not on a cluster") {
		t.Errorf("a check of the buckets: %v", err)
	}
	for _, s := range []*storage.Store{one, two} {
		if _, err := s.Rebuild(t.Context(), storage.Rebuilding{}); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(content(t, c)["reach"], content(t, spread)["reach"]); diff != "" {
		t.Errorf("after a rebuild (-one server +two shards):\n%s", diff)
	}
}

// told are the posts of a store as the pipeline gets them.
func told(t *testing.T, s *storage.Store) (all []post.Post) {
	t.Helper()
	take := func(p *post.Post) error {
		all = append(all, *p)
		return nil
	}
	if err := s.Posts(t.Context(), "c", take); err != nil {
		t.Fatal(err)
	}
	if err := s.Recent(t.Context(), post.X, day.Add(20*time.Hour), 50, take); err != nil {
		t.Fatal(err)
	}
	return all
}

// workload is the same for each store that it is done to.
func workload(t *testing.T, s *storage.Store) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(8, 8))
	posts := make([]*post.Post, 200)
	for i := range posts {
		p := somePost(i, rnd.IntN(30), time.Duration(rnd.Int64N(int64(40*time.Hour))).Truncate(time.Millisecond))
		p.Lang = []string{"", "az", "en"}[rnd.IntN(3)]
		p.NativeID = fmt.Sprint("n", i)
		p.ObservedAt = p.PostedAt.Add(time.Minute)
		posts[i] = p
	}
	for _, campaign := range []string{"c", "d"} {
		write(t, s, rowsOf(campaign, posts[:150]...))
	}
	write(t, s, rowsOf("c", posts[100:]...))
	var fs []coordination.Finding
	for i := range 3 {
		from := time.Duration(10*i) * time.Hour
		f := finding(fmt.Sprint("f", i), []string{"", "day of action", ""}[i], from, from+9*time.Hour, 3*i, 3*i+1, 3*i+2)
		fs = append(fs, withEvidence(f, coordination.ConfidenceHigh, 30))
	}
	replace(t, s, fs...)
	settle(t, s)
	var again []*post.Post
	for _, p := range posts[:40] {
		e := *p
		e.Text, e.ObservedAt = "edited", p.ObservedAt.Add(time.Hour)
		e.Account.Followers = post.KnownCount(7)
		again = append(again, &e)
	}
	write(t, s, rowsOf("c", again...))
	var gone []post.Deletion
	for i := 20; i < 60; i++ {
		gone = append(gone, post.Deletion{Platform: post.X, NativeID: fmt.Sprint("n", i), At: day.Add(50 * time.Hour)})
	}
	write(t, s, nil, gone...)
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f0", Author: "anna", Judgement: storage.Wrong}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ReplaceChanges(t.Context(), "c", []change.Change{aChange("c1", time.Hour), aChange("c2", 2*time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ReplaceChanges(t.Context(), "c", []change.Change{aChange("c1", time.Hour)}); err != nil {
		t.Fatal(err)
	}
	say(t, s, storage.Message{Gaps: []post.Gap{someGap(nil)}, Watches: []post.Watch{someWatch("c", 2*time.Hour), someWatch("c", time.Hour)}})
	say(t, s, storage.Message{Gaps: []post.Gap{someGap(closed)}})
	settle(t, s)
	write(t, s, rowsOf("d", posts[150:]...))
}

func TestClusterIsNotMistaken(t *testing.T) {
	plain := storagetest.Options(t)
	for name, tt := range map[string]struct {
		o       *clickhouse.Options
		before  string
		cluster string
		want    string
	}{
		"no such cluster":         {plain, "", "nowhere", "knows no cluster nowhere"},
		"made for one server":     {plain, "CREATE TABLE posts (a Int8) ENGINE = MergeTree ORDER BY a", "two", "made for one server"},
		"spread, but not said so": {storagetest.Shards(t), "", "", "name the cluster as store.cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.before != "" {
				c, err := clickhouse.Open(tt.o)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close() //nolint:errcheck // test
				if err := c.Exec(t.Context(), tt.before); err != nil {
					t.Fatal(err)
				}
				defer c.Exec(t.Context(), "DROP TABLE posts") //nolint:errcheck // test
			}
			s, err := storage.Open(t.Context(), storage.Options{Writer: tt.o, Cluster: tt.cluster})
			if err == nil {
				_ = s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v", err)
			}
		})
	}
}
