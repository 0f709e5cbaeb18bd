package storage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

// judged is a post as far as it matters to an audience.
type judged struct {
	Platform, Account                  string
	At                                 time.Time
	Followers                          *uint64
	Coordinated, Sure, Declared, Early bool
}

// judgedPosts reads all posts of a campaign in the order in which they were posted.
func judgedPosts(t *testing.T, c clickhouse.Conn) []judged {
	t.Helper()
	rows, err := c.Query(t.Context(), `
		SELECT
			toString(p.platform), p.account_id, p.posted_at, p.followers,
			arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.coordinated) AS is_coordinated,
			arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.sure),
			NOT is_coordinated AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.declared) AS is_declared,
			NOT is_coordinated AND NOT is_declared AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.early)
		FROM (SELECT * FROM posts FINAL WHERE campaign = 'c') AS p
		LEFT JOIN (SELECT * FROM sides WHERE campaign = 'c') AS m ON m.platform = p.platform AND m.account_id = p.account_id
		ORDER BY p.posted_at, p.followers NULLS FIRST`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only
	var out []judged
	for rows.Next() {
		var j judged
		var sides [4]uint8
		if err := rows.Scan(&j.Platform, &j.Account, &j.At, &j.Followers, &sides[0], &sides[1], &sides[2], &sides[3]); err != nil {
			t.Fatal(err)
		}
		j.Coordinated, j.Sure, j.Declared, j.Early = sides[0] > 0, sides[1] > 0, sides[2] > 0, sides[3] > 0
		out = append(out, j)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// audienceOf counts the accounts of a span in the plainest way.
func audienceOf(posts []judged, from, to time.Time) (a view.Audience) {
	type account struct{ platform, id string }
	all := map[account]*judged{}
	for _, p := range posts {
		if p.At.Before(from) || !p.At.Before(to) {
			continue
		}
		k := account{p.Platform, p.Account}
		had := all[k]
		if had == nil {
			had = &judged{}
			all[k] = had
		}
		if p.Followers != nil {
			had.Followers = p.Followers
		}
		had.Coordinated = had.Coordinated || p.Coordinated
		had.Sure = had.Sure || p.Sure
		had.Declared = had.Declared || p.Declared
		had.Early = had.Early || p.Early
	}
	count := func(n *uint64, counts bool) {
		if counts {
			*n++
		}
	}
	for _, p := range all {
		a.Accounts++
		count(&a.CoordinatedAccounts, p.Coordinated)
		count(&a.SureAccounts, p.Sure)
		count(&a.DeclaredAccounts, p.Declared)
		count(&a.EarlyAccounts, p.Early)
		if p.Followers == nil {
			continue
		}
		a.ReachKnown++
		a.PotentialReach += *p.Followers
		if p.Coordinated {
			a.CoordinatedReach += *p.Followers
		}
	}
	return a
}

// audiencesAgree compares what the store counts of many spans with what its posts give.
func audiencesAgree(t *testing.T, s *storage.Store, c clickhouse.Conn, rnd *rand.Rand, what string) {
	t.Helper()
	posts := judgedPosts(t, c)
	spans := [][2]int{{-48, 500}, {0, 24}, {24, 72}, {5, 5}, {5, 6}, {0, 95}}
	for range 7 {
		from := rnd.IntN(150) - 10
		spans = append(spans, [2]int{from, from + rnd.IntN(100)})
	}
	for _, span := range spans {
		from, to := day.Add(time.Duration(span[0])*time.Hour), day.Add(time.Duration(span[1])*time.Hour)
		got, err := s.View().Audience(t.Context(), "c", from, to)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(audienceOf(posts, from, to), got); diff != "" {
			t.Fatalf("%s: from hour %d to %d (-of the posts +stored):\n%s", what, span[0], span[1], diff)
		}
	}
}

// Whatever comes late, is edited, deleted, found, judged or let go of, the accounts of
// any span are those of its posts, and each is counted once.
func TestAudienceIsThatOfThePosts(t *testing.T) {
	s, c := open(t)
	rnd := rand.New(rand.NewPCG(11, 5))
	write(t, s, rowsOf("other", somePost(1, 1, 0)))
	for round := range 4 {
		var rows []storage.PostRow
		var gone []post.Deletion
		for range 80 {
			n := rnd.IntN(400)
			p := somePost(n, rnd.IntN(25), time.Duration(rnd.Int64N(int64(130*time.Hour))).Truncate(time.Millisecond))
			p.Platform = []post.Platform{post.X, post.X, post.Mastodon}[n%3]
			p.Account.Followers = post.KnownCount(rnd.Int64N(1000))
			if rnd.IntN(3) == 0 {
				p.Account.Followers = 0 // unknown
			}
			// A post that comes again has another author now and then.
			p.EditedAt = p.PostedAt.Add(time.Duration(round) * time.Minute)
			rows = append(rows, storage.PostRow{Campaign: "c", Source: "test", Post: p})
			if rnd.IntN(8) == 0 {
				gone = append(gone, post.Deletion{Platform: p.Platform, NativeID: p.ID, At: day})
			}
		}
		write(t, s, rows, gone...)
		var fs []coordination.Finding
		for i := range 5 {
			from := time.Duration(rnd.IntN(120)) * time.Hour
			f := finding(fmt.Sprint("f", i), []string{"", "", "day of action"}[i%3], from, from+time.Duration(rnd.IntN(50))*time.Hour, rnd.IntN(25), rnd.IntN(25), rnd.IntN(25))
			f.Confidence = []coordination.Confidence{coordination.ConfidenceHigh, coordination.ConfidenceFirm, coordination.ConfidenceEarly}[rnd.IntN(3)]
			fs = append(fs, f)
		}
		replace(t, s, fs...)
		if round > 1 {
			if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f0", Author: "anna", Judgement: storage.Wrong}); err != nil {
				t.Fatal(err)
			}
		}
		settle(t, s)
		audiencesAgree(t, s, c, rnd, fmt.Sprint("round ", round))
	}
	if r := check(t, s); r.Different != 0 {
		t.Errorf("%d differ: %+v", r.Different, r.Differences)
	}
	if _, err := s.Retain(t.Context(), "c", day.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	audiencesAgree(t, s, c, rnd, "after posts were let go of")
	write(t, s, rowsOf("c", somePost(900, 3, 50*time.Hour), somePost(901, 3, time.Hour)))
	settle(t, s)
	if err := c.Exec(t.Context(), "ALTER TABLE posts DELETE WHERE campaign = 'c' AND posted_at < '2015-06-14' SETTINGS mutations_sync = 1"); err != nil {
		t.Fatal(err) // of one that came too late nobody counts anything
	}
	audiencesAgree(t, s, c, rnd, "and one came late")
	if r := check(t, s); r.Different != 0 {
		t.Errorf("%d differ: %+v", r.Different, r.Differences)
	}
	if _, err := s.Rebuild(t.Context(), storage.Rebuilding{}); err != nil {
		t.Fatal(err)
	}
	audiencesAgree(t, s, c, rnd, "after rebuilding")
}

// A day that is marked and in which no account came, went or moved costs no computing of
// all days after it: deletions mark old days all the time.
func TestAudienceIsLeftAloneWhereNoAccountMoved(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, 30*time.Hour), somePost(3, 1, 60*time.Hour)))
	settle(t, s)
	newest := func() uint64 { return ask[uint64](t, c, "SELECT max(version) FROM audience WHERE campaign = 'c'") }
	rows := func(after uint64) uint64 {
		return ask[uint64](t, c, fmt.Sprintf("SELECT count() FROM audience FINAL WHERE campaign = 'c' AND step = 3600 AND version > %d", after))
	}
	before := newest()
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)})
	settle(t, s)
	if now := newest(); now != before {
		t.Errorf("a deletion had the audience computed: version %d, then %d", before, now)
	}
	write(t, s, rowsOf("c", somePost(4, 4, 31*time.Hour))) // late, on the second day
	settle(t, s)
	if n := rows(before); n == 0 || n >= rows(0) {
		t.Errorf("%d of %d rows were computed for one that came late on the second day, want those from that day on", n, rows(0))
	}
	audiencesAgree(t, s, c, rand.New(rand.NewPCG(1, 2)), "one came late")
}
