package scale

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// The variables of the long run; see the Makefile.
const (
	postsVariable  = "WINNOW_SCALE_POSTS"
	daysVariable   = "WINNOW_SCALE_DAYS"
	dirVariable    = "WINNOW_SCALE_DIR"
	phasesVariable = "WINNOW_SCALE_PHASES"
	jsonVariable   = "WINNOW_SCALE_JSON"
)

// TestShort goes the whole way with few posts, so that the long run does not rot.
func TestShort(t *testing.T) {
	r := newRun(t, options{posts: 20_000, days: 2, dir: t.TempDir(), runs: 1, each: 7})
	r.phases("stages", "insert", "settle", "query", "pages")
	if r.res.Insert.Posts != 20_000 {
		t.Errorf("%d posts written", r.res.Insert.Posts)
	}
	if n := r.count("SELECT count() FROM posts"); n < 20_000 {
		t.Errorf("%d posts in the store", n)
	}
	if n := r.count("SELECT count() FROM marks FINAL WHERE done = 0"); n != 0 {
		t.Errorf("%d marks are open after settling", n)
	}
	if n := r.count("SELECT sum(coordinated_posts) FROM reach FINAL WHERE step = 3600 AND tag = '' AND lang = ''"); n == 0 {
		t.Error("no post counts as coordinated")
	}
	for _, q := range r.res.Queries {
		if q.Failed != "" {
			t.Errorf("%s over %s: %s", q.Name, q.Range, q.Failed)
		}
		if q.Rows == 0 {
			t.Errorf("%s over %s has no rows: it was measured on nothing", q.Name, q.Range)
		}
	}
	for _, p := range r.res.Pages {
		if p.Status != 200 {
			t.Errorf("page %s: status %d", p.Name, p.Status)
		}
	}
	t.Log("\n" + r.res.table())
}

// TestLong is what make bench-storage runs.
func TestLong(t *testing.T) {
	posts, err := strconv.Atoi(os.Getenv(postsVariable))
	if err != nil {
		t.Skip("run by make bench-storage")
	}
	days := 60
	if text := os.Getenv(daysVariable); text != "" {
		if days, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", daysVariable, err)
		}
	}
	dir := os.Getenv(dirVariable)
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r := newRun(t, options{posts: posts, days: days, dir: dir, runs: 20, each: 1})
	phases := "stages,insert,settle,query,pages"
	if p := os.Getenv(phasesVariable); p != "" {
		phases = p
	}
	r.phases(strings.Split(phases, ",")...)
	t.Log("\n" + r.res.table())
	if path := os.Getenv(jsonVariable); path != "" {
		r.save(filepath.Clean(path))
	}
}
