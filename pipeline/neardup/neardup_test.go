package neardup

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// place puts texts into a new index, in order, and returns their clusters, 0
// for what is too short.
func place(texts ...string) []uint64 {
	x := NewIndex(Limits{})
	var s Sketch
	var ids []uint64
	for i, text := range texts {
		id := uint64(0)
		if s.Of(text) {
			id, _ = x.Place(&s, int64(i))
		}
		ids = append(ids, id)
	}
	return ids
}

const (
	english     = "The harbour council quietly sold our last public beach to a hotel chain, and nobody asked the fishermen"
	russian     = "Городской совет тихо продал последний общественный пляж сети отелей, и никто не спросил рыбаков"
	azerbaijani = "Şəhər şurası son ictimai çimərliyi səssizcə otel şirkətinə satdı və heç kim balıqçılardan soruşmadı"
	arabic      = "باع مجلس المدينة آخر شاطئ عام لسلسلة فنادق بصمت ولم يسأل أحد الصيادين عن رأيهم"
	hindi       = "नगर परिषद ने चुपचाप आखिरी सार्वजनिक समुद्र तट एक होटल कंपनी को बेच दिया और किसी ने मछुआरों से नहीं पूछा"
	chinese     = "市议会悄悄把最后一片公共海滩卖给了一家连锁酒店，没有人问过渔民的意见"
	japanese    = "市議会は最後の公共ビーチをホテルチェーンにこっそり売却し、漁師には誰も尋ねなかった"
	thai        = "สภาเมืองแอบขายชายหาดสาธารณะแห่งสุดท้ายให้กับเครือโรงแรมโดยไม่มีใครถามชาวประมงเลย"
)

