package blueskytest

import (
	"strings"

	"winnow/collectors/bluesky"
)

// Hostile implements collectortest.Platform. Each is a message of the old wire
// or of the new one; both are read by whoever reads either.
func (s *Server) Hostile() map[string][]byte {
	frame := func(record string) string {
		return `{"did":"` + author + `","time_us":1790000000000000,"cursor":1,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"` +
			bluesky.CollectionPost + `","rkey":"3khostile","record":` + record + `,"cid":"c"}}`
	}
	payload := func(inner string) string {
		return `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit",` + inner + `}}`
	}
	tag := "#" + s.o.Tag
	deep := strings.Repeat("[", 100_000)
	out := map[string]string{
		"empty":                 "",
		"blank":                 " ",
		"no JSON":               "Internal Server Error",
		"HTML":                  "<html><body>502</body></html>",
		"null":                  "null",
		"a number":              "17",
		"an array":              "[1,2,3]",
		"an empty object":       "{}",
		"cut off":               frame(`{"text":"` + tag + `"}`)[:60],
		"two in one":            frame(`{"text":"a"}`) + frame(`{"text":"b"}`),
		"deep nesting":          frame(`{"text":"` + tag + `","embed":` + deep + strings.Repeat("]", 100_000) + `}`),
		"deep and cut off":      frame(`{"text":"` + tag + `","embed":` + deep),
		"text is a number":      frame(`{"text":5,"tags":["` + s.o.Tag + `"]}`),
		"tags are an object":    frame(`{"text":"` + tag + `","tags":{"a":"b"}}`),
		"facets are a string":   frame(`{"text":"` + tag + `","facets":"many"}`),
		"embed is a list":       frame(`{"text":"` + tag + `","embed":[1]}`),
		"reply is a number":     frame(`{"text":"` + tag + `","reply":7}`),
		"record is a string":    frame(`"` + tag + `"`),
		"record is null":        frame(`null`),
		"half a surrogate":      frame(`{"text":"\ud83d ` + tag + `"}`),
		"a NUL":                 frame(`{"text":"\u0000 ` + tag + `"}`),
		"no UTF-8":              frame("{\"text\":\"\xff\xfe " + tag + "\"}"),
		"did is a number":       strings.Replace(frame(`{"text":"`+tag+`"}`), `"`+author+`"`, "7", 1),
		"time is a string":      strings.Replace(frame(`{"text":"`+tag+`"}`), "1790000000000000", `"now"`, 1),
		"time is negative":      strings.Replace(frame(`{"text":"`+tag+`"}`), "1790000000000000", "-5", 1),
		"time is year 60000":    strings.Replace(frame(`{"text":"`+tag+`"}`), "1790000000000000", "1831441204000000000", 1),
		"number is a fraction":  strings.Replace(frame(`{"text":"`+tag+`"}`), `"cursor":1`, `"cursor":1.5`, 1),
		"number is negative":    strings.Replace(frame(`{"text":"`+tag+`"}`), `"cursor":1`, `"cursor":-9`, 1),
		"unknown operation":     strings.Replace(frame(`{"text":"`+tag+`"}`), `"create"`, `"merge"`, 1),
		"no key":                strings.Replace(frame(`{"text":"`+tag+`"}`), `"3khostile"`, `""`, 1),
		"new wire: no time":     payload(`"did":"` + author + `","seq":1,"operation":"create","collection":"` + bluesky.CollectionPost + `","rkey":"a","record":{"text":"` + tag + `"}`),
		"new wire: seq a word":  payload(`"did":"` + author + `","seq":"one","time":"2026-06-12T18:00:05.000682Z"`),
		"new wire: no payload":  `{"$type":"message","payload":null}`,
		"new wire: bad notice":  `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#info","name":5}}`,
		"account is a list":     `{"did":"` + author + `","time_us":1790000000000000,"kind":"account","account":[]}`,
		"a tag of 100,000":      frame(`{"text":"","tags":["` + strings.Repeat("a", 100_000) + `"]}`),
		"a hundred thousand":    frame(`{"text":"` + tag + `","tags":["` + strings.Repeat(`a","`, 100_000) + `"]}`),
		"a megabyte":            frame(`{"text":"` + tag + " " + strings.Repeat("x", 1_000_000) + `"}`),
		"five megabytes":        frame(`{"text":"` + tag + " " + strings.Repeat("x", 5_000_000) + `"}`),
		"repost without a post": strings.Replace(frame(`{"subject":{"uri":17}}`), bluesky.CollectionPost, bluesky.CollectionRepost, 1),
	}
	raw := make(map[string][]byte, len(out))
	for name, message := range out {
		raw[name] = []byte(message)
	}
	return raw
}
