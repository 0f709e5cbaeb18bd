package grafana

import (
	"log/slog"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/storage"
	"winnow/storage/storagetest"
)

// sampleStore is a database with a campaign around noon, made so that every
// row which must not count would change a number: replaced rows, an emptied
// bucket, another tag, another campaign, a withdrawn, an early and a past finding, gaps
// from before a source watched.
func sampleStore(t *testing.T) driver.Conn {
	t.Helper()
	options := storagetest.Options(t)
	if err := storage.Migrate(t.Context(), options, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Errorf("closing the connection: %v", err)
		}
	})
	insertReach(t, conn)
	insertFindings(t, conn)
	insertPosts(t, conn)
	insertAccounts(t, conn)
	insertGaps(t, conn)
	mark := func(hours int, done uint8, version uint64) []any {
		return []any{campaignName, noon.Add(time.Duration(hours) * time.Hour), "posts", done, version}
	}
	insert(t, conn, "marks (campaign, hour, cause, done, version)", mark(0, 0, 2), mark(-1, 0, 2))
	insert(t, conn, "marks (campaign, hour, cause, done, version)", mark(0, 1, 3))
	return conn
}

// insert writes rows of the named columns in one block, so that rows of
// several calls lie in parts that only FINAL brings together.
func insert(t *testing.T, conn driver.Conn, into string, rows ...[]any) {
	t.Helper()
	batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO "+into)
	if err != nil {
		t.Fatalf("insert into %s: %v", into, err)
	}
	for _, row := range rows {
		if err := batch.Append(row...); err != nil {
			t.Fatalf("insert into %s: %v", into, err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatalf("insert into %s: %v", into, err)
	}
}

func insertReach(t *testing.T, conn driver.Conn) {
	t.Helper()
	const into = "reach (campaign, step, tag, platform, at, posts, accounts, accounts_reach_known, potential_reach, " +
		"coordinated_posts, coordinated_accounts, coordinated_reach, declared_posts, declared_accounts, sure_posts, early_posts, version)"
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	row := func(campaign string, step uint32, tag, platform string, at time.Time, version uint64, n ...uint64) []any {
		out := []any{campaign, step, tag, platform, at}
		for _, v := range n {
			out = append(out, v)
		}
		for range 11 - len(n) {
			out = append(out, uint64(0))
		}
		return append(out, version)
	}
	// Replaced below.
	insert(t, conn, into,
		row(campaignName, 60, "", "x", at(0), 1, 99, 99, 99, 99, 99, 99, 99, 0, 0),
		row(campaignName, 60, "", "x", at(5), 1, 7, 7, 7, 7, 7, 7, 7, 0, 0),
	)
	insert(t, conn, into,
		row(campaignName, 60, "", "mastodon", at(-2), 2, 3, 3, 3, 300, 0, 0, 0, 0, 0),
		row(campaignName, 60, "", "x", at(0), 2, 25, 22, 20, 5000, 20, 18, 1800, 0, 0, 15, 2),
		row(campaignName, 60, "", "mastodon", at(0), 2, 5, 5, 5, 500, 0, 0, 0, 4, 3),
		row(campaignName, 60, "", "x", at(1), 2, 10, 9, 9, 900, 4, 4, 200, 1, 1),
		// Emptied: its posts turned out to belong elsewhere.
		row(campaignName, 60, "", "x", at(5), 2, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		row(campaignName, 60, "march8", "x", at(0), 2, 25, 22, 20, 5000, 20, 18, 1800, 0, 0),
		row("other", 60, "", "x", at(0), 2, 1000, 1000, 0, 0, 0, 0, 0, 0, 0),
		// Out of the time that is looked at.
		row(campaignName, 60, "", "x", at(-180), 2, 1000, 1000, 0, 0, 0, 0, 0, 0, 0),

		row(campaignName, 3600, "", "mastodon", at(-60), 2, 3, 3, 3, 300, 0, 0, 0, 0, 0),
		row(campaignName, 3600, "", "x", at(0), 2, 35, 25, 23, 8500, 24, 20, 2000, 1, 1),
		row(campaignName, 3600, "", "mastodon", at(0), 2, 5, 5, 5, 500, 0, 0, 0, 4, 3),

		row(campaignName, 0, "", "x", time.Unix(0, 0), 2, 35),
		row("other", 0, "", "x", time.Unix(0, 0), 2, 1000),
		row("emptied", 0, "", "x", time.Unix(0, 0), 2),

		row(campaignName, 86400, "", "x", at(-720), 2, 35, 25, 23, 8500, 24, 20, 2000, 1, 1),
		row("other", 86400, "", "x", at(-720), 2, 1000, 1000, 0, 0, 0, 0, 0, 0, 0),
		row("emptied", 86400, "", "x", at(-720), 2, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	)
}

func insertFindings(t *testing.T, conn driver.Conn) {
	t.Helper()
	const into = "findings (campaign, finding_id, kind, state, sentence, started_at, ended_at, bits, expected, observed, " +
		"target, declared, accounts, posts, objects, version, confidence)"
	with := func(confidence, campaign, id, kind, state, sentence string, from, to time.Duration, bits, expected, observed float64, declared string, accounts, posts, version uint64) []any {
		return []any{
			campaign, id, kind, state, sentence, noon.Add(from), noon.Add(to), bits, expected, observed,
			"", declared, accounts, posts, uint64(1), version, confidence,
		}
	}
	row := func(campaign, id, kind, state, sentence string, from, to time.Duration, bits, expected, observed float64, declared string, accounts, posts, version uint64) []any {
		return with("firm", campaign, id, kind, state, sentence, from, to, bits, expected, observed, declared, accounts, posts, version)
	}
	// Replaced below: a finding grows.
	insert(t, conn, into,
		row(campaignName, "f1", "copies", "open", "3 accounts posted the same text.", -30*time.Second, 0, 20, 0.1, 3, "", 3, 3, 1),
		row(campaignName, "f3", "pile-on", "open", "Taken back.", 0, time.Minute, 25, 0.1, 9, "", 9, 9, 1))
	insert(t, conn, into,
		row(campaignName, "f1", "copies", "open", "20 accounts posted the same text.", -30*time.Second, 70*time.Second, 55.5, 0.2, 190, "", 20, 24, 2),
		// Began before the time that is looked at.
		row(campaignName, "f2", "reposts", "open", "4 accounts reposted in step.", -3*time.Hour, 30*time.Minute, 30, 0.1, 6, "the march", 4, 5, 2),
		row(campaignName, "f3", "pile-on", "withdrawn", "Taken back.", 0, time.Minute, 25, 0.1, 9, "", 9, 9, 2),
		row(campaignName, "f4", "copies", "open", "Long past.", -48*time.Hour, -47*time.Hour, 40, 0.1, 9, "", 9, 9, 2),
		row("other", "f5", "copies", "open", "Elsewhere.", 0, time.Minute, 40, 0.1, 9, "", 9, 9, 2),
		with("early", campaignName, "f6", "flood", "open", "30 accounts came at once.", 0, time.Minute, 22, 0.2, 30, "", 30, 31, 2),
		// Written before confidence was kept.
		with("high", campaignName, "f8", "pile-on", "open", "50 accounts turned on one.", 0, time.Minute, 90, 0.2, 50, "", 50, 51, 2),
		with("", campaignName, "f7", "copies", "open", "2 accounts did the same.", 0, time.Minute, 21, 0.2, 3, "the march", 2, 3, 2))
	insert(t, conn, "verdicts (campaign, finding_id, verdict, note, author, at, version)",
		[]any{campaignName, "f8", "confirmed", "", "", noon, uint64(1)},
		// Another campaign's word on a finding of the same id.
		[]any{"other", "f1", "wrong", "", "", noon, uint64(1)})
	insert(t, conn, "verdicts (campaign, finding_id, verdict, note, author, at, version)",
		[]any{campaignName, "f8", "wrong", "A fan club.", "ines", noon, uint64(2)})

	member := func(id, platform, account string, version uint64) []any {
		return []any{campaignName, id, platform, account, noon, noon, uint64(1), version}
	}
	insert(t, conn, "finding_accounts (campaign, finding_id, platform, account_id, first_at, last_at, posts, version)",
		member("f1", "x", "ada", 2), member("f2", "x", "ada", 2), member("f6", "x", "ben", 2), member("f8", "x", "ben", 2),
		member("f7", "mastodon", "ben", 2),
		// Of a version that the finding has left behind.
		member("f1", "bluesky", "gone", 1))
}

// insertAccounts writes what the hours in which accounts posted add to spans: an
// account, and from its hour before on one less.
func insertAccounts(t *testing.T, conn driver.Conn) {
	t.Helper()
	type cell struct {
		campaign, platform string
		step               time.Duration
		at, since          time.Time
	}
	type hour struct{ at, followers, coordinated int64 }
	const unknown = -1
	cells := map[cell][4]int64{} // accounts, coordinated, known, followers
	account := func(campaign, platform string, hours ...hour) {
		at := func(h hour) time.Time { return noon.Add(time.Duration(h.at) * time.Hour) }
		for i, h := range hours {
			for _, step := range []time.Duration{time.Hour, 24 * time.Hour} {
				add := func(since hour, sign, coordinated int64) {
					c := cell{campaign, platform, step, at(h).Truncate(step), at(since)}
					n := cells[c]
					n[0], n[1] = n[0]+sign, n[1]+coordinated
					if since.followers != unknown {
						n[2], n[3] = n[2]+sign, n[3]+sign*since.followers
					}
					cells[c] = n
				}
				add(h, 1, h.coordinated)
				if i > 0 {
					add(hours[i-1], -1, -h.coordinated*hours[i-1].coordinated)
				}
			}
		}
	}
	account(campaignName, "x", hour{-75, 7000, 1})                                     // hal
	account(campaignName, "x", hour{-73, 4, 0})                                        // ida
	account(campaignName, "x", hour{-48, 30, 0})                                       // gus
	account(campaignName, "x", hour{-48, 800, 1}, hour{-24, 850, 0}, hour{0, 1000, 0}) // ada
	account(campaignName, "x", hour{0, 200, 0})                                        // ben
	// The same id on another platform is another account.
	account(campaignName, "mastodon", hour{0, 50, 0})
	account(campaignName, "archive", hour{0, unknown, 0}) // cem
	account(campaignName, "x", hour{-5, 7000, 0})         // dia
	account(campaignName, "x", hour{3, 7000, 1})          // joe, after what is looked at
	account("other", "x", hour{0, 7000, 0})
	const into = "audience (campaign, step, at, platform, since, accounts, coordinated_accounts, reach_known, potential_reach, version)"
	for version := range uint64(2) {
		var rows [][]any
		for c, n := range cells {
			if version == 0 {
				n = [4]int64{9, 9, 9, 9} // replaced
			}
			rows = append(rows, []any{c.campaign, uint32(c.step / time.Second), c.at, c.platform, c.since, n[0], n[1], n[2], n[3], version})
		}
		insert(t, conn, into, rows...)
	}
}

func insertPosts(t *testing.T, conn driver.Conn) {
	t.Helper()
	const into = "posts (campaign, platform, post_id, account_id, followers, posted_at, version)"
	known := func(n uint64) *uint64 { return &n }
	row := func(campaign, platform, id, account string, followers *uint64, minutes int, version uint64) []any {
		return []any{campaign, platform, id, account, followers, noon.Add(time.Duration(minutes) * time.Minute), version}
	}
	insert(t, conn, into,
		row(campaignName, "x", "1", "ada", known(9000), 0, 1))
	insert(t, conn, into,
		row(campaignName, "x", "1", "ada", known(900), 0, 2),
		row(campaignName, "x", "2", "ada", known(1000), 1, 1),
		row(campaignName, "x", "3", "ben", known(200), 2, 1),
		// The same id on another platform is another account.
		row(campaignName, "mastodon", "https://example.social/4", "ben", known(50), 3, 1),
		row(campaignName, "archive", "5", "cem", nil, 4, 1),
		row(campaignName, "x", "6", "dia", known(7000), -300, 1),
		row("other", "x", "7", "eva", known(7000), 0, 1))
}

func insertGaps(t *testing.T, conn driver.Conn) {
	t.Helper()
	insert(t, conn, "watches (source, campaign, platform, since)",
		[]any{"x/stream", campaignName, "x", noon.Add(-time.Hour)},
		[]any{"mastodon/a.example", campaignName, "mastodon", noon.Add(-50 * time.Hour)},
		[]any{"bluesky/jetstream", "other", "bluesky", noon.Add(-50 * time.Hour)})
	// Watched since earlier than was thought.
	insert(t, conn, "watches (source, campaign, platform, since)",
		[]any{"x/stream", campaignName, "x", noon.Add(-90 * time.Minute)})

	const into = "gaps (source, campaign, platform, from_at, to_at, cause, share, fill, note, version)"
	at := func(minutes int) *time.Time { t := noon.Add(time.Duration(minutes) * time.Minute); return &t }
	row := func(source, campaign, platform string, from int, to *time.Time, cause string, share float64, fill, note string, version uint64) []any {
		return []any{source, campaign, platform, *at(from), to, cause, share, fill, note, version}
	}
	// Replaced below.
	insert(t, conn, into,
		row("x/stream", "", "x", 10, nil, "network", 0, "pending", "", 1),
		row("x/stream", "", "x", 30, nil, "network", 0, "pending", "", 1))
	insert(t, conn, into,
		row("x/stream", "", "x", 10, at(15), "network", 0, "partly", "reposts are missing", 2),
		row("x/stream", "", "x", 30, at(31), "network", 0, "filled", "", 2),
		row("x/stream", "", "x", 60, at(90), "budget", 0.25, "lost", "", 1),
		row("mastodon/a.example", campaignName, "mastodon", 100, nil, "stalled", 0, "pending", "", 1),
		// Begun before the source watched the campaign, and over before that.
		row("x/stream", "", "x", -110, at(-80), "suspended", 0, "lost", "", 1),
		row("x/stream", "", "x", -119, at(-115), "suspended", 0, "lost", "", 1),
		// Elsewhere, and long past.
		row("bluesky/jetstream", "", "bluesky", 10, nil, "network", 0, "lost", "", 1),
		row("mastodon/a.example", "other", "mastodon", 10, nil, "network", 0, "lost", "", 1),
		row("mastodon/a.example", "", "mastodon", -40*60, at(-30*60), "network", 0, "lost", "", 1))
}
