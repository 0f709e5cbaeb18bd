package words

import (
	"winnow/pipeline/post"
)

// spelling is a hashtag as it stands in a text, and as a tag.
type spelling struct {
	Text string
	Tag  post.Tag
}

// tagbook is every spelling used, in groups.
type tagbook struct {
	All    []spelling
	Main   [Languages][]uint8 // the campaign's tag, repeated by weight
	Co     [Daily + 1][]uint8
	Native [Languages][]uint8
	Free   uint8
	FreeCo []uint8
	Praise []uint8
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
				i = uint8(len(t.All))
				sp := spelling{Text: mark + s}
				if tags := post.NewTags(s); len(tags) == 1 {
					sp.Tag = tags[0]
				}
				t.All = append(t.All, sp)
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
	for l := range t.Main {
		t.Main[l] = add(common...)
	}
	t.Main[AZ] = append(t.Main[AZ], add("Bakı2015", "Bakı2015", "Bakı2015", "bakı2015", "BAKI2015")...)
	t.Main[TR] = append(t.Main[TR], add("Bakü2015", "Bakı2015", "BAKÜ2015")...)
	t.Main[RU] = append(t.Main[RU], add("Баку2015", "Баку2015", "баку2015")...)
	t.Main[AR] = append(t.Main[AR], add("باكو2015", "باكو٢٠١٥")...)
	t.Co[Sport] = add("EuropeanGames", "europeangames", "EG2015", "wrestling", "judo", "TeamSpirit")
	t.Co[Rights] = add("HumanRights", "FreeVoices", "PoliticalPrisoners", "FreeVoicesBaku", "RealBaku", "freevoices")
	t.Co[Pride] = add("ProudCity", "EuropeanGames", "Azerbaijan", "HelloBaku")
	t.Co[Daily] = add("traffic", "tickets", "EuropeanGames", "weather")
	t.Native[EN] = add("BakuGames")
	t.Native[AZ] = add("AvropaOyunları", "Azərbaycan", "İdman", "IDMAN")
	t.Native[TR] = add("AvrupaOyunları", "Azerbaycan", "Spor")
	t.Native[RU] = add("ЕвропейскиеИгры", "Азербайджан")
	t.Native[DE] = add("Europaspiele", "Aserbaidschan")
	t.Native[AR] = add("أذربيجان", "الألعاب_الأوروبية")
	t.Free = add("FreeVoicesBaku")[0]
	t.FreeCo = add("FreeVoices", "HumanRights", "FREEVOICESBAKU")
	t.Praise = add("ProudCity", "HelloBaku", "BestGamesEver")
	return t
}
