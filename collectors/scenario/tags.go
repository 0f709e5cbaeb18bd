package scenario

import (
	"winnow/pipeline/post"
)

// spelling is a hashtag as it stands in a text, and as a tag.
type spelling struct {
	text string
	tag  post.Tag
}

// tagbook is every spelling used, in groups.
type tagbook struct {
	all    []spelling
	main   [languages][]uint8 // the campaign's tag, repeated by weight
	co     [talkDaily + 1][]uint8
	native [languages][]uint8
	free   uint8
	freeCo []uint8
	praise []uint8
}

func newTagbook() *tagbook {
	t := &tagbook{}
	known := map[string]uint8{}
	add := func(posted ...string) []uint8 {
		var out []uint8
		for _, s := range posted {
			i, ok := known[s]
			if !ok {
				mark := "#"
				if s[0] >= 0x80 && s[0] == 0xef { // full-width letters bear a full-width mark
					mark = "＃"
				}
				i = uint8(len(t.all))
				sp := spelling{text: mark + s}
				if tags := post.NewTags(s); len(tags) == 1 {
					sp.tag = tags[0]
				}
				t.all = append(t.all, sp)
				known[s] = i
			}
			out = append(out, i)
		}
		return out
	}
	common := []string{
		"Baku2015", "Baku2015", "Baku2015", "Baku2015", "Baku2015", "Baku2015", "Baku2015", "Baku2015", "Baku2015",
		"Baku2015", "baku2015", "baku2015", "baku2015", "BAKU2015", "bAKU2015", "ＢＡＫＵ２０１５",
	}
	for l := range t.main {
		t.main[l] = add(common...)
	}
	t.main[az] = append(t.main[az], add("Bakı2015", "Bakı2015", "Bakı2015", "bakı2015", "BAKI2015")...)
	t.main[tr] = append(t.main[tr], add("Bakü2015", "Bakı2015", "BAKÜ2015")...)
	t.main[ru] = append(t.main[ru], add("Баку2015", "Баку2015", "баку2015")...)
	t.main[ar] = append(t.main[ar], add("باكو2015", "باكو٢٠١٥")...)
	t.co[talkSport] = add("EuropeanGames", "europeangames", "EG2015", "wrestling", "judo", "TeamSpirit")
	t.co[talkRights] = add("HumanRights", "FreeVoices", "PoliticalPrisoners", "FreeVoicesBaku", "RealBaku", "freevoices")
	t.co[talkPride] = add("ProudCity", "EuropeanGames", "Azerbaijan", "HelloBaku")
	t.co[talkDaily] = add("traffic", "tickets", "EuropeanGames", "weather")
	t.native[en] = add("BakuGames")
	t.native[az] = add("AvropaOyunları", "Azərbaycan", "İdman", "IDMAN")
	t.native[tr] = add("AvrupaOyunları", "Azerbaycan", "Spor")
	t.native[ru] = add("ЕвропейскиеИгры", "Азербайджан")
	t.native[de] = add("Europaspiele", "Aserbaidschan")
	t.native[ar] = add("أذربيجان", "الألعاب_الأوروبية")
	t.free = add("FreeVoicesBaku")[0]
	t.freeCo = add("FreeVoices", "HumanRights", "FREEVOICESBAKU")
	t.praise = add("ProudCity", "HelloBaku", "BestGamesEver")
	return t
}
