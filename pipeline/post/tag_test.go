package post_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

func TestNewTagsKeepsFirstSpelling(t *testing.T) {
	got := post.NewTags("#Baku2015", "2015", "BAKU2015", "＃Bakı", "x y", "#Baku2015")
	want := []post.Tag{{Key: "baku2015", Posted: "Baku2015"}, {Key: "baki", Posted: "Bakı"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := post.NewTags("1", ""); got != nil {
		t.Errorf("NewTags without a tag = %v, want nil", got)
	}
	var many []string
	for i := range 300 {
		many = append(many, "tag"+strings.Repeat("x", i%150))
	}
	if got := len(post.NewTags(many...)); got != 100 {
		t.Errorf("NewTags keeps %d tags, want 100", got)
	}
}

func TestTagsInNamesEachTagOnce(t *testing.T) {
	got := post.TagsIn("#Baku2015 #2015 ＃ＢＡＫＵ２０１５ #Bakı https://example.org/#no")
	want := []post.Tag{{Key: "baku2015", Posted: "Baku2015"}, {Key: "baki", Posted: "Bakı"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := post.TagsIn("no tags #1"); got != nil {
		t.Errorf("TagsIn without a tag = %v, want nil", got)
	}
	var many strings.Builder
	for i := range 300 {
		fmt.Fprintf(&many, "#tag%d ", i)
	}
	if got := post.TagsIn(many.String()); len(got) != 100 || got[99].Key != "tag99" {
		t.Errorf("%d of 300 tags, want the first 100", len(got))
	}
}
