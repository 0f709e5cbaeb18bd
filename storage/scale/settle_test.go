package scale

import (
	"math"
	"time"

	"winnow/collectors/scenario/volume"
	"winnow/pipeline/post"
	"winnow/storage/query"
)

// settle recomputes all buckets from the posts, then single hours of the busy
// campaign, which one late post has marked; then it measures the disk.
func (r *run) settle() {
	st := &r.res.Settle
	*st = settled{}
	begin := time.Now()
	r.recompute()
	st.Seconds = time.Since(begin).Seconds()
	r.rest()
	for _, at := range r.hours() {
		h := r.hour(at)
		st.Hours = append(st.Hours, h)
		r.say("recomputed one hour", "posts", h.Posts, "seconds", h.Seconds)
	}
	r.rest()
}

// recompute settles everything that is marked.
func (r *run) recompute() {
	r.Helper()
	marked, err := r.store.Marked(r.Context())
	r.must(err)
	for _, m := range marked {
		begin := time.Now()
		r.must(r.store.Recompute(r.Context(), m.Campaign, m.Upto, m.Upto))
		r.must(r.store.RecomputeDays(r.Context(), m.Campaign, math.MaxInt64))
		r.say("recomputed", "campaign", m.Campaign, "hours", max(m.ByPosts, m.ByFindings), "seconds", time.Since(begin).Seconds())
	}
}

// hours picks hours of the busy campaign: its busiest three and three others.
func (r *run) hours() []time.Time {
	rows, err := r.conn.Query(r.Context(), `SELECT at FROM
		(SELECT at, sum(posts) AS n FROM reach FINAL WHERE campaign = {campaign:String} AND step = 3600 AND tag = '' AND lang = '' GROUP BY at)
		ORDER BY n DESC, at`, query.Named("campaign", volume.Busy))
	r.must(err)
	all, err := query.Collect(rows, "reading the hours of a campaign", func(t *time.Time) []any { return []any{t} })
	r.must(err)
	if len(all) < 6 {
		r.Fatalf("the busy campaign has %d hours", len(all))
	}
	return append(all[:3:3], all[len(all)/4], all[len(all)/2], all[len(all)*3/4])
}

// hour marks one hour by a post that came late, and recomputes it.
func (r *run) hour(at time.Time) hour {
	r.must(r.store.Write(r.Context(), message(r.late(at))))
	marked, err := r.store.Marked(r.Context())
	r.must(err)
	if len(marked) != 1 {
		r.Fatalf("%d campaigns are marked, not one", len(marked))
	}
	begin := time.Now()
	r.must(r.store.Recompute(r.Context(), volume.Busy, marked[0].Upto, marked[0].Upto))
	took := time.Since(begin).Seconds()
	begin = time.Now()
	r.must(r.store.RecomputeDays(r.Context(), volume.Busy, math.MaxInt64))
	day := time.Since(begin).Seconds()
	var n uint64
	r.must(r.conn.QueryRow(r.Context(), "SELECT toUInt64(sum(posts)) FROM reach FINAL WHERE campaign = {campaign:String} AND step = 3600 AND tag = '' AND lang = '' AND at = {at:DateTime('UTC')}",
		query.Named("campaign", volume.Busy), query.Named("at", query.Second(at))).Scan(&n))
	return hour{At: at, Posts: n, Seconds: took, Day: day}
}

// late makes one more post in an hour of the busy campaign.
func (*run) late(at time.Time) []post.Post {
	posts := volume.New(volume.Config{Seed: seed + uint64(at.Unix()), Posts: 2400, Start: at, Days: 1}).Next(1)
	posts[0].Campaign = volume.Busy
	return posts
}

// groups says which columns of posts belong together.
var groups = map[string][]string{
	"text":                          {"text"},
	"address":                       {"address"},
	"identity":                      {"campaign", "platform", "post_id", "native_id", "source", "kind", "id_hour", "lang"},
	"author":                        {"account_id", "handle", "followers", "account_created_at"},
	"times and version":             {"posted_at", "observed_at", "edited_at", "time_slack", "version", "deleted"},
	"tags, links, mentions, images": {"tags", "tags_told", "links", "mentions", "mention_handles", "images", "shared"},
	"posts referred to": {
		"reply_to_post", "reply_to_account", "reply_to_handle", "repost_of_post", "repost_of_account", "repost_of_handle",
		"quote_of_post", "quote_of_account", "quote_of_handle",
	},
	"engagement": {"likes", "reposts", "replies", "quotes", "views"},
}

// disk asks what the active parts take.
func (r *run) disk() {
	d := &r.res.Disk
	*d = disk{Groups: map[string]float64{}, Columns: map[string]float64{}, Tables: map[string]float64{}}
	of := map[string]string{}
	for group, columns := range groups {
		for _, c := range columns {
			of[c] = group
		}
	}
	posts := float64(r.count("SELECT count() FROM posts"))
	pairs := func(sql string, f func(name string, bytes float64)) {
		rows, err := r.conn.Query(r.Context(), sql)
		r.must(err)
		defer rows.Close()
		for rows.Next() {
			var name string
			var bytes uint64
			r.must(rows.Scan(&name, &bytes))
			f(name, float64(bytes)/posts)
		}
		r.must(rows.Err())
	}
	columns := 0.0
	pairs("SELECT column, sum(column_bytes_on_disk) FROM system.parts_columns WHERE active AND database = currentDatabase() AND table = 'posts' GROUP BY column", func(name string, bytes float64) {
		group := of[name]
		if group == "" {
			group = "other columns"
		}
		d.Columns[name] = bytes
		d.Groups[group] += bytes
		columns += bytes
	})
	pairs("SELECT table, sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table", func(name string, bytes float64) {
		d.Tables[name] = bytes
		d.All += bytes
	})
	d.Groups["keys and indexes"] = d.Tables["posts"] - columns
	d.Parts = r.count("SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'posts'")
}