func TestCopies(t *testing.T) {
	short := "Port workers refuse to load the ship"
	for _, tc := range []struct{ name, a, b string }{
		{"link", english, english + " https://example.org/a?b=c"},
		{"link in front, glued", english, "https://example.org/a\n" + english + "."},
		{"mentions in front", english, "@anna @ben.example.org " + english},
		{"mention within", english, strings.Replace(english, "sold", "@anna sold", 1)},
		{"emoji", english, "🔥🔥 " + strings.Replace(english, " sold", " 👍 sold", 1) + " 🇦🇿"},
		{"punctuation", english, strings.ReplaceAll(strings.Replace(english, ",", " --", 1), " our", " 'our'") + "!!!"},
		{"case", english, strings.ToUpper(english)},
		{"Cyrillic letters", english, strings.NewReplacer("a", "а", "o", "о", "e", "е", "c", "с", "p", "р").Replace(english)},
		{"Cyrillic capitals", strings.ToUpper(english), strings.NewReplacer("B", "В", "H", "Н", "T", "Т", "K", "К", "M", "М", "I", "І").Replace(strings.ToUpper(english))},
		{"Greek letters", english, strings.NewReplacer("a", "α", "o", "ο", "v", "ν").Replace(english)},
		{"Armenian letters", english, strings.NewReplacer("o", "օ", "u", "ս", "h", "հ").Replace(english)},
		{"Latin letters in Cyrillic", russian, strings.NewReplacer("а", "a", "о", "o", "е", "e", "с", "c", "р", "p").Replace(russian)},
		{"capital I for l", english, strings.ReplaceAll(english, "l", "I")},
		{"digits for letters", english, strings.NewReplacer("coun", "c0un", "public", "pub1ic").Replace(english)},
		{"fullwidth", english, fullwidth(english)},
		{"mathematical", english, mathematical(english)},
		{"invisible", english, strings.ReplaceAll(english, "e", "e\u200b\u2060")},
		{"combining marks", english, strings.NewReplacer("e", "e\u0336", "o", "o\u0308").Replace(english)},
		{"no accents", azerbaijani, strings.NewReplacer("ş", "s", "Ş", "S", "ç", "c", "ı", "i", "ğ", "g", "ə", "e").Replace(azerbaijani)},
		{"hashtags behind", english + " #Harbour #Beach", english + " #Beach #Sea #Harbour #Now"},
		{"hashtags in front", english, "#Beach#Sea ＃Harbour " + english},
		{"hashtags, links, mentions mixed", english, "#Beach @anna https://example.org " + english + ".#Sea https://example.org @ben !! #Now"},
		{"repost mark", english, "RT @anna: #Now " + english},
		{"phrase in front", english, "Read this now!! " + english},
		{"phrase behind", english, english + " - share before they delete it"},
		{"cut", english, strings.Join(strings.Fields(english)[:11], " ")},
		{"cut with dots", english, strings.Join(strings.Fields(english)[:12], " ") + " …"},
		{"cut within a word", english, strings.Join(strings.Fields(english)[:12], " ")[:60] + "… https://example.org/1"},
		{"cut one first", strings.Join(strings.Fields(english)[:12], " "), english},
		{"short, cut", short, "Port workers refuse to load..."},
		{"short, with a phrase", short, "Just in: " + short + " @anna"},
		{"words replaced", english, strings.NewReplacer("quietly", "secretly", "hotel", "casino", "nobody", "no one").Replace(english)},
		{"words swapped", english, strings.Replace(english, "council quietly", "quietly council", 1)},
		{"one of eight replaced", short + " today", strings.Replace(short, "ship", "boat", 1) + " today"},
		{"counter in a long text", english + " 1024 signed", english + " 2048 signed"},
		{"counter behind", short + " (1)", short},
		{"Arabic digits", short + " at 12", short + " at ١٢"},
		{"Russian", russian, "Внимание! " + strings.Replace(russian, "тихо", "тайно", 1) + " #пляж"},
		{"Azerbaijani", azerbaijani, strings.ToUpper(strings.Replace(azerbaijani, "otel", "mehmanxana", 1)) + " #çimərlik"},
		{"Arabic", arabic, "#شاطئ " + strings.NewReplacer("ي", "ی", "آ", "ا", "ن", "نـ").Replace(arabic)},
		{"Hindi", hindi, hindi + " #समुद्र https://example.org"},
		{"Hindi, cut", hindi, strings.Join(strings.Fields(hindi)[:14], " ") + "…"},
		{"Chinese", chinese, "#海滩 " + strings.Replace(chinese, "，", " 🔥 ", 1) + "！ https://example.org"},
		{"Chinese, words replaced", chinese, strings.NewReplacer("悄悄", "偷偷", "渔民", "居民").Replace(chinese)},
		{"Chinese, cut", chinese, string([]rune(chinese)[:22]) + "…"},
		{"Japanese, word replaced", japanese, strings.Replace(japanese, "こっそり", "静かに", 1)},
		{"Thai", thai, thai + " #ทะเล"},
		{"Thai, cut", thai, string([]rune(thai)[:55])},
		{"Thai, word replaced", thai, strings.Replace(thai, "สุดท้าย", "เดียว", 1)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if ids := place(tc.a, tc.b); ids[0] == 0 || ids[0] != ids[1] {
				t.Errorf("%x\n%s\n%s", ids, tc.a, tc.b)
			}
		})
	}
}

func TestNoCopies(t *testing.T) {
	for _, tc := range []struct{ name, a, b string }{
		{"template's beginning", "Join us at the town hall on Friday for an evening of songs", "Join us at the old mill on Sunday for a talk about wool"},
		{"boilerplate", "New on our blog: how bees find their way home in the rain", "New on our blog: why the old clock tower stopped at noon"},
		{"topic", "Harbour council sells last public beach to hotel chain", "Fishermen protest as public beach goes to hotel chain"},
		{"other numbers", "Welcome to day 3 of our meeting, talk 4 starts now", "Welcome to day 3 of our meeting, talk 5 starts now"},
		{"numbers swapped", "Our team won 3 to 1 against the visitors", "Our team won 1 to 3 against the visitors"},
		{"half", strings.Join(strings.Fields(english)[:9], " "), english},
		{"same beginning, other end", english[:50] + "gave its old library a new roof and brighter lamps", english},
		{"five words and a sixth", "Port workers refuse to load ships", "Port workers refuse to load trains"},
		{"four of six words", "Looking forward to this", "Really looking forward to this talk"},
		{"four of five words", "Port workers refuse overtime", "Port workers refuse overtime today"},
		{"opposite order", "one two three four five six seven eight", "eight seven six five four three two one"},
		{"Chinese", chinese, "市议会昨天宣布将在老城区修建一座新的公共图书馆，市民可以免费使用"},
		{"Thai", thai, "สภาเมืองประกาศเมื่อวานนี้ว่าจะสร้างห้องสมุดแห่งใหม่ในย่านเมืองเก่าให้ประชาชนใช้ฟรี"},
		{"Russian", russian, "Городской совет вчера объявил о строительстве новой библиотеки в старом городе"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if ids := place(tc.a, tc.b); ids[0] == 0 || ids[1] == 0 || ids[0] == ids[1] {
				t.Errorf("%x\n%s\n%s", ids, tc.a, tc.b)
			}
		})
	}
}

