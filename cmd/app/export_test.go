package app_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/dashboards/export/seal"
)

// names are what a bundle that names nobody must not hold: ids, handles and texts of the
// accounts and posts of a finding. What is short may stand anywhere by chance.
const named = `SELECT DISTINCT arrayJoin(arrayFilter(word -> length(word) >= 8, [f.account_id, f.post_id, p.handle, p.text])) AS word
FROM (SELECT * FROM finding_posts FINAL WHERE campaign = 'CAMPAIGN' AND finding_id = 'FINDING') AS f
INNER JOIN (SELECT * FROM posts FINAL WHERE campaign = 'CAMPAIGN' AND deleted = 0) AS p ON p.platform = f.platform AND p.post_id = f.post_id`

// checkBundles holds the bundles of all findings of a campaign against the store: one
// profile names nobody, the other all, and only to its receivers.
func checkBundles(t *testing.T, ctx context.Context, r *app.Running, campaign string) {
	t.Helper()
	ids := column(t, ctx, r, strings.ReplaceAll("SELECT finding_id FROM findings FINAL WHERE campaign = 'CAMPAIGN' AND state = 'open'", "CAMPAIGN", campaign))
	receiver, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		ask := control.Exporting{Campaign: campaign, Finding: id, Profile: "share"}
		share := exported(t, ctx, r, ask)
		ask.Campaign = "" // it is found by its id alone
		if !bytes.Equal(share, exported(t, ctx, r, ask)) {
			t.Errorf("%s: the same finding gave other bytes", id)
		}
		told := verified(t, share)
		words := column(t, ctx, r, strings.NewReplacer("CAMPAIGN", campaign, "FINDING", id).Replace(named))
		if len(words) < 3 {
			t.Errorf("%s: only %d words to look for", id, len(words))
		}
		for path, data := range told {
			for _, word := range words {
				if bytes.Contains(data, []byte(word)) {
					t.Errorf("%s: %s tells %q", id, path, word)
				}
			}
		}

		ask.Profile = "prove"
		if err := r.Export(ctx, io.Discard, ask); !errors.Is(err, app.ErrReceivers) {
			t.Errorf("%s: names for nobody in particular: %v", id, err)
		}
		ask.Receivers = []string{receiver.Recipient().String()}
		sent := exported(t, ctx, r, ask)
		if !seal.IsEncrypted(sent) {
			t.Fatalf("%s: names are not encrypted", id)
		}
		plain, err := age.Decrypt(bytes.NewReader(sent), receiver)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		proof := verified(t, opened)
		rows, err := csv.NewReader(bytes.NewReader(proof["data/posts.csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(string(proof["data/posts.jsonl"]), word) && !strings.ContainsAny(word, "\"\\<>&\n") {
				t.Errorf("%s: the proof does not have %q", id, word)
			}
		}
		if other, err := csv.NewReader(bytes.NewReader(told["data/posts.csv"])).ReadAll(); err != nil || len(rows) != len(other) || len(rows) < 2 {
			t.Errorf("%s: %d rows of posts prove, %d are shared: %v", id, len(rows), len(other), err)
		}
	}
	if err := r.Export(ctx, io.Discard, control.Exporting{Finding: "none", Profile: "share"}); err == nil || !strings.Contains(err.Error(), "no open finding has this id") {
		t.Errorf("a finding that is not there: %v", err)
	}
	t.Logf("%s: %d findings handed on", campaign, len(ids))
}

func exported(t *testing.T, ctx context.Context, r *app.Running, ask control.Exporting) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Export(ctx, &b, ask); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verified(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	report, err := seal.Verify(archive)
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Errorf("the bundle has faults: %q", report.Faults)
	}
	return report.Files
}

// column is the only column of a query's result.
func column(t *testing.T, ctx context.Context, r *app.Running, sql string) []string {
	t.Helper()
	rows, err := r.Query(ctx, sql, "CSV")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all, err := csv.NewReader(rows).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(all))
	for i, row := range all {
		out[i] = row[0]
	}
	return out
}
