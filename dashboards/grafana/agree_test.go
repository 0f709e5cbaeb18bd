package grafana

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	gocmp "github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/grafanatest"
	"winnow/storage/view"
)

// Edges join nodes that exist, and no graph is too large to be drawn.
func testNetwork(t *testing.T, s *story) {
	for kind, id := range s.findings {
		chosen := grafanatest.Everything(s.name, id)
		nodes := answer(t, s.conn, sql(t, "finding.json", "Who is joined by what, nodes"), s.whole, chosen).column(t, "id")
		edges := answer(t, s.conn, sql(t, "finding.json", "Who is joined by what, edges"), s.whole, chosen)
		if len(nodes) == 0 || len(nodes) > 200 || len(edges.rows) == 0 {
			t.Errorf("%s: %d nodes and %d edges, want some and at most 200 nodes", kind, len(nodes), len(edges.rows))
		}
		known := map[string]bool{}
		for _, id := range nodes {
			if known[id] {
				t.Errorf("%s: node %s is there twice", kind, id)
			}
			known[id] = true
		}
		ids := map[string]bool{}
		for _, id := range edges.column(t, "id") {
			if ids[id] {
				t.Errorf("%s: edge %s is there twice", kind, id)
			}
			ids[id] = true
		}
		for _, end := range append(edges.column(t, "source"), edges.column(t, "target")...) {
			if !known[end] {
				t.Errorf("%s: an edge leads to %s, which is no node", kind, end)
			}
		}
	}
}

// Coverage is what the desk says it is.
func testCoverage(t *testing.T, s *story) {
	for _, hours := range []int{0, 4, 11, 13, 25} {
		r := s.whole
		r.From = r.From.Add(time.Duration(hours) * time.Hour)
		f := answer(t, s.conn, sql(t, "coverage.json", "Seen by each source"), r, grafanatest.Everything(s.name, ""))
		want, err := s.view.Coverage(t.Context(), s.name, r.From, r.To)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][2]string{}
		least, most := f.column(t, "at least"), f.column(t, "at most")
		for i, source := range f.column(t, "source") {
			got[source] = [2]string{percent(t, least[i]), percent(t, most[i])}
		}
		told := map[string][2]string{}
		for _, c := range want {
			span := c.To.Sub(c.From).Seconds()
			told[c.Source] = [2]string{
				percentOf(1 - (c.Missing+c.Partly).Seconds()/span), percentOf(1 - c.Missing.Seconds()/span),
			}
		}
		if diff := gocmp.Diff(told, got); diff != "" || len(got) != 2 {
			t.Errorf("from hour %d on (-desk +Grafana):\n%s", hours, diff)
		}
	}
}

