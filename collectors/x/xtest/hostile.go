package xtest

import "strings"

// Hostile returns messages that are wrong.
func (s *Server) Hostile() map[string][]byte {
	const good = `"id":"1700000000000000001","author_id":"12","created_at":"2023-09-01T00:00:00.000Z"`
	const old = `"id":1700000000000000001,"id_str":"1700000000000000001","retweet_count":0,` +
		`"created_at":"Fri Sep 01 00:00:00 +0000 2023"`
	all := map[string]string{
		"no JSON":                  `not at all`,
		"cut JSON":                 `{"data":{"id":"17`,
		"two values":               `{"data":{}} {"data":{}}`,
		"number":                   `12`,
		"null":                     `null`,
		"text":                     `"text"`,
		"list":                     `[1,2,3]`,
		"empty object":             `{}`,
		"unknown":                  `{"weather":{"degrees":"many"}}`,
		"deep nesting":             `{"data":` + strings.Repeat(`[`, 50_000) + strings.Repeat(`]`, 50_000) + `}`,
		"NUL":                      "{\"data\":{" + good + ",\"text\":\"a\x00b\"}}",
		"no UTF-8":                 "{\"data\":{" + good + ",\"text\":\"\xff\xfe\"}}",
		"v2 data is text":          `{"data":"post"}`,
		"v2 data is a number":      `{"data":7}`,
		"v2 wrong types":           `{"data":{"id":{"a":1},"text":[1,2],"author_id":5,"entities":"none"}}`,
		"v2 no id":                 `{"data":{"text":"whose?"}}`,
		"v2 absurd time":           `{"data":{"id":"1","author_id":"2","text":"t","created_at":"9999-12-31T23:59:59Z"}}`,
		"v2 no time":               `{"data":{"id":"1","author_id":"2","text":"t","created_at":"soon"}}`,
		"v2 negative figures":      `{"data":{` + good + `,"text":"t","public_metrics":{"like_count":-5}}}`,
		"v2 includes wrong":        `{"data":{` + good + `,"text":"t"},"includes":{"users":{"id":"1"}}}`,
		"v2 errors are text":       `{"errors":"no"}`,
		"v2 errors are empty":      `{"errors":[{}]}`,
		"v2 a megabyte":            `{"data":{` + good + `,"text":"` + strings.Repeat("a", 1<<20) + `"}}`,
		"v1 wrong types":           `{"id":1,"retweet_count":"NaN","text":5}`,
		"v1 user is text":          `{` + old + `,"text":"t","user":"me"}`,
		"v1 no user":               `{` + old + `,"text":"t"}`,
		"v1 absurd time":           `{"id":1,"retweet_count":0,"text":"t","created_at":"yesterday","user":{"id":3}}`,
		"v1 negative figures":      `{` + old + `,"text":"t","user":{"id":3,"screen_name":"x","followers_count":-1}}`,
		"v1 a megabyte":            `{` + old + `,"text":"` + strings.Repeat("a", 1<<20) + `","user":{"id":3}}`,
		"v1 delete is null":        `{"delete":null}`,
		"v1 delete without status": `{"delete":{"status":null}}`,
		"v1 delete of nothing":     `{"delete":{"status":{"id":0}}}`,
		"v1 limit is null":         `{"limit":null}`,
		"v1 limit is negative":     `{"limit":{"track":-1}}`,
		"v1 direct message":        `{"direct_message":null}`,
		"v1 friends are text":      `{"friends":"all"}`,
		"v1 warning is a number":   `{"warning":5}`,
		"v1 event":                 `{"event":[]}`,
		"v1 withheld":              `{"status_withheld":0,"user_withheld":0}`,
		"v1 scrub":                 `{"scrub_geo":"here"}`,
	}
	out := make(map[string][]byte, len(all))
	for name, text := range all {
		out[name] = []byte(text)
	}
	return out
}
