package schema

import (
	"os"
	"strings"
	"testing"
)

// The hour that an id tells is computed in three places: in the posts, in the posts
// of findings, and where posts are looked for.
func TestHourOfAnIDIsTheSameEverywhere(t *testing.T) {
	text, err := Files.ReadFile("00007_buckets.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "id_hour             DateTime('UTC') MATERIALIZED ")
	want, _, found := strings.Cut(rest, " COMMENT")
	if !found || !strings.HasPrefix(want, "toDateTime(3600 * multiIf(") {
		t.Fatal("no hour in the posts")
	}
	if n := strings.Count(string(text), "MATERIALIZED "+want+" COMMENT"); n != 2 {
		t.Errorf("the schema computes it %d times alike, want 2", n)
	}
	first, err := os.ReadFile("../queries/posts_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(first), "SELECT "+want+"\n") {
		t.Error("posts_first.sql computes another hour")
	}
}
