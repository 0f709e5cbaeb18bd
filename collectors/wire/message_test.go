package wire

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

func good() post.Post {
	return post.Post{
		Platform: post.X, ID: "1", Kind: post.Original, Account: post.Account{ID: "2", Handle: "@anna"},
		PostedAt: time.Date(2015, 6, 12, 18, 0, 0, 0, time.UTC), Tags: Tags([]string{"Baku2015", "baku2015", ""}),
	}
}

func TestMessage(t *testing.T) {
	var m Message
	m.Add(good(), nil)
	m.Add(post.Post{}, Rejectf(WrongType, "/", "id"))
	m.Add(post.Post{Platform: post.X, Kind: post.Original}, nil)
	m.Add(good(), errors.New("odd"))
	*m.Next() = good()
	m.Keep(nil)
	*m.Next() = good()
	m.Keep(Rejectf(NotJSON))
	m.Next().Platform = "other"
	m.Keep(nil)
	m.Delete(post.Deletion{Platform: post.X, NativeID: "1", At: good().PostedAt})
	m.Delete(post.Deletion{Platform: post.X, NativeID: "1"})
	m.Delete(post.Deletion{Platform: post.X, At: good().PostedAt})

	want := good()
	want.Tidy()
	if want.Account.Handle != "anna" || len(want.Tags) != 1 {
		t.Fatalf("the sample is not tidied: %+v", want)
	}
	if diff := cmp.Diff([]post.Post{want, want}, m.Posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	if len(m.Deletions) != 1 {
		t.Errorf("%d deletions, want 1", len(m.Deletions))
	}
	var got []string
	for _, r := range m.Rejects {
		got = append(got, r.Error())
	}
	if diff := cmp.Diff([]string{
		"wrong-type: /id", "no-id: id", "unknown-shape: odd", "not-json", "bad-platform: platform",
		"bad-time: posted_at", "no-id: id",
	}, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

func TestUnmarshal(t *testing.T) {
	type shape struct {
		N    int       `json:"n"`
		At   time.Time `json:"at"`
		S    string    `json:"s"`
		Odd  *struct{} `json:"odd"`
		Pair [2]int    `json:"pair"`
	}
	o := Options(Skip[*struct{}]())
	for _, c := range []struct{ raw, want string }{
		{`{"n":1,"at":"2015-06-12T18:00:00Z","s":"x"}`, ""},
		{`{"n":1,"n":2}`, ""},
		{`{"s":"\ud83d"}`, ""},
		{`{"odd":[1,{"a":2}]}`, ""},
		{`{"pair":[1,2,3]}`, ""},
		{`{"n":"1"}`, "wrong-type: /n"},
		{`{"n":1.5}`, "wrong-type: /n"},
		{`[]`, "wrong-type: the start"},
		{`{"at":"yesterday"}`, "bad-time: /at"},
		{`{"s":"x"`, "not-json: near the start"},
		{`{"s":"x"} {`, "not-json: near the start"},
		{``, "not-json: near the start"},
		{"{\"s\":\"\xff\"}", "bad-utf8"},
		{"{\"s\":\"x\"\x00}", "nul-byte"},
		{`{"` + strings.Repeat("k", 1000) + `":`, "not-json: near /" + strings.Repeat("k", 119) + "…"},
	} {
		var v shape
		got := ""
		if err := Unmarshal([]byte(c.raw), &v, o); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("Unmarshal(%.40q) = %q, want %q", c.raw, got, c.want)
		}
	}
}

func TestCounts(t *testing.T) {
	var c Counts
	n := int64(7)
	if got := c.Maybe("a", nil); got != 0 {
		t.Errorf("a missing figure is %d, want unknown", got)
	}
	if got, known := c.Maybe("a", &n).Get(); got != 7 || !known {
		t.Errorf("a figure is %d, %v; want 7, known", got, known)
	}
	if err := c.Err(); err != nil {
		t.Errorf("no negative figure, but %v", err)
	}
	c.Known("first", -1)
	c.Known("second", -2)
	if err := c.Err(); err == nil || err.Error() != "negative-count: first" {
		t.Errorf("got %v, want negative-count: first", err)
	}
}
