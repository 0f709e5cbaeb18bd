package fold_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"winnow/pipeline/post/fold"
)

func TestText(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"Hello, World!  \n Again", "hello world again"},
		{"RT @Rights_Watch: Free them all", "free them all"},
		{"rt @a: RT @b : Free them all", "free them all"},
		{"RT @anna@example.social free", "free"},
		{"RT if you agree", "rt if you agree"},
		{"ART @x y", "art y"},
		{".@a and @b.example.org, (@c) mail d@example.org", "and mail d example org"},
		{"＠full width", "width"},
		{"see https://t.co/AbC123 and http://example.org/a?b=c#d.", "see and"},
		{"see (https://example.org/x_(y)) there", "see there"},
		{"glued.https://t.co/AbC wordhttps://t.co/AbC", "glued word"},
		{"pic.example.com/AbC www.example.org and/or example.org 1/2 e.g./x", "and or example org 1 2 e g x"},
		{"看https://t.co/AbC看这里", "看 看这里"},
		{"#Baku2015 #free_them＃now", "baku2015 free them now"},
		{"Don't—stop… “now”", "don t stop now"},
		{"go 🔥🔥🔥 go ❤\ufe0f 1\ufe0f\u20e3", "go go 1"},
		{"İSTANBUL ISTANBUL istanbul ıstanbul", "istanbul istanbul istanbul istanbul"},
		{"Azərbaycan XALQI, Şuşa", "azərbaycan xalqi şuşa"},
		{"حُرِّيَّةٌ للجميـــع", "حرية للجميع"},
		{"ＦＵＬＬ　ｗｉｄｔｈ", "full width"},
		{"ze\u200bro wi\u00addth\u2060", "zero width"},
		{"cafe\u0301 caf\u00e9 \u0301x", "café café x"},
		{"ﬁne Straße", "fine strasse"},
		{"bad\xffbyte \x00nul", "badbyte nul"},
		{"z\u0301\u0302\u0303\u0304\u0305\u0306\u0308\u030a\u030b\u030c\u030d\u030e", "ź\u0302\u0303\u0304\u0305\u0306\u0308\u030a"},
	} {
		if got := fold.Text(tt.text); got != tt.want {
			t.Errorf("Text(%+q) = %+q, want %+q", tt.text, got, tt.want)
		}
	}
}

func TestTextHash(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		same       bool
	}{
		{"variations", "RT @a: Free them ALL, now! https://t.co/a", "@b free them all now 🔥 https://t.co/b", true},
		{"keyboards", "Azərbaycan xalqı birlikdə güclüdür", "AZƏRBAYCAN XALQI BİRLİKDƏ GÜCLÜDÜR", true},
		{"vowel signs", "الحُرِّيَّةُ لِلسُّجَنَاءِ السياسيين الآن", "الحرية للسجناء السياسيين الآن", true},
		{"no blanks", "欢迎大家来到巴库观看比赛！", "欢迎大家来到巴库观看比赛", true},
		{"another word", "free them all tomorrow", "free them all today", false},
	} {
		a, okA := fold.TextHash(tt.a)
		b, okB := fold.TextHash(tt.b)
		if !okA || !okB {
			t.Errorf("%s: too short (%v, %v)", tt.name, okA, okB)
		}
		if (a == b) != tt.same {
			t.Errorf("%s: %q and %q, want equal: %v", tt.name, a, b, tt.same)
		}
	}
	for _, short := range []string{
		"", "good morning", "Happy birthday Leyla!!!", "#Baku2015 @a https://example.org/a 🔥", "a b c d e", "1 2 3 4 5 6 7",
		"早上好", "congratulations", "RT @a: so good",
	} {
		if id, ok := fold.TextHash(short); ok || id != "" {
			t.Errorf("TextHash(%q) = %q, want none", short, id)
		}
	}
	if id, _ := fold.TextHash("free them all today"); !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(id) {
		t.Errorf("TextHash gives %q, want 16 hex digits", id)
	}
	// Hashes are stored: a change here orphans what is.
	if id, _ := fold.TextHash("free them all today"); id != "ee5c8c32d4c8bf95" {
		t.Errorf("TextHash changed, it is %q", id)
	}
}

func TestTextIsBounded(t *testing.T) {
	for _, s := range []string{"a", "ə", "中", "a ", "ﷺ", "ə ", "i\u0307", "e\u0301", "\xff", "xə\u0301\u0323 "} {
		for shift := range 4 {
			long := strings.Repeat("b", shift) + strings.Repeat(s, 30_000)
			folded := fold.Text(long)
			if len(folded) > 64<<10 {
				t.Errorf("%q, repeated, folds to %d bytes", s, len(folded))
			}
			if fold.Text(folded) != folded {
				t.Errorf("%q, repeated after %d bytes, is not folded after folding", s, shift)
			}
		}
	}
}

