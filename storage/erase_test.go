package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
	"winnow/storage"
)

// An account is found by any name that it was ever seen under.
func TestIdentify(t *testing.T) {
	s, _ := open(t)
	p := somePost(1, 1, 0)
	p.Account.Handle = "First_Name"
	renamed := somePost(2, 1, time.Hour)
	renamed.Account.Handle = "second"
	taken := somePost(3, 2, 2*time.Hour) // the first name passed to another
	taken.Account.Handle = "first_name"
	naming := somePost(4, 3, 3*time.Hour)
	naming.Mentions = []post.Mention{{AccountID: "77", Handle: "only_named"}}
	write(t, s, rowsOf("c", p, renamed, taken, naming))
	for _, tt := range []struct {
		id, handle string
		want       storage.Person
	}{
		{"1", "", storage.Person{ID: "1", Handles: []string{"first_name", "second"}}},
		{"", "@Second", storage.Person{ID: "1", Handles: []string{"second", "first_name"}}},
		{"", "only_named", storage.Person{ID: "77", Handles: []string{"only_named"}}},
		{"", "never", storage.Person{Handles: []string{"never"}}},
		{"99", "", storage.Person{ID: "99"}},
	} {
		tt.want.Platform = post.X
		got, err := s.Identify(t.Context(), post.X, tt.id, tt.handle)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%q %q: %v (-want +got):\n%s", tt.id, tt.handle, err, diff)
		}
	}
	if _, err := s.Identify(t.Context(), post.X, "", "first_name"); !errors.Is(err, storage.ErrManyAccounts) {
		t.Errorf("a name of two accounts: %v", err)
	}
}

// A campaign goes, with accounts and names of posts that are in no other; what another
// campaign has stays, and so do its numbers.
func TestEraseCampaign(t *testing.T) {
	s, c := open(t)
	both, mine, theirs := somePost(1, 1, 0), somePost(2, 2, time.Minute), somePost(3, 3, time.Minute)
	for _, p := range []*post.Post{both, mine, theirs} {
		p.NativeID = "n" + p.ID
	}
	write(t, s, rowsOf("gone", both, mine))
	write(t, s, rowsOf("kept", both, theirs), post.Deletion{Platform: post.X, NativeID: "n" + mine.ID, At: day})
	replace(t, s, finding("f1", "", 0, time.Hour, 1, 3)) // of a third campaign
	settle(t, s)
	before := buckets(t, c)
	o := storage.Erasing{Campaign: "gone"}
	counted, err := s.Traces(t.Context(), o)
	want := storage.Traces{Posts: 2, Campaigns: []string{"gone"}, Known: true}
	if diff := cmp.Diff(want, counted); err != nil || diff != "" {
		t.Errorf("counted: %v (-want +got):\n%s", err, diff)
	}
	steps := 0
	o.Progress = func(int, int) { steps++ }
	if _, err := s.Erase(t.Context(), o); err != nil || steps < 20 {
		t.Fatalf("%v after %d steps", err, steps)
	}
	settle(t, s)
	for sql, want := range map[string]string{
		"SELECT toString(groupArray(post_id)) FROM (SELECT DISTINCT post_id FROM posts ORDER BY post_id)":                   "['1001','1003']",
		"SELECT toString(groupArray(account_id)) FROM (SELECT DISTINCT account_id FROM accounts ORDER BY account_id)":       "['1','3']",
		"SELECT toString(groupArray(account_id)) FROM (SELECT DISTINCT account_id FROM account_sights ORDER BY account_id)": "['1','3']",
		"SELECT toString(groupArray(native_id)) FROM (SELECT DISTINCT native_id FROM aliases ORDER BY native_id)":           "['n1001','n1003']",
		"SELECT toString(count()) FROM tombstones": "0",
	} {
		if got := ask[string](t, c, sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
	for _, table := range allTables(t, c) {
		if n := ask[uint64](t, c, "SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = '"+table+"' AND name = 'campaign'"); n == 0 {
			continue
		}
		if n := ask[uint64](t, c, "SELECT count() FROM `"+table+"` WHERE campaign = 'gone'"); n != 0 {
			t.Errorf("%s still has %d rows of the campaign", table, n)
		}
	}
	if n := ask[uint64](t, c, "SELECT count() FROM system.parts WHERE database = currentDatabase() AND NOT active"); n != 0 {
		t.Errorf("%d old parts are left", n)
	}
	if sql := ask[string](t, c, "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = 'posts'"); sql == "" || ask[uint64](t, c, "SELECT count() FROM system.tables WHERE database = currentDatabase() AND (name = 'forgotten' OR create_table_query LIKE '%old_parts_lifetime%')") != 0 {
		t.Errorf("something of the erasure is left in the tables: %s", sql)
	}
	after := buckets(t, c)
	if len(after) == 0 || len(after) >= len(before) {
		t.Errorf("%d buckets before, %d after", len(before), len(after))
	}
	if r, err := s.Rebuild(t.Context(), storage.Rebuilding{Check: true}); err != nil || r.Different != 0 {
		t.Errorf("%v, %+v", err, r)
	}
	if counted, err := s.Traces(t.Context(), storage.Erasing{Campaign: "gone"}); err != nil || counted.Known {
		t.Errorf("it is known still: %+v, %v", counted, err)
	}
}

func allTables(t *testing.T, c clickhouse.Conn) []string {
	t.Helper()
	return ask[[]string](t, c, "SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'")
}

// What was deleted in passing before is only hidden, and goes as well; and of accounts
// that have no posts left, nothing that was told of them stays.
func TestRetainLeavesNobody(t *testing.T) {
	s, c := open(t)
	var posts []*post.Post
	for i := range 6 {
		p := somePost(i, i, time.Duration(i)*24*time.Hour)
		p.NativeID = fmt.Sprint("n", i)
		posts = append(posts, p)
	}
	again := somePost(9, 1, 5*24*time.Hour) // of an account from before
	write(t, s, rowsOf("c", append(slices.Clone(posts), again)...))
	write(t, s, rowsOf("other", posts[2]))
	f := finding("f1", "", 0, time.Hour, 0)
	replace(t, s, f)
	if _, err := s.Retain(t.Context(), "c", day.Add(4*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	// 0 is held by a finding, 1 posted again, 2 is in another campaign, 4 and 5 are kept.
	if got := ask[[]string](t, c, "SELECT groupArray(account_id) FROM (SELECT DISTINCT account_id FROM accounts ORDER BY account_id)"); !slices.Equal(got, []string{"0", "1", "2", "4", "5"}) {
		t.Errorf("accounts %q", got)
	}
	if got := ask[[]string](t, c, "SELECT groupArray(account_id) FROM (SELECT DISTINCT account_id FROM account_sights ORDER BY account_id)"); !slices.Equal(got, []string{"0", "1", "2", "4", "5"}) {
		t.Errorf("sights of %q", got)
	}
	if got := ask[[]string](t, c, "SELECT groupArray(native_id) FROM (SELECT DISTINCT native_id FROM aliases ORDER BY native_id)"); !slices.Equal(got, []string{"n2", "n4", "n5"}) {
		t.Errorf("aliases %q", got)
	}
	// Written out of the files, and not hidden.
	if n := ask[uint64](t, c, "SELECT count() FROM system.parts WHERE database = currentDatabase() AND active AND has_lightweight_delete"); n != 0 {
		t.Errorf("%d parts hide rows", n)
	}
}