func TestTooShort(t *testing.T) {
	var s Sketch
	for _, text := range []string{
		"", " ", "Good morning everyone", "#FreeThem", "#Free #Them #All #Now #And #Here", "@anna @ben @carl @dora @emil",
		"https://example.org/a/long/path/of/many/words", "wow!!! https://example.org #Now", "🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥",
		"ha ha ha ha ha ha ha ha ha", "go go team go go team go go team", "a b c d e", "12 34 56 78 90 11 22 33", "早上好大家", "สวัสดี",
		"哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈", "\xff\xfe\xfd", "RT @anna: #Now",
	} {
		if s.Of(text) {
			t.Errorf("%q is long enough", text)
		}
	}
	for _, text := range []string{"Port workers refuse overtime", english, chinese, thai, arabic, hindi, "#Now Port workers refuse overtime @anna"} {
		if !s.Of(text) {
			t.Errorf("%q is too short", text)
		}
	}
}

func TestWords(t *testing.T) {
	var s Sketch
	for _, tc := range []struct {
		text string
		want int
	}{
		{"Port workers refuse overtime", 4},
		{"#Now @anna Port workers refuse https://example.org overtime #Now #Here", 4},
		{"Port workers in #Harbour refuse overtime", 6},
		{"very very very long winded speech", 4},
		{"市议会悄悄把最后一片公共海滩卖", 7},
		{"日本語とEnglishを混ぜた長めの文章です", 8},
		{strings.Repeat("all these different words again and ", 80), 100},
	} {
		s.Of(tc.text)
		if got := s.Words(); got != tc.want {
			t.Errorf("%q has %d words, want %d", tc.text, got, tc.want)
		}
	}
}

// Ids are stored and compared across machines: they are half of the SHA-256 of
// the founding text's words.
func TestID(t *testing.T) {
	for text, words := range map[string]string{
		"Port WORKERS refuse überzeit!! #Now": "port workers refuse uberzelt",
		"Пор1 не грузит 15 кораблей сегодня":  "\u03c0op1 he rpy\u025c\u0438t 15 kopa\u0431\u043be\u0438 cero\u0434h\u044f",
	} {
		var s Sketch
		if !s.Of(text) {
			t.Fatalf("%q is too short", text)
		}
		id, copied := NewIndex(Limits{}).Place(&s, 0)
		sum := sha256.Sum256([]byte(words))
		if want := binary.BigEndian.Uint64(sum[:]); id != want || copied {
			t.Errorf("id of %q is %x, %v; want %x", text, id, copied, want)
		}
	}
}

func fullwidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func mathematical(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + '𝐚'
		}
		return r
	}, s)
}

// A sketch that was written and read is the same, and what follows it stays.
func TestSketchAppendRead(t *testing.T) {
	var s, back Sketch
	for _, text := range []string{"", "seven words are enough to be copied", strings.Repeat("many and more words ", 80), "言葉を分けない文章はこのように書かれている"} {
		copied := s.Of(text)
		if rest := back.Read(string(append(s.Append(nil), "rest"...))); rest != "rest" {
			t.Errorf("%.20q: %q is left", text, rest)
		}
		if back.sum != s.sum || back.words != s.words || back.dense != s.dense || !slices.Equal(back.tokens, s.tokens) {
			t.Errorf("%.20q (copyable %t) comes back as another sketch", text, copied)
		}
	}
}
