package coordination

import (
	"strings"
	"testing"
	"time"
)

func TestSentence(t *testing.T) {
	for want, s := range map[string]summary{
		"40 accounts posted the same text within 30 s of each other; by chance we would expect 1.0.": {
			kind: KindCopies, accounts: 40, objects: 1, noun: aText, bursts: 1, peak: 40, span: 29_400 * time.Millisecond, expected: 1.02,
		},
		"41 accounts posted the same 3 texts, 7 times, up to 38 of them within 50 s of each other; by chance we would expect 1.1 at a time.": {
			kind: KindCopies, accounts: 41, objects: 3, noun: aText, bursts: 7, peak: 38, span: 50 * time.Second, expected: 7.7,
		},
		"3 accounts reposted the same 2 posts in step: 6 times, two of them did so within 60 s of each other; by chance we would expect 0.2.": {
			kind: KindReposts, accounts: 3, objects: 2, noun: aRepost, byPairs: true, meetings: 6, window: time.Minute, expected: 0.2,
		},
		"25 accounts reposted the same post, 20 of them within 1 s of each other, and nobody went on; of all that is passed on here, chance would bring less than 0.1 like that.": {
			kind: KindReposts, accounts: 25, objects: 1, noun: aRepost, bursts: 1, peak: 20, runs: 1, passedOn: true, expected: 0.01,
		},
		"41 accounts, 30 of them new to the campaign, came with a text of their own each, 38 of them within 21 s; by the campaign's own rhythm we would expect 0.3.": {
			kind: KindFlood, accounts: 41, bursts: 1, peak: 38, newcomers: 30, span: 21 * time.Second, expected: 0.3,
		},
		"25 accounts posted the same link, 20 of them within 1 s of each other, and hardly anyone did so at another time; if each had come in its own time, we would expect 2.4 of them that close together.": {
			kind: KindCopies, accounts: 25, objects: 1, noun: aLink, bursts: 1, peak: 20, passedOn: true, expected: 2.44,
		},
		"90 accounts that had not addressed this account before replied to or mentioned it, in 2 rushes of up to 80 accounts within 10 minutes; by its own rhythm and the reposts it got we would expect less than 0.1. Of 60 whose age is known, 31 had been opened less than 30 days before.": {
			kind: KindPileOn, accounts: 90, objects: 1, bursts: 2, peak: 80, span: 10 * time.Minute, expected: 0.02, aged: 60, young: 31,
		},
		"77 accounts that had not addressed this account before replied to or mentioned it, in 2 rushes of up to 84 accounts within 10 minutes (some of whom are left out as bystanders); by its own rhythm and the reposts it got we would expect 2.2.": {
			kind: KindPileOn, accounts: 77, objects: 1, bursts: 2, peak: 84, span: 10 * time.Minute, expected: 4.4,
		},
		"5 accounts posted the same 2 texts, links and images within 3 minutes of each other; by chance we would expect 12.": {
			kind: KindCopies, accounts: 5, objects: 2, bursts: 1, peak: 5, span: 130 * time.Second, expected: 12.3,
		},
	} {
		if got := s.sentence(); got != want {
			t.Errorf("\n got %q\nwant %q", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]int{
		"":                                    0,
		"three plain words":                   3,
		"@anna see #Baku2015 https://a.b/c d": 2,
		"it's one":                            2,
		"今天很好":                                2,
		"❤️ 🔥":                                0,
		strings.Repeat("w ", 500):             100,
	} {
		if got := words(in); got != want {
			t.Errorf("%q: %d words, want %d", in, got, want)
		}
	}
}

// FuzzText: whatever a text holds, what is kept of it is bounded, and the words
// of a text are found again in it.
func FuzzText(f *testing.F) {
	f.Add("One. Two! 今天很好。明天 \n\n x")
	f.Add("#tag only https://a.b/c @anna")
	f.Fuzz(func(t *testing.T, text string) {
		if n := words(text); n < 0 || n > 100 {
			t.Fatalf("%d words", n)
		}
		if c := clip(text); len([]rune(c)) > maxLabel {
			t.Fatalf("label of %d runes", len([]rune(c)))
		}
		var s speech
		s.read(text)
		if len(s.words) > maxSpeech || len(s.pairs) != max(0, len(s.words)-1) {
			t.Fatalf("%d words, %d pairs", len(s.words), len(s.pairs))
		}
		var l lexicon
		l.learn(s.words)
		l.learn(s.pairs)
		if l.knownShare(s.words) != 1 || l.knownShare(s.pairs) != 1 {
			t.Fatal("a text is not known after it was learnt")
		}
	})
}
