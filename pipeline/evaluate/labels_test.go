package evaluate

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestReadLabels(t *testing.T) {
	l, err := ReadLabels(strings.NewReader("\ufeffaccount_id,Label,note,attack\na,1,x,ring\na,1,,copy\na,1,,ring\nb,0,,organic\nc,1,,\n"), "l.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		account string
		verdict int
		attacks string
		ok      bool
	}{{"a", 1, "ring copy", true}, {"b", 0, "", true}, {"c", 1, "", true}, {"d", 0, "", false}} {
		verdict, attacks, ok := l.Of(c.account)
		if verdict != c.verdict || strings.Join(attacks, " ") != c.attacks || ok != c.ok {
			t.Errorf("%s: %d, %q, %v; want %d, %q, %v", c.account, verdict, attacks, ok, c.verdict, c.attacks, c.ok)
		}
	}
}

// A mistake is named by line and column.
func TestMistakes(t *testing.T) {
	labels := func(in io.Reader) error { _, err := ReadLabels(in, "f.csv"); return err }
	attacks := func(in io.Reader) error { _, err := ReadAttacks(in, "f.csv"); return err }
	for _, c := range []struct {
		name, content string
		read          func(io.Reader) error
		want          []string
	}{
		{"empty", "", labels, []string{"f.csv", "empty", "account_id, label, attack"}},
		{"no label", "account_id,verdict\na,1\n", labels, []string{"line 1 has no column label", "account_id, verdict"}},
		{"no rows", "account_id,label\n", labels, []string{"f.csv names no account"}},
		{"no number", "account_id,label\na,1\nb,yes\n", labels, []string{"line 3, column label", `"yes"`, "1 for coordinated"}},
		{"no account", "label,account_id\n1,\n", labels, []string{"line 2, column account_id: it is empty"}},
		{"both", "account_id,label,attack\na,1,x\nb,0,\na,0,y\n", labels, []string{"line 4, column label", "another label in line 2"}},
		{"a row too short", "account_id,label,attack\na,1\n", labels, []string{"f.csv", "line 2", "wrong number of fields"}},
		{"an open quote", "account_id,label\n\"a,1\n", labels, []string{"f.csv", "line 2"}},
		{"attacks without an instance", "content_id,account_id,attack\na,b,c\n", attacks, []string{"line 1 has no column instance"}},
		{"an attack that is empty", "content_id,account_id,attack,instance\np,a,ring,\n", attacks, []string{"line 2, column instance: it is empty"}},
		{"no attacks", "content_id,account_id,attack,instance\n", attacks, []string{"f.csv names no post"}},
	} {
		err := c.read(strings.NewReader(c.content))
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q lacks %q", c.name, err, want)
			}
		}
	}
}

// Whatever a file holds, it is read or refused, and what is read is consistent.
func FuzzTables(f *testing.F) {
	f.Add("account_id,label,attack\na,1,x\n")
	f.Add("content_id,account_id,attack,instance\np,a,x,x-1\np,a,x,x-1\n")
	f.Fuzz(func(t *testing.T, content string) {
		if l, err := ReadLabels(strings.NewReader(content), "f"); err == nil && len(l.accounts) == 0 {
			t.Fatal("labels without an account")
		}
		a, err := ReadAttacks(strings.NewReader(content), "f")
		if err != nil {
			return
		}
		for _, in := range a.instances {
			if len(in.posts) == 0 || slices.ContainsFunc(in.posts, func(p *attackPost) bool { return !in.accounts[p.account] }) {
				t.Fatalf("instance %+v", in)
			}
		}
	})
}
