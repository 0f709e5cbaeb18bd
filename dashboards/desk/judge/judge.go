package judge

import (
	"embed"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
	"winnow/storage"
	"winnow/storage/view"
)

// Files holds judge.html, which defines the template "judge" for a [Panel] and
// "verdict-tag" for a judgement. It uses the words and parts of the pages.
//
//go:embed judge.html
var Files embed.FS

// MaxNote is how long a note may be, in characters.
const MaxNote = 2000

// MaxForm is how much of a form is read, in bytes: a note of which every character is
// four bytes, each of them written as three.
const MaxForm = 32 << 10

// takeBack is the form's word for no judgement: a radio button needs one.
const takeBack = "take-back"

// Choice is a verdict that may be given.
type Choice struct {
	// Value is what the form sends, Name what the page calls it: messages, as is Does.
	Value, Name string
	// Does is what happens then, in a sentence or two.
	Does   string
	Chosen bool
}

// choices are in the order of the page.
var choices = [...]Choice{
	{
		Value: string(storage.Confirmed), Name: catalogue.Mark("Confirmed"),
		Does: catalogue.Mark("You looked at it, and it is right: these accounts acted together. No number changes; the finding carries the word."),
	},
	{
		Value: string(storage.Explained), Name: catalogue.Mark("Explained"),
		Does: catalogue.Mark("They acted together, and you know why: a newsroom’s own accounts, a call that you were part of. It still counts as coordinated, and carries the word and your reason."),
	},
	{
		Value: string(storage.Wrong), Name: catalogue.Mark("Wrong"),
		Does: catalogue.Mark("It should not have been found. It leaves the findings at once and counts nobody as coordinated; shares and charts follow as soon as they are counted again. It stays listed as judged wrong, and can be taken back."),
	},
	{
		Value: takeBack, Name: catalogue.Mark("Take the verdict back"),
		Does: catalogue.Mark("The finding counts as if nobody had judged it. What was said before stays in the list below."),
	},
}

// Panel is the part of a finding's page about verdicts.
type Panel struct {
	// Address takes the form; empty for those who may only read.
	Address string
	Choices []Choice
	// Note is what was written, if it was not taken, and Problem is why.
	Note, Problem string
	MaxNote       int
	// Now is the verdict that counts, History all there were, the newest first.
	Now     view.Verdict
	History []view.Verdict
}

// NewPanel makes the part of a page about verdicts. Without an address nobody is asked.
func NewPanel(address string, now view.Verdict, history []view.Verdict) Panel {
	p := Panel{Address: address, Now: now, History: history, MaxNote: MaxNote}
	for _, c := range choices {
		if c.Value != takeBack || now.Judgement != "" {
			p.Choices = append(p.Choices, c)
		}
	}
	return p
}

// Refuse fills in again what was sent, with a sentence about why it was not taken.
func (p Panel) Refuse(sent url.Values, problem string) Panel {
	p.Problem = problem
	if note := sent.Get("note"); len(note) <= MaxForm && utf8.ValidString(note) {
		p.Note = note
	}
	chosen := make([]Choice, len(p.Choices))
	for i, c := range p.Choices {
		c.Chosen = c.Value == sent.Get("verdict")
		chosen[i] = c
	}
	p.Choices = chosen
	return p
}

// Read reads a form. The problem is a sentence for whoever sent it; empty if there is
// none.
func Read(t *words.Teller, sent url.Values) (judgement storage.Judgement, note, problem string) {
	switch v := sent.Get("verdict"); v {
	case string(storage.Confirmed), string(storage.Explained), string(storage.Wrong):
		judgement = storage.Judgement(v)
	case takeBack:
		judgement = storage.Unjudged
	default:
		return "", "", t.Text("Choose what you say of this finding.")
	}
	// Forms send lines that end in CR LF, and tabs come from pasting.
	note = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(sent.Get("note")))
	switch n := utf8.RuneCountInString(note); {
	case n > MaxNote:
		return "", "", t.Text("The note has %s characters; up to %s fit. Nothing was recorded.", t.Number(uint64(n)), t.Number(MaxNote))
	case !utf8.ValidString(note) || strings.ContainsFunc(note, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return "", "", t.Text("The note holds characters that are no text, perhaps from copying. Write it again without them. Nothing was recorded.")
	}
	return judgement, note, ""
}

// Told is a judgement as a word for lists; empty for none.
func Told(t *words.Teller, judgement string) string {
	switch storage.Judgement(judgement) {
	case storage.Unjudged:
		return ""
	case storage.Confirmed:
		return t.Text("confirmed")
	case storage.Explained:
		return t.Text("explained")
	case storage.Wrong:
		return t.Text("judged wrong")
	}
	return judgement
}

// Who is the author of a verdict, as a page names them.
func Who(t *words.Teller, author string) string {
	if author == "" {
		return t.Text("somebody at this desk")
	}
	return author
}
