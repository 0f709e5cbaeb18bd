package pipeline

import (
	"testing"

	"winnow/pipeline/post"
	"winnow/storage"
)

// Posts that wait for detection take no more room for being evidence, and stay
// evidence for whoever else has them.
func TestArrivalsKeepNoEvidence(t *testing.T) {
	with, without := &post.Post{ID: "1"}, &post.Post{ID: "2"}
	with.Received([]byte("as it came"), "asked for")
	a := NewArrivals()
	a.add([]storage.PostRow{{Campaign: "c", Post: with}, {Campaign: "c", Post: without}})
	got := a.take("c").posts
	if len(got) != 2 || got[0].ID != "1" || got[0].Raw != nil || got[0].Query != "" {
		t.Errorf("%d posts wait, the first is %+v", len(got), got[0])
	}
	if string(with.Raw) != "as it came" || got[1] != without {
		t.Error("the post itself changed, or was copied for nothing")
	}
}
