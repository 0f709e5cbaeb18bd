package words

import (
	"embed"
	"strconv"
	"strings"

	"winnow/collectors/scenario/dice"
)

//go:embed texts/*.txt
var textFiles embed.FS

// lexicon is the phrases of one language by section.
type lexicon struct {
	Bodies   [AboutViral + 1][]phrase // by style
	openers  []phrase
	closers  []phrase
	Headline [2][]phrase // sport, rights
	// vocabulary is the words of the bodies, each once, sorted.
	vocabulary []string
	// capitals says that a is written A at the start of a sentence; Turkish and
	// Azerbaijani have another capital for i.
	capitals bool
}

// phrase is a text with slots, cut into pieces.
type phrase []piece

// piece is a literal or, when words is set, one of several words; "{n}" and
// "{time}" are made on the spot.
type piece struct {
	lit   string
	words []string
	made  madeUp
}

type madeUp uint8

const (
	notMade madeUp = iota
	madeNumber
	madeTime
)

// planted are the texts of the planted actions, taken literally.
type planted struct {
	Viral                   string
	ViralHeadlines          []string
	Declared, Before, After []string
	Copies, CopiesAfter     []string
}

// Stock is all that posts are made of.
type Stock struct {
	Lexicons [Languages]lexicon
	Tags     *tagbook
	Planted  planted
}

// NewStock reads the embedded texts; some milliseconds.
func NewStock() *Stock {
	s := &Stock{Tags: newTagbook(), Planted: loadPlanted()}
	for l, name := range Codes {
		s.Lexicons[l] = loadLexicon(name)
	}
	return s
}

// sections names each style's section in the files.
var sections = [AboutViral + 1]string{
	Sport: "sport", Rights: "rights", Pride: "pride", Daily: "daily", Greeting: "greeting",
	Chat: "chat", Comment: "comment", Support: "support", Critic: "critic",
	Hostile: "hostile", AboutViral: "viral",
}

func loadLexicon(lang string) lexicon {
	file := readSections(lang)
	words := map[string][]string{}
	for name, lines := range file {
		if slot, ok := strings.CutPrefix(name, "word "); ok {
			words[slot] = strings.Split(strings.Join(lines, "|"), "|")
		}
	}
	compile := func(section string) []phrase {
		var out []phrase
		for _, line := range file[section] {
			out = append(out, newPhrase(line, words))
		}
		return out
	}
	lx := lexicon{capitals: lang == Codes[EN] || lang == Codes[DE]}
	for s, name := range sections {
		lx.Bodies[s] = compile(name)
	}
	lx.vocabulary = vocabulary(file)
	lx.openers, lx.closers = compile("opener"), compile("closer")
	lx.Headline[0], lx.Headline[1] = compile("headline sport"), compile("headline rights")
	return lx
}

func loadPlanted() planted {
	f := readSections("planted")
	return planted{
		Viral: f["viral post"][0], ViralHeadlines: f["viral headline"],
		Declared: f["declared"], Before: f["declared before"], After: f["declared after"],
		Copies: f["copies"], CopiesAfter: f["copies after"],
	}
}

// readSections reads an embedded file of lines under "[section]" headings.
func readSections(name string) map[string][]string {
	data, err := textFiles.ReadFile("texts/" + name + ".txt")
	if err != nil {
		panic("scenario: embedded texts are missing: " + err.Error())
	}
	out := map[string][]string{}
	section := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			out[section] = append(out[section], line)
		}
	}
	return out
}

func newPhrase(line string, words map[string][]string) phrase {
	var p phrase
	for line != "" {
		lit, rest, ok := strings.Cut(line, "{")
		if lit != "" {
			p = append(p, piece{lit: lit})
		}
		if !ok {
			break
		}
		slot, rest, _ := strings.Cut(rest, "}")
		switch slot {
		case "n":
			p = append(p, piece{made: madeNumber})
		case "time":
			p = append(p, piece{made: madeTime})
		default:
			if len(words[slot]) == 0 {
				panic("scenario: embedded texts name a slot without words: " + slot)
			}
			p = append(p, piece{words: words[slot]})
		}
		line = rest
	}
	return p
}

// write appends the phrase with its slots filled.
func (p phrase) write(b []byte, d *dice.Dice) []byte {
	for i := range p {
		switch pc := &p[i]; {
		case pc.words != nil:
			b = append(b, pc.words[d.N(len(pc.words))]...)
		case pc.made == madeNumber:
			b = strconv.AppendInt(b, int64(2+d.N(97)), 10)
		case pc.made == madeTime:
			m := d.N(60)
			b = strconv.AppendInt(b, int64(7+d.N(16)), 10)
			b = append(b, ':', byte('0'+m/10), byte('0'+m%10))
		default:
			b = append(b, pc.lit...)
		}
	}
	return b
}

// WriteOne appends one of the phrases.
func WriteOne(b []byte, d *dice.Dice, from []phrase) []byte {
	if len(from) == 0 {
		return b
	}
	return from[d.N(len(from))].write(b, d)
}

// Sentences appends one to three different sentences of a style, sometimes with
// an opener or a closer. Few texts are one bare sentence, so that two people
// rarely write the same by chance; that is left to greetings.
func (lx *lexicon) Sentences(b []byte, d *dice.Dice, s Style) []byte {
	from := lx.Bodies[s]
	if len(from) == 0 {
		return b
	}
	n := 2
	switch r := d.N(100); {
	case s == Chat || s == Hostile || s == Support || s == Comment || s == AboutViral:
		if r < 60 {
			n = 1
		}
	case r < 18:
		n = 1
	case r > 80:
		n = 3
	}
	if d.Chance(180) {
		b = append(WriteOne(b, d, lx.openers), ' ')
	}
	at := d.N(len(from))
	for i := range min(n, len(from)) {
		if i > 0 {
			b = append(b, ' ')
			at = (at + 1 + d.N(max(1, len(from)/3))) % len(from)
		}
		start := len(b)
		b = from[at].write(b, d)
		if lx.capitals && 'a' <= b[start] && b[start] <= 'z' {
			b[start] -= 'a' - 'A'
		}
	}
	if d.Chance(140) {
		b = WriteOne(append(b, ' '), d, lx.closers)
	}
	return b
}
