package app_test

import (
	"context"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"winnow/cmd/app"
	"winnow/cmd/control"
)

// reachWords is the table of a report that says how far a campaign went.
var reachWords = regexp.MustCompile(`Measure All Coordinated Without the coordinated Posts (\S+) (\S+) (\S+) Accounts (\S+) (\S+) (\S+) ` +
	`Potential reach (\S+) (\S+) (\S+) Potential impressions (\S+) (\S+) (\S+)`)

// plainly are the numbers of a report, counted from the posts and the findings with
// nothing that Winnow counts by.
const plainly = `WITH
    all_posts AS (SELECT platform, post_id, account_id, posted_at, followers FROM posts FINAL WHERE campaign = 'CAMPAIGN'),
    counting AS (SELECT finding_id, version FROM findings FINAL WHERE campaign = 'CAMPAIGN' AND state = 'open' AND declared = '' AND confidence != 'early'),
    together AS
    (
        SELECT DISTINCT p.platform AS platform, p.post_id AS post_id, p.account_id AS account_id, p.followers AS followers
        FROM all_posts AS p
        INNER JOIN (SELECT * FROM finding_accounts FINAL WHERE campaign = 'CAMPAIGN' AND (finding_id, version) IN (SELECT * FROM counting)) AS a
            ON a.platform = p.platform AND a.account_id = p.account_id
        WHERE p.posted_at BETWEEN a.first_at AND a.last_at
    ),
    told AS (SELECT platform, account_id, argMaxIf(followers, posted_at, followers IS NOT NULL) AS followers FROM all_posts GROUP BY platform, account_id)
SELECT
    (SELECT count() FROM all_posts), (SELECT count() FROM together),
    (SELECT count() FROM told), (SELECT uniqExact(platform, account_id) FROM together),
    (SELECT sum(followers) FROM told), (SELECT ifNull(sum(followers), 0) FROM told WHERE (platform, account_id) IN (SELECT platform, account_id FROM together)),
    (SELECT sum(followers) FROM all_posts), (SELECT ifNull(sum(followers), 0) FROM together),
    (SELECT count() FROM counting)`

// checkReport holds the numbers of a campaign's report against those of the posts, and
// the report that the desk sends against the one that commands get.
func checkReport(t *testing.T, ctx context.Context, r *app.Running, desk, campaign string) {
	t.Helper()
	_, sent := get(t, desk+"campaign/report?name="+url.QueryEscape(campaign))
	var made strings.Builder
	if err := r.Report(ctx, &made, control.Reporting{Campaign: campaign}); err != nil {
		t.Fatal(err)
	}
	read := func(file string) []string {
		text := strings.Join(strings.Fields(tags.ReplaceAllString(file, " ")), " ")
		m := reachWords.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("%s: the report does not say how far it went: %s", campaign, text)
		}
		return m[1:]
	}
	told := read(sent)
	if other := read(made.String()); strings.Join(told, " ") != strings.Join(other, " ") {
		t.Errorf("%s: the desk reports %v, a command %v", campaign, told, other)
	}
	rows, err := r.Query(ctx, strings.ReplaceAll(plainly, "CAMPAIGN", campaign), "TSV")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	line, err := io.ReadAll(rows)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(line))
	for i, what := range []string{"posts", "accounts", "potential reach", "potential impressions"} {
		all, coordinated := number(t, want[2*i]), number(t, want[2*i+1])
		if got := told[3*i : 3*i+3]; number(t, got[0]) != all || number(t, got[1]) != coordinated || number(t, got[2]) != all-coordinated {
			t.Errorf("%s: the report has %v %s, the posts give %d, %d and %d", campaign, got, what, all, coordinated, all-coordinated)
		}
	}
	if n := strings.Count(sent, `<article class="finding`); uint64(n) != number(t, want[8]) {
		t.Errorf("%s: %d findings are told, there are %s", campaign, n, want[8])
	}
	t.Logf("%s: %v reported", campaign, told)
}
