package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// Who deletes the posts of an attack takes their content away, not what was found.
func TestFindingStaysWhenItsPostsAreDeleted(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, time.Minute)))
	settle(t, s)
	firm := finding("firm", "", 0, time.Hour, 1, 2)
	firm.Confidence = coordination.ConfidenceFirm
	early := finding("early", "", 0, time.Hour, 1, 2)
	early.Confidence = coordination.ConfidenceEarly
	replace(t, s, firm, early)
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)})
	smaller := finding("firm", "", 0, time.Hour, 2)
	if changed, withdrawn := replace(t, s, smaller); changed != 0 || withdrawn != 1 {
		t.Errorf("changed %d, withdrawn %d; want 0 and the early one", changed, withdrawn)
	}
	if changed, withdrawn := replace(t, s); changed+withdrawn != 0 {
		t.Errorf("changed %d, withdrawn %d; want the finding to stay", changed, withdrawn)
	}
	settle(t, s)
	if n := ask[uint64](t, c, "SELECT sum(coordinated_posts) FROM reach FINAL WHERE step = 0"); n != 2 {
		t.Errorf("%d posts are coordinated, want 2", n)
	}
	// More of it is still news.
	if changed, _ := replace(t, s, finding("firm", "", 0, time.Hour, 1, 2, 3)); changed != 1 {
		t.Error("a finding that grew was not written")
	}
	// Found in another one now, it need not stay on its own.
	if _, withdrawn := replace(t, s, finding("other", "", 0, time.Hour, 1, 2, 3, 4)); withdrawn != 1 {
		t.Error("a finding that another one holds was kept beside it")
	}
}

// What was deleted before it came is all that there ever was of it: that a finding rests on
// it too keeps nobody in the finding whom the evidence does not name any more.
func TestFindingFollowsWhatWasNeverThere(t *testing.T) {
	s, _ := open(t)
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)})
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, time.Minute), somePost(3, 3, time.Minute)))
	settle(t, s)
	resting := func(accounts ...int) coordination.Finding {
		f := finding("one", "", 0, time.Hour, accounts...)
		f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: "1002", AccountID: "2", Object: f.Objects[0].Object, At: day.Add(time.Minute)})
		return f
	}
	replace(t, s, resting(1, 2, 3))
	if changed, _ := replace(t, s, resting(1, 2)); changed != 1 {
		t.Error("a finding still names who is no part of it")
	}
	// It comes again, as its source tells it; one that was there and is deleted, too.
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1002", At: day.Add(time.Hour)})
	later := somePost(2, 2, time.Minute)
	later.ObservedAt = later.ObservedAt.Add(time.Hour)
	write(t, s, rowsOf("c", somePost(1, 1, 0), later))
	if changed, _ := replace(t, s, resting(1)); changed != 0 {
		t.Error("a finding went with the posts that it was found in")
	}
}

// What was deleted before it came is never there with its content, not for a moment:
// detection might look right then. It is what is left of one that was deleted after.
func TestDeletedBeforeItCame(t *testing.T) {
	local := somePost(1, 1, 0)
	local.Platform, local.ID, local.NativeID = post.Mastodon, "https://two.example/users/o/statuses/114000000000000001", "77"
	told := somePost(2, 2, time.Minute)
	told.Tags, told.URL = post.NewTags("BAKU2015"), "https://elsewhere.example/2"
	told.Links, told.Mentions, told.Images = []string{"https://a.example/"}, []post.Mention{{AccountID: "7", Handle: "seven"}}, []string{"media_key:1"}
	told.ReplyTo, told.QuoteOf = post.Ref{PostID: "8", AccountID: "9", Handle: "nine"}, post.Ref{PostID: "9", Handle: "ten"}
	told.Engagement.Likes = post.KnownCount(3)
	byCanonicalID := somePost(3, 3, 2*time.Minute)
	byCanonicalID.Platform, byCanonicalID.ID, byCanonicalID.NativeID = post.Mastodon, "https://two.example/users/o/statuses/114000000000000003", "78"
	rows := rowsOf("c", local, told, byCanonicalID, somePost(4, 4, 0))
	gone := []post.Deletion{
		{Platform: post.Mastodon, NativeID: "77", At: day.Add(time.Hour)},
		{Platform: post.X, NativeID: told.ID, At: day.Add(time.Hour)},
		{Platform: post.Mastodon, NativeID: byCanonicalID.ID, At: day.Add(time.Hour)},
		{Platform: post.Bluesky, NativeID: "1004", At: day.Add(time.Hour)}, // another platform's
	}
	// But for the version, which tells what was never there.
	const all = "SELECT arrayStringConcat(groupArray(line), '\n') FROM (SELECT toString(tuple(* EXCEPT version, bitAnd(version, bitShiftLeft(toUInt64(1), 62) - 1), url, tags_posted)) AS line FROM posts FINAL ORDER BY platform, post_id)"
	after, c := open(t)
	write(t, after, rows)
	write(t, after, nil, gone...)
	want := ask[string](t, c, all)

	before, c := open(t)
	write(t, before, nil, gone...)
	var storing []storage.PostRow
	if err := before.Write(t.Context(), storage.Message{Rows: rows, Storing: func(rows []storage.PostRow) { storing = rows }}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ask[string](t, c, all)); diff != "" {
		t.Errorf("the posts (-deleted after +before they came):\n%s", diff)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM posts WHERE text != '' OR deleted = 0"); n != 1 {
		t.Errorf("%d rows with content, want that of the one that is there", n)
	}
	for i, r := range storing {
		if is := r.Post.Text != ""; is != (i == 3) {
			t.Errorf("post %d with its text: %v", i, is)
		}
	}
	if rows[0].Post.Text == "" {
		t.Error("the message was changed")
	}
	// An older look at it, which comes again, and a later one leave it empty.
	edited := *told
	edited.EditedAt = day.Add(48 * time.Hour)
	write(t, before, rowsOf("c", &edited, told))
	if n := ask[uint64](t, c, "SELECT count() FROM posts WHERE post_id = '1002' AND text != ''"); n != 0 {
		t.Errorf("%d rows of a deleted post with content", n)
	}
	// What was told of its account is known.
	if n := ask[uint64](t, c, "SELECT count() FROM accounts FINAL WHERE account_id = '2' AND handle = 'account2'"); n != 1 {
		t.Error("the account is not known")
	}
}
