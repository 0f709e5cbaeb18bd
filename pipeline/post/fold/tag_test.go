package fold_test

import (
	"maps"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post/fold"
)

func TestTagKeyMergesSpellings(t *testing.T) {
	for _, tt := range []struct {
		key       string
		spellings []string
	}{
		{"baku2015", []string{"#Baku2015", "baku2015", "#BAKU2015", "＃ＢＡＫＵ２０１５", "﹟baku2015", "#Ba\u200bku2015", " #baku2015 ", "\u200f#baku2015"}},
		{"baki2015", []string{"#Bakı2015", "#BAKI2015", "#bakİ2015", "#baki\u03072015", "#Baki2015"}},
		{"istanbul", []string{"#İstanbul", "#istanbul", "#ISTANBUL", "#ıstanbul", "#I\u0307stanbul", "#i\u0307stanbul"}},
		{"azərbaycan", []string{"#Azərbaycan", "#AZƏRBAYCAN", "#AzƏrbaycan"}},
		{"şuşa", []string{"#Şuşa", "#ŞUŞA", "#S\u0327us\u0327a"}},
		{"grosse_freiheit", []string{"#Große_Freiheit", "#GROSSE_FREIHEIT", "#GROẞE_Freiheit"}},
		{"οδος", []string{"#ΟΔΟΣ", "#οδος", "#οδοσ"}},
		{"باكو", []string{"#باكو", "#باكـــو", "#بَاكُو", "#ﺑﺎﻛﻮ", "\u202b#باكو"}},
		{"أحرار", []string{"#أحرار", "#ا\u0654حرار"}},
		{"میخواهم", []string{"#می\u200cخواهم", "#میخواهم"}},
		{"がんばれ", []string{"#がんばれ", "#か\u3099んばれ", "#か\u309bんばれ"}},
		{"カメラ", []string{"#カメラ", "#ｶﾒﾗ"}},
		{"자유", []string{"#자유", "#\u110c\u1161\u110b\u1172"}},
		{"l·l", []string{"#L·L", "#l\u0387l"}},
		{"🔥", []string{"🔥", "🔥\ufe0f"}},
		{"covid-19", []string{"#COVID-19", "covid-19"}},
	} {
		want := norm(tt.key)
		for _, s := range tt.spellings {
			if got := fold.TagKey(s); got != want {
				t.Errorf("TagKey(%+q) = %+q, want %+q", s, got, want)
			}
		}
	}
}

// norm gives final sigma, which folding replaces, its folded form in the
// expectations above, so that they stay readable.
func norm(s string) string { return strings.ReplaceAll(s, "ς", "σ") }

func TestTagKeyKeepsApart(t *testing.T) {
	keys := map[string]string{}
	for _, s := range []string{
		"baku", "baku_", "_baku", "bakü", "bäku", "аzad", "azad", // Cyrillic а
		"باكو", "باکو", "على", "علي", "ا", "أ", "عام٢٠١٥", "عام2015",
		"naïve", "naive", "ї", "і", "i",
	} {
		key := fold.TagKey(s)
		if other, ok := keys[key]; ok {
			t.Errorf("TagKey merges %q and %q as %q", s, other, key)
		}
		keys[key] = s
	}
}

func TestTagKeyRejects(t *testing.T) {
	for _, s := range []string{
		"", "#", "＃", "#2015", "#٢٠١٥", "#_", "#2015_", "##baku", "#baku#2015", "#free speech",
		"#baku.", "#\u200b", "#\ufe0f\u20e3", "#ba\u00a0ku", "#a\x00b", "#\xff", "#a\xffb", "a~b", "@baku",
		"#\u0301", strings.Repeat("a", 201), "#" + strings.Repeat("ə", 101), strings.Repeat("a\u0301", 5000), "ﷺ",
	} {
		if got := fold.TagKey(s); got != "" {
			t.Errorf("TagKey(%+.40q) = %q, want none", s, got)
		}
	}
	if long := strings.Repeat("a", 200); fold.TagKey(long) != long {
		t.Error("a key of 200 bytes must be accepted")
	}
}

