package crashtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"winnow/cmd/app"
)

// answers are what must not depend on crashes: everything that people can see.
// Versions count writes, and an account's row says when that was first seen
// which it says.
var answers = []struct{ what, sql string }{
	{"posts", "SELECT * FROM posts FINAL ORDER BY ALL"},
	{"tombstones", "SELECT * FROM tombstones FINAL ORDER BY ALL"},
	{"accounts", "SELECT * EXCEPT(observed_at) FROM accounts FINAL ORDER BY ALL"},
	{"gaps", "SELECT * EXCEPT(version) FROM gaps FINAL ORDER BY ALL"},
	{"watches", "SELECT * FROM watches FINAL ORDER BY ALL"},
	{"buckets", "SELECT * EXCEPT(version) FROM reach FINAL WHERE posts > 0 ORDER BY ALL"},
	{"account buckets", "SELECT * EXCEPT(version) FROM account_buckets FINAL WHERE posts > 0 ORDER BY ALL"},
	{"audience", "SELECT * EXCEPT(version) FROM audience FINAL WHERE accounts != 0 OR reach_known != 0 OR coordinated_accounts != 0 OR declared_accounts != 0 OR early_accounts != 0 ORDER BY ALL"},
	{"aliases", "SELECT * FROM aliases FINAL ORDER BY ALL"},
	{"declared actions", "SELECT * EXCEPT(version) FROM declared_actions FINAL ORDER BY ALL"},
	{"open marks", "SELECT campaign, hour, cause FROM marks FINAL WHERE done = 0 ORDER BY ALL"},
	{"findings", "SELECT * EXCEPT(version) FROM findings FINAL WHERE state = 'open' ORDER BY ALL"},
	{"finding accounts", rowsOf("finding_accounts", "findings", "finding_id")},
	{"finding objects", rowsOf("finding_objects", "findings", "finding_id")},
	{"finding posts", rowsOf("finding_posts", "findings", "finding_id")},
	{"finding evidence", rowsOf("finding_evidence", "findings", "finding_id")},
	{"changes", "SELECT * EXCEPT(version) FROM changes FINAL WHERE state = 'open' ORDER BY ALL"},
	{"change items", rowsOf("change_items", "changes", "change_id")},
	{"kept", ""}, // what was received, which is no question to the store
}

// rowsOf asks for the rows that belong to what is open.
func rowsOf(table, of, id string) string {
	return fmt.Sprintf("SELECT * EXCEPT(version) FROM %s FINAL WHERE (campaign, %s, version) IN (SELECT campaign, %s, version FROM %s FINAL WHERE state = 'open') ORDER BY ALL", table, id, id, of)
}

// shot is the answers' lines by what they are about.
type shot map[string][]string

// shoot asks the store.
func shoot(ctx context.Context, r *app.Running) (shot, error) {
	s := shot{}
	for _, a := range answers {
		if a.sql == "" {
			continue
		}
		rows, err := r.Query(ctx, a.sql, "TSV")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.what, err)
		}
		text, err := io.ReadAll(rows)
		if err := errors.Join(err, rows.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", a.what, err)
		}
		s[a.what] = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if len(text) == 0 {
			s[a.what] = nil
		}
	}
	return s, nil
}

// compare says how many differences there are, and names up to so many of each kind.
func compare(t *testing.T, what string, got, want shot) int {
	t.Helper()
	const most = 6
	lines, shown := got.differences(want), map[string]int{}
	for _, line := range lines {
		kind, _, _ := strings.Cut(strings.Replace(line, " - ", " + ", 1), " + ")
		if shown[kind]++; shown[kind] <= most {
			t.Errorf("%s: %s", what, line)
		}
	}
	for kind, n := range shown {
		t.Logf("%s: %d differences in: %s", what, n, kind)
	}
	return len(lines)
}

// differences are the lines that only one of two has, with what they are about
// in front.
func (s shot) differences(want shot) []string {
	var all []string
	for _, a := range answers {
		only := func(sign string, has, other []string) {
			in := make(map[string]int, len(other))
			for _, line := range other {
				in[line]++
			}
			for _, line := range has {
				if in[line]--; in[line] < 0 {
					all = append(all, a.what+" "+sign+" "+line)
				}
			}
		}
		only("+", s[a.what], want[a.what])
		only("-", want[a.what], s[a.what])
	}
	// A line that differs comes next to what it should be.
	slices.SortStableFunc(all, func(a, b string) int {
		return strings.Compare(strings.NewReplacer(" + ", " ", " - ", " ").Replace(a), strings.NewReplacer(" + ", " ", " - ", " ").Replace(b))
	})
	return all
}
