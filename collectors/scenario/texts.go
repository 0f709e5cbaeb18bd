package scenario

import (
	"embed"
	"strconv"
	"strings"
)

//go:embed texts/*.txt
var textFiles embed.FS

// lexicon is the phrases of one language by section.
type lexicon struct {
	bodies   [talkViral + 1][]phrase // by style
	openers  []phrase
	closers  []phrase
	headline [2][]phrase // sport, rights
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
	viral                   string
	viralHeadlines          []string
	declared, before, after []string
	copies, copiesAfter     []string
}

// sections names each style's section in the files.
var sections = [talkViral + 1]string{
	talkSport: "sport", talkRights: "rights", talkPride: "pride", talkDaily: "daily", talkGreeting: "greeting",
	talkChat: "chat", talkComment: "comment", talkSupport: "support", talkCritic: "critic",
	talkHostile: "hostile", talkViral: "viral",
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
	lx := lexicon{capitals: lang == langNames[en] || lang == langNames[de]}
	for s, name := range sections {
		lx.bodies[s] = compile(name)
	}
	lx.openers, lx.closers = compile("opener"), compile("closer")
	lx.headline[0], lx.headline[1] = compile("headline sport"), compile("headline rights")
	return lx
}

func loadPlanted() planted {
	f := readSections("planted")
	return planted{
		viral: f["viral post"][0], viralHeadlines: f["viral headline"],
		declared: f["declared"], before: f["declared before"], after: f["declared after"],
		copies: f["copies"], copiesAfter: f["copies after"],
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
func (p phrase) write(b []byte, d *dice) []byte {
	for i := range p {
		switch pc := &p[i]; {
		case pc.words != nil:
			b = append(b, pc.words[d.n(len(pc.words))]...)
		case pc.made == madeNumber:
			b = strconv.AppendInt(b, int64(2+d.n(97)), 10)
		case pc.made == madeTime:
			m := d.n(60)
			b = strconv.AppendInt(b, int64(7+d.n(16)), 10)
			b = append(b, ':', byte('0'+m/10), byte('0'+m%10))
		default:
			b = append(b, pc.lit...)
		}
	}
	return b
}

func writeOne(b []byte, d *dice, from []phrase) []byte {
	if len(from) == 0 {
		return b
	}
	return from[d.n(len(from))].write(b, d)
}

// sentences appends one to three different sentences of a style, sometimes with
// an opener or a closer. Few texts are one bare sentence, so that two people
// rarely write the same by chance; that is left to greetings.
func (lx *lexicon) sentences(b []byte, d *dice, s style) []byte {
	from := lx.bodies[s]
	if len(from) == 0 {
		return b
	}
	n := 2
	switch r := d.n(100); {
	case s == talkChat || s == talkHostile || s == talkSupport || s == talkComment || s == talkViral:
		if r < 60 {
			n = 1
		}
	case r < 18:
		n = 1
	case r > 80:
		n = 3
	}
	if d.chance(180) {
		b = append(writeOne(b, d, lx.openers), ' ')
	}
	at := d.n(len(from))
	for i := range min(n, len(from)) {
		if i > 0 {
			b = append(b, ' ')
			at = (at + 1 + d.n(max(1, len(from)/3))) % len(from)
		}
		start := len(b)
		b = from[at].write(b, d)
		if lx.capitals && 'a' <= b[start] && b[start] <= 'z' {
			b[start] -= 'a' - 'A'
		}
	}
	if d.chance(140) {
		b = writeOne(append(b, ' '), d, lx.closers)
	}
	return b
}
