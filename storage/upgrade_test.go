package storage_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/schema"
	"winnow/storage/storagetest"
)

// lastBefore is the newest version of the schema that stores of the past are kept
// of: testdata/versions has what a store of each holds.
const lastBefore = 6

// storeOf is a database as the program of a schema version left it.
func storeOf(t *testing.T, version int64) *clickhouse.Options {
	t.Helper()
	o := storagetest.Options(t)
	db := clickhouse.OpenDB(o)
	defer db.Close() //nolint:errcheck // test
	p, err := goose.NewProvider(goose.DialectClickHouse, db, schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for v := range version {
		text, err := os.ReadFile(filepath.Join("testdata", "versions", fmt.Sprint(v+1, ".sql")))
		if err != nil {
			t.Fatal(err)
		}
		run(t, db, string(text))
	}
	return o
}

// run carries out statements that end with a semicolon and a line.
func run(t *testing.T, db *sql.DB, text string) {
	t.Helper()
	for s := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestUpgradeFromEveryVersion(t *testing.T) {
	for version := range int64(lastBefore) {
		if os.Getenv("WINNOW_LONG") == "" && version%3 != 2 {
			continue // versions 3 and 6
		}
		t.Run(fmt.Sprint(version+1), func(t *testing.T) {
			t.Parallel()
			s, c := upgraded(t, storeOf(t, version+1), version+1)
			goesOn(t, s, c)
		})
	}
}

// A migration to the buckets of accounts that was cut off, after whichever of its
// statements, is completed by the next start. The long run tries all of them, any
// other those about the posts, which are moved.
func TestUpgradeThatWasCutOff(t *testing.T) {
	all, err := schema.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	m := all[lastBefore]
	if m.Version != lastBefore+1 || len(m.Statements) < 15 {
		t.Fatalf("migration %d with %d statements", m.Version, len(m.Statements))
	}
	for n := range len(m.Statements) + 1 {
		if os.Getenv("WINNOW_LONG") == "" && n != 4 {
			continue
		}
		t.Run(fmt.Sprint("after statement ", n), func(t *testing.T) {
			t.Parallel()
			o := storeOf(t, lastBefore)
			db := clickhouse.OpenDB(o)
			defer db.Close() //nolint:errcheck // test
			for _, s := range m.Statements[:n] {
				if _, err := db.ExecContext(t.Context(), s); err != nil {
					t.Fatalf("%s: %v", s, err)
				}
			}
			upgraded(t, o, lastBefore)
		})
	}
}

// A migration to the audience that was cut off, after whichever of its statements, is
// completed by the next start: the accounts by day are gone, and what each day adds is
// computed.
func TestUpgradeToTheAudienceThatWasCutOff(t *testing.T) {
	const before = 9
	all, err := schema.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	m := all[before]
	if m.Version != before+1 || len(m.Statements) < 6 {
		t.Fatalf("migration %d with %d statements", m.Version, len(m.Statements))
	}
	for n := range len(m.Statements) + 1 {
		if os.Getenv("WINNOW_LONG") == "" && n != len(m.Statements)-1 {
			continue // when the tables were renamed
		}
		t.Run(fmt.Sprint("after statement ", n), func(t *testing.T) {
			t.Parallel()
			o := storeOf(t, lastBefore)
			s, err := storage.Open(t.Context(), storage.Options{Writer: o})
			if err != nil {
				t.Fatal(err)
			}
			settle(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			db := clickhouse.OpenDB(o)
			defer db.Close() //nolint:errcheck // test
			p, err := goose.NewProvider(goose.DialectClickHouse, db, schema.Files)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.DownTo(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			run(t, db, "INSERT INTO account_buckets SELECT * REPLACE (86400 AS step, toStartOfDay(at) AS at) FROM account_buckets;\n")
			for _, s := range m.Statements[:n] {
				run(t, db, s)
			}
			if s, err = storage.Open(t.Context(), storage.Options{Writer: o}); err != nil {
				t.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // test
			var days, hours uint64
			if err := db.QueryRowContext(t.Context(), "SELECT countIf(step = 86400), countIf(step = 3600) FROM account_buckets").Scan(&days, &hours); err != nil {
				t.Fatal(err)
			}
			if days != 0 || hours < 4 {
				t.Errorf("%d accounts by day and %d by hour are left", days, hours)
			}
			settle(t, s)
			if r := check(t, s); r.Different != 0 || r.Marked != 0 {
				t.Errorf("%+v", r)
			}
			a, err := s.View().Audience(t.Context(), "c", day.AddDate(-1, 0, 0), day.AddDate(20, 0, 0))
			if err != nil || a.Accounts == 0 {
				t.Errorf("the audience is %+v, %v", a, err)
			}
		})
	}
}

// upgraded opens a store that a version left and says what has become of it.
func upgraded(t *testing.T, o *clickhouse.Options, version int64) (*storage.Store, clickhouse.Conn) {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	lines := func(what, want, sql string) {
		t.Helper()
		if diff := cmp.Diff(strings.TrimSpace(want), ask[string](t, c, "SELECT arrayStringConcat(groupArray(line), '\n') FROM ("+sql+" AS line FROM "+from[what]+")")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	vague, marked, coordinated := "", "", "0 0 0"
	if version >= 4 {
		vague, marked = "c x 609319231288246272 2015-06-12 11:00:00  90 some time ago 0\n", "c 2015-06-12 11:00:00 findings\n"
	}
	if version >= 3 {
		coordinated = "2 1 0"
	}
	if version >= 5 {
		coordinated = "2 1 1"
	}
	lines("posts", `
c archive row-1 1970-01-01 00:00:00  0 from an archive 0
c bluesky at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3mo3izxcoc222 2026-06-12 10:00:00  0 in the blue 0
c mastodon https://one.example/users/m/statuses/116736609484800000 2026-06-12 10:00:00 116736609484800000 0 a toot 0
c mastodon https://two.example/objects/3f0c 1970-01-01 00:00:00 424242 0  1
c x 609302873502646272 2015-06-12 10:00:00  0 second thoughts 0
c x 609314197704015872 2015-06-12 10:00:00  0 on the edge of an hour 0
`+vague+`d x 609302873502646272 2015-06-12 10:00:00  0 first words 0`,
		"SELECT concat(campaign, ' ', platform, ' ', post_id, ' ', toString(id_hour), ' ', native_id, ' ', toString(time_slack), ' ', text, ' ', toString(deleted))")
	lines("aliases", `
mastodon 116736609484800000 https://one.example/users/m/statuses/116736609484800000
mastodon 424242 https://two.example/objects/3f0c`,
		"SELECT concat(platform, ' ', native_id, ' ', post_id)")
	lines("sights", "x 1 anna 120 2015-06-12 10:40:00.000\nx 2 ben 50 2015-06-12 11:00:01.000",
		"SELECT concat(platform, ' ', account_id, ' ', handle, ' ', toString(followers), ' ', toString(observed_at))")
	lines("marks", `
c 2015-06-12 10:00:00 findings
`+marked+`c 2026-06-12 10:00:00 findings
c 2026-06-12 12:00:00 findings
d 2015-06-12 10:00:00 findings`,
		"SELECT concat(campaign, ' ', toString(hour), ' ', cause)")

	settle(t, s)
	posts := ask[uint64](t, c, "SELECT count() FROM posts FINAL")
	if n := ask[uint64](t, c, "SELECT sum(posts) FROM reach FINAL WHERE step = 3600 AND tag = '' AND lang = ''"); n != posts {
		t.Errorf("%d posts in the buckets of %d", n, posts)
	}
	if r := check(t, s); r.Different != 0 || r.Marked != 0 || r.Posts < posts || r.Campaigns != 2 {
		t.Errorf("%+v", r)
	}
	lines("sides", coordinated,
		"SELECT concat(toString(sum(coordinated_posts)), ' ', toString(sum(declared_posts)), ' ', toString(sum(early_posts)))")
	kept(t, c, version)
	return s, c
}

// goesOn says that what the store learns now meets what it knew: a deletion by the
// source's id, one that came before its post, an edit.
func goesOn(t *testing.T, s *storage.Store, c clickhouse.Conn) {
	t.Helper()
	late := somePost(0, 0, 0)
	late.Platform, late.ID, late.NativeID = post.Mastodon, "https://three.example/objects/1", "999"
	edit := somePost(0, 2, 11*time.Hour-100*time.Millisecond)
	edit.ID, edit.NativeID, edit.Text, edit.ObservedAt, edit.EditedAt = "609314197704015872", "609314197704015872", "edited", day.Add(13*time.Hour), day.Add(13*time.Hour)
	write(t, s, rowsOf("c", late, edit), post.Deletion{Platform: post.Mastodon, NativeID: "116736609484800000", At: day})
	if n := ask[uint64](t, c, "SELECT count() FROM posts FINAL WHERE deleted = 1 AND text = ''"); n != 3 {
		t.Errorf("%d posts are deleted, want 3", n)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM posts FINAL WHERE text = 'edited' OR text = 'on the edge of an hour'"); n != 1 {
		t.Errorf("%d posts where one was edited", n)
	}
	settle(t, s)
	if r := check(t, s); r.Different != 0 {
		t.Errorf("after more posts: %+v", r)
	}
}

// from is what lines are read from.
var from = map[string]string{
	"posts":   "(SELECT *, id_hour FROM posts FINAL ORDER BY campaign, platform, post_id)",
	"aliases": "(SELECT * FROM aliases FINAL ORDER BY ALL)",
	"sights":  "(SELECT * FROM account_sights FINAL ORDER BY ALL)",
	"marks":   "(SELECT * FROM marks FINAL WHERE done = 0 AND cause = 'findings' ORDER BY ALL)",
	"sides":   "reach FINAL WHERE step = 0",
}

// kept says whether what later versions brought is still there.
func kept(t *testing.T, c clickhouse.Conn, version int64) {
	t.Helper()
	for sql, want := range map[string]struct {
		since int64
		n     uint64
	}{
		"SELECT countIf(state = 'open') * 10 + countIf(merged_into = '') FROM findings FINAL WHERE finding_id != 'soon'": {3, 23},
		"SELECT count() FROM finding_objects FINAL":                                                    {3, 1},
		"SELECT count() FROM finding_posts FINAL":                                                      {3, 1},
		"SELECT count() FROM gaps FINAL WHERE fill = 'filled'":                                         {4, 1},
		"SELECT count() FROM watches FINAL WHERE since = '2015-06-11 09:00:00'":                        {4, 1},
		"SELECT count() FROM finding_evidence FINAL":                                                   {5, 1},
		"SELECT count() FROM changes FINAL INNER JOIN change_items USING (campaign, change_id)":        {6, 1},
		"SELECT count() FROM system.tables WHERE database = currentDatabase() AND name LIKE 'posts_%'": {8, 0},
	} {
		if version < want.since {
			want.n = 0
		}
		if n := ask[uint64](t, c, sql); n != want.n {
			t.Errorf("%s: %d, want %d", sql, n, want.n)
		}
	}
}
