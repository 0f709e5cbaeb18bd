package campaign

import (
	"strings"
	"unicode/utf8"

	"winnow/pipeline/post/fold"
)

// phrases finds many phrases in folded texts in one pass: a trie of words,
// entered at each word of the text. A phrase matches whole words only, "azad"
// not within "azadlıq". Scripts without blanks have no words to see: phrases
// that start or end in one match anywhere on that side.
type phrases struct {
	root trie
	// loose are the phrases that start or end in a script without blanks.
	loose []loosePhrase
}

// trie is a node of the trie: what may follow, and whose phrase ends here.
type trie struct {
	next  map[string]*trie
	owner []int
}

type loosePhrase struct {
	text       string
	start, end bool // whether that side is loose
	owner      int
}

// add adds a phrase of an owner. It returns false if nothing is left of it when
// folded.
func (p *phrases) add(phrase string, owner int) bool {
	folded := fold.Text(phrase)
	if folded == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(folded)
	last, _ := utf8.DecodeLastRuneInString(folded)
	if l := (loosePhrase{folded, fold.Unspaced(first), fold.Unspaced(last), owner}); l.start || l.end {
		p.loose = append(p.loose, l)
		return true
	}
	node := &p.root
	for word := range strings.SplitSeq(folded, " ") {
		if node.next == nil {
			node.next = make(map[string]*trie)
		}
		if node.next[word] == nil {
			node.next[word] = new(trie)
		}
		node = node.next[word]
	}
	node.owner = append(node.owner, owner)
	return true
}

func (p *phrases) empty() bool { return p.root.next == nil && len(p.loose) == 0 }

// find calls found with the owner of each phrase in a folded text, perhaps more
// than once, until found returns false.
func (p *phrases) find(folded string, found func(owner int) bool) {
	for i := range p.loose {
		if l := &p.loose[i]; l.in(folded) && !found(l.owner) {
			return
		}
	}
	if p.root.next == nil {
		return
	}
	for rest, more := folded, true; more; {
		node, tail, on := &p.root, rest, true
		for on {
			var word string
			word, tail, on = strings.Cut(tail, " ")
			if node = node.next[word]; node == nil {
				break
			}
			for _, owner := range node.owner {
				if !found(owner) {
					return
				}
			}
		}
		_, rest, more = strings.Cut(rest, " ")
	}
}

// in reports whether l stands in a folded text.
func (l *loosePhrase) in(folded string) bool {
	for from := 0; ; {
		i := strings.Index(folded[from:], l.text)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(l.text)
		if (l.start || i == 0 || folded[i-1] == ' ') && (l.end || end == len(folded) || folded[end] == ' ') {
			return true
		}
		_, n := utf8.DecodeRuneInString(folded[i:])
		from = i + n
	}
}