// Sums and accounts of any stretch of time are those that the desk tells, and
// however long the buckets of a graph are, they add up to the same.
func testDesk(t *testing.T, s *story) {
	for _, r := range []grafanatest.TimeRange{
		s.whole,
		{From: s.whole.From.Add(51 * time.Hour), To: s.whole.To},
		{From: s.whole.From.Add(60 * time.Hour), To: s.whole.From.Add(84 * time.Hour)},
	} {
		// What begins at the very end counts in Grafana and not in the desk.
		end := r.To
		r.To = r.To.Add(-time.Second)
		chosen := grafanatest.Everything(s.name, "")
		ask := func(file, where string) frame { return answer(t, s.conn, sql(t, file, where), r, chosen) }
		ms, err := s.view.Measures(t.Context(), s.name, r.From, end, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		var all view.Measures
		for _, m := range ms {
			all.Posts += m.Posts
			all.PotentialImpressions += m.PotentialImpressions
			all.CoordinatedPosts += m.CoordinatedPosts
			all.SurePosts += m.SurePosts
			all.DeclaredPosts += m.DeclaredPosts
			all.EarlyPosts += m.EarlyPosts
		}
		a, err := s.view.Audience(t.Context(), s.name, r.From, end)
		if err != nil {
			t.Fatal(err)
		}
		if all.CoordinatedPosts == 0 || all.Posts == 0 || a.CoordinatedAccounts == 0 {
			t.Fatalf("nothing to compare with: %+v", all)
		}
		n := float64(all.Posts)
		for _, c := range []struct {
			got  frame
			want [][]string
		}{
			{ask("reach.json", "Posts"), [][]string{{fmt.Sprint(all.Posts)}}},
			{ask("reach.json", "Potential impressions"), [][]string{{fmt.Sprint(all.PotentialImpressions)}}},
			{ask("reach.json", "Accounts"), [][]string{{fmt.Sprint(a.Accounts), fmt.Sprint(a.CoordinatedAccounts)}}},
			{ask("reach.json", "Potential reach"), [][]string{{fmt.Sprint(a.PotentialReach), share(float64(a.ReachKnown), float64(a.Accounts))}}},
			{ask("coordination.json", "Coordinated share of posts"), [][]string{{
				share(float64(all.SurePosts), n), share(float64(all.CoordinatedPosts), n), share(float64(all.CoordinatedPosts+all.EarlyPosts), n),
			}}},
		} {
			if diff := gocmp.Diff(c.want, c.got.rows); diff != "" {
				t.Errorf("%v from %s (-desk +Grafana):\n%s", c.got.columns, r.From, diff)
			}
		}
		for _, interval := range []time.Duration{time.Minute, time.Hour} {
			graph := r
			graph.Interval = interval
			f := answer(t, s.conn, sql(t, "reach.json", "Posts over time"), graph, chosen)
			got := []uint64{total(t, f, "organic"), total(t, f, "declared"), total(t, f, "coordinated")}
			if diff := gocmp.Diff([]uint64{all.Posts - all.CoordinatedPosts - all.DeclaredPosts, all.DeclaredPosts, all.CoordinatedPosts}, got); diff != "" {
				t.Errorf("posts every %s from %s (-desk +Grafana):\n%s", interval, r.From, diff)
			}
		}
	}
}

// The side of a post is that of the memberships, where it is looked up post by post.
func testSides(t *testing.T, s *story) {
	r := s.whole
	rows, err := s.conn.Query(t.Context(), `SELECT link, toString(uniqExact(platform, post_id)) FROM
		(SELECT platform, post_id, account_id, posted_at, arrayJoin(links) AS link FROM posts FINAL WHERE campaign = {campaign:String} AND posted_at >= {from:DateTime}) AS p
		INNER JOIN (SELECT platform, account_id, first_at, last_at FROM memberships WHERE campaign = {campaign:String} AND side = 'coordinated') AS m USING (platform, account_id)
		WHERE posted_at >= first_at AND posted_at <= last_at GROUP BY link`,
		clickhouse.Named("campaign", s.name), clickhouse.Named("from", r.To.Add(-48*time.Hour).Format(time.DateTime)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	want := map[string]string{}
	for rows.Next() {
		var link, n string
		if err := rows.Scan(&link, &n); err != nil {
			t.Fatal(err)
		}
		want[link] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	f := answer(t, s.conn, sql(t, "reach.json", "Links"), r, grafanatest.Everything(s.name, ""))
	found := 0
	counts := f.column(t, "coordinated posts")
	for i, link := range f.column(t, "link") {
		if n := cmp.Or(want[link], "0"); n != counts[i] {
			t.Errorf("%s coordinated posts with a link, and by memberships %s", counts[i], n)
		} else if n != "0" {
			found++
		}
	}
	if found == 0 {
		t.Error("no link has coordinated posts")
	}
	detail, ok, err := s.view.Finding(t.Context(), s.name, s.findings["pile-on"])
	if err != nil || !ok {
		t.Fatalf("the pile-on: %v, %v", ok, err)
	}
	if got := answer(t, s.conn, sql(t, "people.json", "Accounts that took part"), r, grafanatest.Everything(s.name, "")).rows; fmt.Sprint(got) != fmt.Sprintf("[[%d]]", detail.Accounts) {
		t.Errorf("%s accounts took part, and the finding has %d", got, detail.Accounts)
	}
	f = answer(t, s.conn, sql(t, "people.json", "First-time interactors"), r, grafanatest.Everything(s.name, ""))
	if n := total(t, f, "accounts for the first time"); n < detail.Accounts*9/10 || n > detail.Accounts+12 {
		t.Errorf("%d accounts came for the first time, and the finding has %d", n, detail.Accounts)
	}
}

// Posts that address a target are those of which one who looks at each post says so.
func testAddressed(t *testing.T, s *story) {
	const posts = `SELECT reply_to_account, quote_of_account, mentions, arrayMap(h -> lower(h), mention_handles)
		FROM posts FINAL WHERE campaign = {campaign:String} AND posted_at >= {from:DateTime} AND posted_at <= {to:DateTime}`
	all, err := s.view.Findings(t.Context(), s.name)
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, f := range all {
		if f.Target != "" {
			targets[f.Target] = true
		}
	}
	from, to := s.whole.To.Add(-48*time.Hour), s.whole.To
	rows, err := s.conn.Query(t.Context(), posts, clickhouse.Named("campaign", s.name),
		clickhouse.Named("from", from.Format(time.DateTime)), clickhouse.Named("to", to.Format(time.DateTime)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var want, looked uint64
	for rows.Next() {
		var reply, quote string
		var mentions, handles []string
		if err := rows.Scan(&reply, &quote, &mentions, &handles); err != nil {
			t.Fatal(err)
		}
		looked++
		if slices.ContainsFunc(slices.Concat([]string{reply, quote}, mentions, handles), func(a string) bool { return targets[a] }) {
			want++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	f := answer(t, s.conn, sql(t, "people.json", "Posts that address them"), s.whole, grafanatest.Everything(s.name, ""))
	got := total(t, f, "organic") + total(t, f, "declared") + total(t, f, "coordinated")
	if got != want || want == 0 || want == looked {
		t.Errorf("%d of %d posts address %d targets, and the panel counts %d", want, looked, len(targets), got)
	}
}

// total adds up a column; what is unknown adds nothing.
func total(t *testing.T, f frame, name string) uint64 {
	t.Helper()
	var sum uint64
	for _, v := range f.column(t, name) {
		if v == "null" {
			continue
		}
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

var readPosts = regexp.MustCompile(`ReadFromMergeTree \(\w+\.posts\)`)

// Where posts are read, the engine finds them by the campaign and then by their
// hour or their id, not by reading all.
func testPlans(t *testing.T, s *story) {
	read := 0
	for name, d := range dashboards(t) {
		for _, q := range d.queries() {
			if !strings.Contains(q.target.RawSQL, "FROM posts ") {
				continue
			}
			read++
			f := answer(t, s.conn, "EXPLAIN indexes = 1\n"+q.target.RawSQL, s.whole, grafanatest.Everything(s.name, s.findings["pile-on"]))
			plan := strings.Join(f.column(t, "explain"), "\n")
			at := readPosts.FindStringIndex(plan)
			if at == nil {
				t.Fatalf("%s, %s: posts are not in the plan:\n%s", name, q.where, plan)
			}
			plan, _, _ = strings.Cut(plan[at[1]:], "ReadFromMergeTree")
			if !strings.Contains(plan, "(campaign in [") || !strings.Contains(plan, "posted_hours") && !strings.Contains(plan, "post_ids") {
				t.Errorf("%s, %s reads posts without an index:\n%s", name, q.where, plan)
			}
		}
	}
	if read < 5 {
		t.Errorf("%d queries read posts, want those of top posts, links, tags, texts and people", read)
	}
}