// maxText is the longest text that a post may have, in bytes.
const maxText = 250_000

// Texts made to be costly must take linear time: each of these makes a search
// that looks ahead from every character, or back from every mark, quadratic.
func TestHostileTextsAreLinear(t *testing.T) {
	for _, s := range []string{
		"@", "@-", "@a.", "#", "a/#", "a.a/#", "a.", "http://", "http://#", "(#a)/", "rt @a ", "www.é", "-a.b/", "\u0301", "ꭰ\u0307", "&#", "x@",
	} {
		long := strings.Repeat(s, maxText/len(s))
		start := time.Now()
		for range fold.TagsIn(long) { //nolint:revive // the search is what takes time
		}
		fold.Text(long)
		// Linear time is some ten milliseconds, quadratic some minutes.
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q, repeated, takes %v", s, took)
		}
	}
}

func text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOf(rapid.OneOf(
			rapid.SampledFrom([]string{
				" ", "RT ", "rt", "@", "@a", ":", "https://", "www.", "t.co/", "a.bc/", "#", "word", "İ", "ı", "\u0307", "\u0301",
				"\u0345", "\u0640", "\u200b", "\u20e3", "🔥", "中", "ﷺ", "\u0f73", "\u3164", "ᄀ", "\u1161", "\u09c7", "\u09be", "Ꭰ", "ꭰ", "(", ")", "\xff",
			}),
			tagText(),
		)).Draw(t, "parts"), "")
	})
}

func checkFolded(t interface{ Fatalf(string, ...any) }, s string) {
	folded := fold.Text(s)
	if again := fold.Text(folded); again != folded {
		t.Fatalf("Text(%+q) = %+q, and of that %+q", s, folded, again)
	}
	for i, r := range folded {
		wordRune := unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl)
		blank := r == ' ' && i > 0 && i < len(folded)-1 && folded[i-1] != ' '
		if !wordRune && !blank || r == utf8.RuneError {
			t.Fatalf("Text(%+q) = %+q", s, folded)
		}
	}
}

func TestTextIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkFolded(t, text().Draw(t, "text")) })
}

func TestTextIgnoresWhatRingsVary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"azad", "sülh", "birlik", "حرية", "свобода", "ışıq", "中文"}), 4, 12).Draw(t, "words")
		words = append(words, "həmişə", "birlikdə")
		want, ok := fold.TextHash(strings.Join(words, " "))
		if !ok {
			t.Fatalf("%q is too short", words)
		}
		filler := rapid.SampledFrom([]string{" ", "  ", " 🔥 ", ", ", " @someone ", " https://t.co/AbC1 ", "\n", " — ", "\u200b \ufe0f"})
		b := strings.Builder{}
		b.WriteString(rapid.SampledFrom([]string{"", "RT @someone: ", "#", "@a @b "}).Draw(t, "start"))
		for _, w := range words {
			if rapid.Bool().Draw(t, "upper") {
				w = strings.ToUpper(w)
			}
			b.WriteString(w + filler.Draw(t, "filler"))
		}
		if got, _ := fold.TextHash(b.String()); got != want {
			t.Fatalf("TextHash(%+q) differs from that of %q: %q", b.String(), words, fold.Text(b.String()))
		}
	})
}

// FuzzText: a folded text is a fixed point made of letters, marks and digits
// with single blanks between them.
func FuzzText(f *testing.F) {
	for _, s := range []string{"RT @a: b", "https://a.bc/d(e)", "a\u0301\u20e3\u0307", "\u3164ᄀ\u1161", "ꭰᎠ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFolded(t, s) })
}

func BenchmarkTextHash(b *testing.B) {
	for _, bench := range []struct{ name, s string }{
		{"ASCII", "RT @someone: Opening ceremony tonight, and nobody talks about those who are not there #Baku2015 https://t.co/AbC123"},
		{"Azerbaijani", "Azərbaycan xalqı bu gün öz tarixini yazır, bütün dünya bizi izləyir! #Baku2015 https://t.co/AbC123 🔥🔥"},
		{"Arabic", "الحرية للسجناء السياسيين الآن، لا صمت بعد اليوم #باكو٢٠١٥ https://t.co/AbC123"},
		{"Marks", "الحُرِّيَّةُ لِلسُّجَنَاءِ السِّيَاسِيِّينَ الآنَ، لَا صَمْتَ بَعْدَ اليَوْمِ"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fold.TextHash(bench.s)
			}
		})
	}
}
