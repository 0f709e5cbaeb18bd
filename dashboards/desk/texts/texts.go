package texts

import (
	"cmp"
	"embed"
	"slices"
	"strings"
)

// Files holds texts.html, which defines the template "texts" for a [Comparison]. It
// uses the words of the pages.
//
//go:embed texts.html
var Files embed.FS

// Post is a post as far as its text goes.
type Post struct {
	// Author tells accounts apart.
	Author string
	Text   string
}

// Comparison is the texts of a finding side by side.
type Comparison struct {
	Groups []Group
	// Alone is how many texts there are that no other is a version of, and that one
	// account posted once.
	Alone int
	// More is how many texts were not looked at.
	More int
	// Hidden puts it behind a click.
	Hidden bool
	// Partial says that the finding has more posts than were given.
	Partial bool
}

// Group is one wording and its versions.
type Group struct {
	Base     Wording
	Versions []Version
	// More is how many versions are left out.
	More int
	// Accounts counts all who posted one of them.
	Accounts int
}

// Wording is a text, letter by letter.
type Wording struct {
	Text            string
	Posts, Accounts int
}

// Shown is the text with what cannot be seen written out.
func (w Wording) Shown() string { return Visible(w.Text) }

// Version is another wording, with what differs from that of its group.
type Version struct {
	Wording
	Parts []Part
	// Cut says that the texts go on behind what is compared.
	Cut bool
	// Blanks says that nothing differs but blanks and line ends.
	Blanks bool
}

// Bounds: how many texts are looked at, how many groups they may make, and how many
// versions are shown of each.
const (
	maxTexts    = 200
	maxGroups   = 12
	maxVersions = 15
)

// alike is the least part of the words of two texts together that they must share for
// one to be a version of the other: half, as the detector's near copies have.
const alike = 0.5

// Compare groups the texts of posts. The wording that most accounts used stands for its
// group; another is a version of it if the two share at least half of their words.
func Compare(posts []Post) Comparison {
	authors := authorsOf(posts)
	all := wordings(posts, authors)
	c := Comparison{More: max(0, len(all)-maxTexts)}
	all = all[:len(all)-c.More]
	type open struct {
		words   map[word]int
		n       int
		members []Wording
	}
	var groups []*open
	for _, w := range all {
		words, n := bag(w.Text)
		into := slices.IndexFunc(groups, func(g *open) bool { return share(g.words, words, g.n, n) >= alike })
		if into < 0 {
			groups = append(groups, &open{words, n, []Wording{w}})
			continue
		}
		groups[into].members = append(groups[into].members, w)
	}
	for _, g := range groups {
		if len(g.members) == 1 && g.members[0].Posts == 1 {
			c.Alone++
			continue
		}
		if len(c.Groups) == maxGroups {
			c.More += len(g.members)
			continue
		}
		c.Groups = append(c.Groups, group(g.members, authors))
	}
	return c
}

func group(members []Wording, authors map[string][]string) Group {
	g := Group{Base: members[0]}
	who := map[string]bool{}
	for i, m := range members {
		for _, a := range authors[m.Text] {
			who[a] = true
		}
		if i == 0 {
			continue
		}
		if len(g.Versions) == maxVersions {
			g.More++
			continue
		}
		v := Version{Wording: m}
		v.Parts, v.Cut = Diff(g.Base.Text, m.Text)
		v.Blanks = strings.Join(strings.Fields(g.Base.Text), " ") == strings.Join(strings.Fields(m.Text), " ")
		for i := range v.Parts {
			v.Parts[i].Text = Visible(v.Parts[i].Text)
		}
		g.Versions = append(g.Versions, v)
	}
	g.Accounts = len(who)
	return g
}

// wordings counts each text once, the one that most accounts used first.
func wordings(posts []Post, authors map[string][]string) []Wording {
	counts := map[string]int{}
	for _, p := range posts {
		if text := strings.TrimSpace(p.Text); text != "" {
			counts[text]++
		}
	}
	out := make([]Wording, 0, len(counts))
	for text, n := range counts {
		out = append(out, Wording{text, n, len(authors[text])})
	}
	slices.SortFunc(out, func(a, b Wording) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(b.Posts, a.Posts), strings.Compare(a.Text, b.Text))
	})
	return out
}

// authorsOf says which accounts posted a text.
func authorsOf(posts []Post) map[string][]string {
	out := map[string][]string{}
	for _, p := range posts {
		text := strings.TrimSpace(p.Text)
		if text != "" && !slices.Contains(out[text], p.Author) {
			out[text] = append(out[text], p.Author)
		}
	}
	return out
}

// bag counts the words of a text, in any order, blanks left out.
func bag(text string) (words map[word]int, n int) {
	words = map[word]int{}
	all, _ := split(text, maxWords)
	for _, w := range all {
		if strings.TrimSpace(w) != "" {
			words[w]++
			n++
		}
	}
	return words, n
}

// share is how much of two bags is in both, 0 to 1.
func share(a, b map[word]int, na, nb int) float64 {
	both := 0
	for w, n := range a {
		both += min(n, b[w])
	}
	if na+nb == 0 {
		return 0
	}
	return 2 * float64(both) / float64(na+nb)
}
