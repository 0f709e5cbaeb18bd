package archive

import (
	"bytes"
	"testing"
)

// As evidence a post carries its record, whatever the layout, and the file's name.
func TestEvidence(t *testing.T) {
	lines := sample(t, "x/v2/testdata/messages.jsonl")
	rows := table4(3)
	for _, c := range []struct {
		name    string
		content []byte
		want    string // of the last post, if it is known
	}{
		{"lines.jsonl", lines, ""},
		{"array.json", asArray(lines), ""},
		{"table.csv", rows, string(bytes.Split(bytes.TrimSpace(rows), []byte("\n"))[3])},
	} {
		for _, keep := range []bool{false, true} {
			log, _, err := replayed(t, c.name, c.content, Options{Evidence: keep, BatchPosts: 2})
			if err != nil {
				t.Fatal(err)
			}
			posts := log.posts()
			if len(posts) < 3 {
				t.Fatalf("%s: %d posts", c.name, len(posts))
			}
			for _, p := range posts {
				if !keep && (p.Raw != nil || p.Query != "") {
					t.Errorf("%s: evidence though none is kept", c.name)
				}
				if keep && (p.Query != c.name || !bytes.Contains(c.content, p.Raw) || !bytes.Contains(p.Raw, []byte(p.LocalID()))) {
					t.Errorf("%s: post %s carries %q, from %q", c.name, p.ID, p.Raw, p.Query)
				}
			}
			if last := string(posts[len(posts)-1].Raw); keep && c.want != "" && last != c.want {
				t.Errorf("%s: %q, want %q", c.name, last, c.want)
			}
		}
	}
}
