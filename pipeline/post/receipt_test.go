package post_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"winnow/pipeline/post"
)

func TestReceived(t *testing.T) {
	most := bytes.Repeat([]byte("x"), post.MaxRaw)
	for _, c := range []struct {
		name       string
		raw        []byte
		query      string
		wantRaw    []byte
		wantLength int // of the query
	}{
		{"as it came", []byte(`{"id":"1"}`), "q", []byte(`{"id":"1"}`), 1},
		{"nothing", nil, "q", nil, 1},
		{"just fits", most, strings.Repeat("q", post.MaxQuery), most, post.MaxQuery},
		{"too long", append(bytes.Clone(most), 'x'), strings.Repeat("q", post.MaxQuery+1), nil, post.MaxQuery},
		{"cut within a letter", nil, strings.Repeat("ə", post.MaxQuery), nil, post.MaxQuery - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := post.Post{Raw: []byte("before")}
			p.Received(c.raw, c.query)
			if !bytes.Equal(p.Raw, c.wantRaw) || len(p.Query) != c.wantLength || !utf8.ValidString(p.Query) {
				t.Errorf("%d bytes raw and a query of %d, want %d and %d", len(p.Raw), len(p.Query), len(c.wantRaw), c.wantLength)
			}
		})
	}
	buffer := []byte("reused")
	var p post.Post
	p.Received(buffer, "q")
	copy(buffer, "######")
	if string(p.Raw) != "reused" {
		t.Error("the post shares the source's buffer")
	}
}

// What came is for evidence alone: whoever writes a post as JSON does not show it.
func TestRawIsNotInJSON(t *testing.T) {
	p := sample(func(p *post.Post) { p.Received([]byte("as-it-came"), "what-was-asked") })
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("came")) || bytes.Contains(b, []byte("asked")) {
		t.Errorf("%s", b)
	}
}
