package view_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// Each post counts once, whatever it shares, in the second in which it was posted; and
// all of them count, however many the list of posts leaves out.
func TestSeconds(t *testing.T) {
	f := finding("f1", "", 1, 2, 3)
	text, link := post.Object{Kind: post.ObjectText, ID: "t"}, post.Object{Kind: post.ObjectLink, ID: "l"}
	told := func(id, account string, o post.Object, after time.Duration) {
		f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: id, AccountID: account, Object: o, At: f.From.Add(after)})
	}
	f.Posts = nil
	told("a", "1", text, 100*time.Millisecond)
	told("a", "1", link, 100*time.Millisecond)
	told("b", "2", text, 900*time.Millisecond)
	told("c", "3", link, 1200*time.Millisecond)
	told("d", "1", text, 61*time.Second)
	for i := range 600 {
		told(fmt.Sprint("more-", i), "2", text, 30*time.Minute)
	}
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {f}})
	// Rows of a version before are none of the finding's.
	f.Posts = f.Posts[:604]
	if _, _, err := s.ReplaceFindings(t.Context(), "c", []coordination.Finding{f}); err != nil {
		t.Fatal(err)
	}
	second := func(after time.Duration, account, kind string, posts uint64) view.FindingSecond {
		row := view.FindingSecond{At: f.From.Add(after), AccountID: account, Kind: kind, Posts: posts}
		if account != "" {
			row.Platform = "x"
		}
		return row
	}
	for _, test := range []struct {
		what     string
		from, to time.Duration
		step     time.Duration
		accounts int
		want     []view.FindingSecond
	}{
		{"by kind", 0, time.Hour, time.Second, 2, []view.FindingSecond{
			second(0, "", "link", 1), second(0, "", "text", 1), second(time.Second, "", "link", 1),
			second(61*time.Second, "", "text", 1), second(30*time.Minute, "", "text", 599),
		}},
		{"by account", 0, 2 * time.Minute, time.Second, 3, []view.FindingSecond{
			second(0, "1", "", 1), second(0, "2", "", 1), second(time.Second, "3", "", 1), second(61*time.Second, "1", "", 1),
		}},
		{"by the minute", 0, time.Hour, time.Minute, 0, []view.FindingSecond{
			second(0, "", "link", 2), second(0, "", "text", 1), second(time.Minute, "", "text", 1), second(30*time.Minute, "", "text", 599),
		}},
		{"its bounds", 900 * time.Millisecond, 61 * time.Second, 0, 2, []view.FindingSecond{
			second(0, "", "text", 1), second(time.Second, "", "link", 1),
		}},
	} {
		got, err := s.View().Seconds(t.Context(), "c", "f1", f.From.Add(test.from), f.From.Add(test.to), test.step, test.accounts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.what, diff)
		}
	}
	if got, err := s.View().Seconds(t.Context(), "c", "unheard", day, day.Add(time.Hour), time.Second, 8); err != nil || len(got) > 0 {
		t.Errorf("of no finding: %+v, %v", got, err)
	}
}