func TestTagsIn(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"no tags", ""},
		{"#Baku2015", "Baku2015"},
		{"a #b, #c. (#d) \"#e\" '#f' ;#g/#h", "b c d e f g h"},
		{"＃ＢＡＫＵ and ﹟small", "ＢＡＫＵ small"},
		{"#2015 #20a #a20 #_a #_ #1_", "20a a20 _a"},
		{"a#b é#c я#d 1#e _#f &#g @#h -#i", "h i"},
		{"#a#b ##c #d##e", "c e"},
		{"#http://example.com #b", "b"},
		{"https://example.com/#a http://example.com/x#b #c", "c"},
		{"https://example.com/x?y=#a, example.org/#b www.example.org/#c", ""},
		{"(https://example.com/x)#a (https://example.com/x_(y)#b", "a"},
		{"HTTPS://EXAMPLE.COM/#a and/or/#b 1.5/#c e.g/#d", "b c d"},
		{"#\ufe0f\u20e3 #\u20e3a \ufe0f#a \ufe0e#b", "a b"},
		{"#Azərbaycan #Ilham'ın #Bakı-da", "Azərbaycan Ilham Bakı"},
		{"انظر #باكو_2015، #حرية!", "باكو_2015 حرية"},
		{"看#不 #中文。#日本語、#がんばれ", "中文 日本語 がんばれ"},
		{"#می\u200cخواهم", "می\u200cخواهم"},
		{"#l·l #ג׳ירף #ス・ポ", "l·l ג׳ירף ス・ポ"},
		{"#fire🔥 #🔥 #a-b #a+b", "fire a a"},
		{"#A #a #Á #á", "A a Á á"},
		{"#", ""},
		{"##", ""},
		{"# a", ""},
		{"#\xff #a\xffb", "a"},
		{"\xff#a", "a"},
	} {
		var spelled []string
		for _, spelling := range fold.TagsIn(tt.text) {
			spelled = append(spelled, spelling)
		}
		if got := strings.Join(spelled, " "); got != tt.want {
			t.Errorf("TagsIn(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// tagText draws strings of the characters that folding treats in special ways.
func tagText() *rapid.Generator[string] {
	return rapid.StringOf(rapid.OneOf(
		rapid.SampledFrom([]rune("iIıİ\u0307\u0323\u0301\u0345\u0640\u064e\u0651\u200b\u200dﬁﬀßẞςſK＃#_- \u0131\u0344\u0f73ﷺ\u309b\uff9e\uff5e\u20e3ᄀ\u1161\u11a8\u3164\u034f")),
		rapid.RuneFrom(nil, unicode.L, unicode.M, unicode.Cf),
		rapid.Rune(),
	))
}

func TestTagKeyIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := tagText().Draw(t, "s")
		key := fold.TagKey(s)
		if again := fold.TagKey(key); again != key {
			t.Fatalf("TagKey(%+q) = %+q, and of that %+q", s, key, again)
		}
	})
}

func TestTagKeyIsIdempotentForEachRune(t *testing.T) {
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Cf) || unicode.Is(unicode.Han, r) {
			continue
		}
		for _, s := range [...]string{"a" + string(r) + "b", "i" + string(r) + "\u0307"} {
			key := fold.TagKey(s)
			if again := fold.TagKey(key); again != key {
				t.Errorf("TagKey(%+q) = %+q, and of that %+q", s, key, again)
			}
		}
	}
}

func TestTagKeyIgnoresCaseAndInvisible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := "x" + rapid.StringOf(rapid.SampledFrom([]rune("abıiəşöçğübакوсحريةабв_12"))).Draw(t, "s")
		want := fold.TagKey(s)
		if want == "" {
			t.Fatalf("TagKey(%q) is empty", s)
		}
		var b strings.Builder
		b.WriteString(rapid.SampledFrom([]string{"", "#", "＃", "﹟"}).Draw(t, "mark"))
		for _, r := range s {
			if rapid.Bool().Draw(t, "upper") {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
			b.WriteString(rapid.SampledFrom([]string{"", "\u200b", "\u2060", "\ufe0f", "\u00ad"}).Draw(t, "unseen"))
		}
		if got := fold.TagKey(b.String()); got != want {
			t.Fatalf("TagKey(%+q) = %q, but TagKey(%q) = %q", b.String(), got, s, want)
		}
	})
}

func TestTagsInFindsWhatWasPosted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := "a" + rapid.StringOf(rapid.SampledFrom([]rune("bcıəB1_ب中"))).Draw(t, "word")
		before := rapid.SampledFrom([]string{"", " ", "(", "…", "\n", "!", "/"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", " ", ")", "…", "\n", "!", "🔥", "’s"}).Draw(t, "after")
		got := maps.Collect(fold.TagsIn(before + "#" + word + after))
		want := map[string]string{fold.TagKey(word): word}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// FuzzTagKey: a key is a fixed point, valid, bounded and free of blanks.
func FuzzTagKey(f *testing.F) {
	for _, s := range []string{"#Baku2015", "İ\u0307", "ﷺ", "\xff", "a\u0301\u0323", "か\u309b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := fold.TagKey(s)
		if again := fold.TagKey(key); again != key {
			t.Fatalf("TagKey(%+q) = %+q, and of that %+q", s, key, again)
		}
		if len(key) > 200 || !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsSpace) {
			t.Fatalf("TagKey(%+q) = %+q", s, key)
		}
	})
}

// FuzzTagsIn: every tag stands in the text as spelled and has its key.
func FuzzTagsIn(f *testing.F) {
	for _, s := range []string{"#a #b", "https://example.com/#a", "＃ａ#b", "x.yz/(#a", "#\ufe0f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for key, spelling := range fold.TagsIn(text) {
			if !strings.Contains(text, spelling) || key == "" || key != fold.TagKey(spelling) {
				t.Fatalf("TagsIn(%+q) gives %q, spelled %q", text, key, spelling)
			}
		}
	})
}

func BenchmarkTagKey(b *testing.B) {
	for _, bench := range []struct{ name, s string }{
		{"ASCIILower", "baku2015"},
		{"ASCIIMixed", "#Baku2015"},
		{"Azerbaijani", "#AzərbaycanBakı"},
		{"Arabic", "#باكو_2015"},
		{"FullWidth", "＃ＢＡＫＵ２０１５"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fold.TagKey(bench.s)
			}
		})
	}
}

func BenchmarkTagsIn(b *testing.B) {
	for _, bench := range []struct{ name, s string }{
		{"None", "The opening ceremony of the games starts tonight, and nobody talks about those who are not there."},
		{"Three", "Opening ceremony tonight #Baku2015 #FreeThemAll see https://example.org/baku/#top and #Azərbaycan"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range fold.TagsIn(bench.s) { //nolint:revive // the search is what is measured
				}
			}
		})
	}
}
