package storage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
	"winnow/storage"
)

// tid is the record key of a time, as https://atproto.com/specs/tid has it.
func tid(at time.Time, clock uint64) string {
	const alphabet = "234567abcdefghijklmnopqrstuvwxyz"
	n := uint64(at.UnixMicro())<<10 | clock&1023
	var b [13]byte
	for i := 12; i >= 0; i-- {
		b[i], n = alphabet[n&31], n>>5
	}
	return string(b[:])
}

// The key tells the hour of an id that holds one, and hour 0 of all others.
func TestIDHour(t *testing.T) {
	s, c := open(t)
	rnd := rand.New(rand.NewPCG(3, 3))
	want := map[string]time.Time{}
	var posts []*post.Post
	add := func(platform post.Platform, id string, hour time.Time) {
		p := somePost(len(posts), 1, 0)
		p.Platform, p.ID = platform, id
		posts = append(posts, p)
		want[string(platform)+" "+id] = hour.UTC().Truncate(time.Hour)
	}
	none := time.Unix(0, 0)
	for range 300 {
		at := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rnd.Int64N(int64(50 * 365 * 24 * time.Hour))))
		snowflake := fmt.Sprint(uint64(at.UnixMilli()-1288834974657)<<22 | rnd.Uint64N(1<<22))
		add(post.X, snowflake, at)
		add(post.Archive, snowflake, at)
		add(post.Bluesky, "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/"+tid(at, rnd.Uint64()), at)
		status := fmt.Sprint(uint64(at.UnixMilli())<<16 | rnd.Uint64N(1<<16))
		add(post.Mastodon, "https://one.example/users/a/statuses/"+status, at)
		add(post.Mastodon, "https://one.example/users/a/statuses/"+status+"/activity", at)
		add(post.Mastodon, snowflake, none)
	}
	for _, id := range []string{"1", "20", "12345678901234", "abc", "012345678901234567", "99999999999999999999", "9223372036854775807x", "-123456789012345678"} {
		add(post.X, id, none)
	}
	for _, id := range []string{"https://one.example/objects/3f0c", "https://one.example/notes/9abcdefg12", "https://one.example/statuses/999", "https://one.example/statuses/999999999999999999"} {
		add(post.Mastodon, id, none)
	}
	for _, id := range []string{"at://did:plc:a/app.bsky.feed.post/zzzzzzzzzzzzz", "at://did:plc:a/app.bsky.feed.post/3short", "at://did:plc:a/app.bsky.feed.post/self", "at://did:plc:a/x/3kabcdefghij1"} {
		add(post.Bluesky, id, none)
	}
	write(t, s, rowsOf("c", posts...))
	rows, err := c.Query(t.Context(), "SELECT platform, post_id, id_hour FROM posts FINAL")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only
	n := 0
	for rows.Next() {
		var platform, id string
		var hour time.Time
		if err := rows.Scan(&platform, &id, &hour); err != nil {
			t.Fatal(err)
		}
		if w := want[platform+" "+id]; !hour.Equal(w) {
			t.Errorf("%s %s: hour %v, want %v", platform, id, hour.UTC(), w)
		}
		n++
	}
	if err := rows.Err(); err != nil || n != len(want) {
		t.Errorf("%d posts, want %d: %v", n, len(want), err)
	}
}

// What is asked of an hour reads what lies about it and not the campaign, though
// ids of one platform are spread over all accounts.
func TestHourReadsItsPartOfTheKey(t *testing.T) {
	s, c := open(t)
	var rows []storage.PostRow
	for i := range 60_000 {
		at := day.Add(time.Duration(i) * 20 * time.Second)
		p := somePost(i, i%500, at.Sub(day))
		p.Platform = post.Bluesky
		p.ID = fmt.Sprintf("at://did:plc:%024d/app.bsky.feed.post/%s", (i*7919)%500, tid(at, uint64(i)))
		p.Text = ""
		rows = append(rows, storage.PostRow{Campaign: "c", Source: "test", Post: p})
	}
	write(t, s, rows)
	if err := c.Exec(t.Context(), "OPTIMIZE TABLE posts FINAL"); err != nil {
		t.Fatal(err)
	}
	plan := ask[string](t, c, `SELECT arrayStringConcat(groupArray(explain), '\n') FROM (EXPLAIN indexes = 1
		SELECT count() FROM posts FINAL WHERE campaign = 'c' AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN (toDateTime('2015-06-15 05:00:00', 'UTC')))`)
	i := strings.Index(plan, "Name: posted_hours")
	if i < 0 {
		t.Fatalf("the plan does not use the hours:\n%s", plan)
	}
	var selected, all int
	for line := range strings.Lines(plan[i:]) {
		if n, err := fmt.Sscanf(strings.TrimSpace(line), "Granules: %d/%d", &selected, &all); err == nil && n == 2 {
			break
		}
	}
	if all < 7 || selected == 0 || selected > 2 {
		t.Errorf("%d of %d granules are read:\n%s", selected, all, plan)
	}
}
