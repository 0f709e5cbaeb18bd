package stix

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"winnow/dashboards/export"
	"winnow/pipeline/coordination"
	"winnow/storage"
)

const (
	said   = "Winnow says that accounts acted together more than chance explains. It does not say that they are fake, paid or automated, who is behind them, or why they did it."
	limits = said + "\n\nAn account in this bundle is no suspect for being in it: a choir is coordinated too. Read the evidence before you act on an account, and do not make a block list of it.\n\n" +
		"The evidence is counted against an idea of chance that can be wrong, above all where many people have one reason to say one thing at one moment. " +
		"What was not seen is not in it. Posts can have been deleted or edited since.\n\n" +
		"The DISARM techniques are what the finding reads like. Their definitions speak of operations, bots and purposes; of those Winnow measures nothing."
)

// described is the report's description.
func (b *builder) described() string {
	d := b.data
	parts := []string{d.Finding.Sentence}
	if d.Finding.Declared != "" {
		parts = append(parts, "It matches an action that the campaign declared as its own: "+d.Finding.Declared+".")
	}
	switch judgement(d) {
	case storage.Wrong:
		parts = append(parts, "A person judged this finding to be wrong.")
	case storage.Explained:
		parts = append(parts, "A person found an innocent explanation for it.")
	case storage.Confirmed:
		parts = append(parts, "A person looked at it and confirmed it.")
	}
	return strings.Join(append(parts, said), " ")
}

// addNote adds a note. Its id is that of its words: a note that says something else is
// another one.
func (b *builder) addNote(abstract, content string, refs ...string) {
	content = clean(content)
	b.add(&note{common: b.own("note", abstract, content), Abstract: abstract, Content: content, ObjectRefs: refs})
}

func (b *builder) addNotes(reportID string) {
	b.addNote("How it was found, and what chance would give", b.method(), reportID)
	b.addNote("What was seen, and what was not", b.coverage(), reportID)
	b.addNote("What this does not say", limits, reportID)
	if t := b.data.Finding.Target; t != (export.AccountRef{}) {
		b.addNote("Whom it is directed at", b.target()+" It is not one of those that acted, and so no user-account in this bundle stands for it.", reportID)
	}
	if len(b.data.Verdicts) > 0 {
		b.addNote("What people said of it", b.verdicts(), reportID)
	}
	if b.data.Profile == export.Share {
		b.addNote("What was left out", "Ids of accounts that begin with h: are keyed hashes: within one campaign an account keeps its hash, and without the key nobody can tell whose it is. "+
			"Handles, names, texts, links and addresses of posts are left out. Times are told to the second: whoever has the same posts can compare them.", reportID)
	}
	b.addSigns()
}

// target names the account that the finding is directed at, as far as it is known.
func (b *builder) target() string {
	f := &b.data.Finding
	out := "The account " + f.Target.ID
	if f.TargetHandle != "" && f.TargetHandle != f.Target.ID {
		out += " (" + f.TargetHandle + ")"
	}
	if f.Target.Platform != "" {
		out += " on " + f.Target.Platform
	}
	return out + "."
}

// addSigns adds a note for each sign of automation, on the accounts that show it.
func (b *builder) addSigns() {
	refs := make(map[string][]string)
	for i := range b.data.Accounts {
		a := &b.data.Accounts[i]
		for _, s := range a.Signals {
			refs[s] = append(refs[s], b.accounts[a.AccountRef])
		}
	}
	for _, s := range slices.Sorted(maps.Keys(refs)) {
		b.addNote("A sign of automation", "These accounts show a sign that they may be automated: "+s+". It is no evidence for the finding, and people show it too.", slices.Compact(refs[s])...)
	}
}

func (b *builder) method() string {
	d, f := b.data, &b.data.Finding
	var out strings.Builder
	line := func(s ...string) { out.WriteString(strings.Join(s, "") + "\n") }
	line(f.Sentence)
	line()
	line("Observed: ", figure(f.Observed), ". Expected by chance: ", figure(f.Expected), ".")
	line("Evidence: ", figure(f.Bits), " bits of surprise against chance. Ten bits are one in a thousand, each bit more halves the chance.")
	line("Confidence: ", promise(f.Confidence))
	if len(d.Evidence) > 0 {
		line()
		line("What the bits are made of, the strongest first:")
	}
	for i := range d.Evidence {
		e := &d.Evidence[i]
		line(strconv.FormatUint(uint64(e.Number), 10), ". ", e.Kind, ": ", strconv.FormatUint(e.Accounts, 10), " accounts, ", stamp(e.From), " to ", stamp(e.To), ", at most ", e.Window.String(),
			" apart, ", figure(e.Bits), " bits where ", figure(e.Need), " were needed, of which ", figure(e.Counted), " count")
	}
	if len(d.Method) > 0 {
		line()
		line("Made with:")
	}
	for _, name := range slices.Sorted(maps.Keys(d.Method)) {
		line(name, " = ", d.Method[name])
	}
	return strings.TrimRight(out.String(), "\n")
}

// promise says what a confidence promises, as docs/detection.md does.
func promise(confidence string) string {
	switch coordination.Confidence(confidence) {
	case coordination.ConfidenceEarly:
		return "early. It may be taken back within the hour."
	case coordination.ConfidenceFirm:
		return "firm. One campaign in sixteen may have one like it by chance."
	case coordination.ConfidenceHigh:
		return "high. One campaign in a thousand may have one like it by chance."
	default:
		return "not known."
	}
}

func (b *builder) coverage() string {
	var out strings.Builder
	for i := range b.data.Coverage {
		c := &b.data.Coverage[i]
		out.WriteString(c.Source + " (" + c.Platform + "), " + stamp(c.From) + " to " + stamp(c.To) + ": of this time, " + percent(c.AtLeast()) + " was surely seen, and " + percent(c.AtMost()) + " at most.\n")
	}
	if len(b.data.Coverage) == 0 {
		out.WriteString("Nothing is known of how much was seen: no source watched live.\n")
	}
	for i := range b.data.Gaps {
		g := &b.data.Gaps[i]
		end := "still open"
		if g.To != nil {
			end = stamp(*g.To)
		}
		out.WriteString("Gap: " + g.Source + " (" + g.Platform + "), " + stamp(g.From) + " to " + end + ": " + g.Cause + ".\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

func (b *builder) verdicts() string {
	var out strings.Builder
	for i := range b.data.Verdicts {
		v := &b.data.Verdicts[i]
		what := v.Judgement
		if what == "" {
			what = "taken back"
		}
		out.WriteString(stamp(v.At) + ": " + what)
		if v.Author != "" {
			out.WriteString(", by " + v.Author)
		}
		if v.Note != "" {
			out.WriteString(": " + v.Note)
		}
		out.WriteByte('\n')
	}
	return strings.TrimRight(out.String(), "\n")
}

// figure writes a number to three digits.
func figure(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "unknown"
	}
	if math.Abs(x) >= 1000 {
		return strconv.FormatFloat(math.Round(x), 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// percent writes a share, rounded down: no gap becomes 100 %.
func percent(share float64) string {
	return strconv.FormatFloat(math.Floor(share*1000)/10, 'f', 1, 64) + " %"
}
