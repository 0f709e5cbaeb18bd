package blueskytest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"winnow/collectors/bluesky"
)

// event is one that happened on the made-up network.
type event struct {
	seq, timeUS      int64
	did, kind        string
	operation        string
	collection, rkey string
	rev              string
	record           string // JSON
	status           string // of an account; empty if it is active
}

func (e *event) uri() string { return "at://" + e.did + "/" + e.collection + "/" + e.rkey }

// encode writes an event as it stands on a wire.
func (e *event) encode(modern, unnumbered bool) []byte {
	at := time.UnixMicro(e.timeUS).UTC().Format("2006-01-02T15:04:05.000000Z")
	if modern {
		head := func(kind string) []byte {
			return fmt.Appendf(nil, `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#%s",`, kind)
		}
		if e.kind == "account" {
			return fmt.Appendf(head("account"), `"account":%s,"did":%q,"seq":%d,"time":%q}}`, e.account(at), e.did, e.seq, at)
		}
		b := head("commit")
		if e.record != "" {
			b = append(b, `"cid":"bafyreib7`+e.rkey+`",`...)
		}
		b = fmt.Appendf(b, `"collection":%q,"did":%q,"operation":%q,`, e.collection, e.did, e.operation)
		if e.record != "" {
			b = append(b, `"record":`+e.record+`,`...)
		}
		return fmt.Appendf(b, `"rev":%q,"rkey":%q,"seq":%d,"time":%q}}`, e.rev, e.rkey, e.seq, at)
	}
	b := fmt.Appendf(nil, `{"did":%q,"time_us":%d,`, e.did, e.timeUS)
	if !unnumbered {
		b = fmt.Appendf(b, `"cursor":%d,`, e.seq)
	}
	if e.kind == "account" {
		return fmt.Appendf(b, `"kind":"account","account":%s}`, e.account(at))
	}
	b = fmt.Appendf(b, `"kind":"commit","commit":{"rev":%q,"operation":%q,"collection":%q,"rkey":%q`, e.rev, e.operation, e.collection, e.rkey)
	if e.record != "" {
		b = append(b, `,"record":`+e.record+`,"cid":"bafyreib7`+e.rkey+`"`...)
	}
	return append(b, "}}"...)
}

func (e *event) account(at string) string {
	if e.status == "" {
		return fmt.Sprintf(`{"active":true,"did":%q,"seq":1,"time":%q}`, e.did, at)
	}
	return fmt.Sprintf(`{"active":false,"did":%q,"seq":1,"status":%q,"time":%q}`, e.did, e.status, at)
}

// postRecord returns the record of a post, with a facet for the tag if it has one.
func postRecord(text, tag string) string {
	record := map[string]any{
		"$type": bluesky.CollectionPost, "createdAt": "2026-01-01T00:00:00.000Z", "langs": []string{"en"}, "text": text,
	}
	if tag != "" {
		record["facets"] = []any{map[string]any{
			"features": []any{map[string]any{"$type": "app.bsky.richtext.facet#tag", "tag": tag}},
			"index":    map[string]int{"byteStart": len(text) - len(tag) - 1, "byteEnd": len(text)},
		}}
	}
	return mustJSON(record)
}

// pointer returns the record of a repost or like.
func pointer(collection, uri string) string {
	return mustJSON(map[string]any{
		"$type": collection, "createdAt": "2026-01-01T00:00:00.000Z",
		"subject": map[string]string{"cid": "bafyreib7subject", "uri": uri},
	})
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("blueskytest: " + err.Error())
	}
	return string(raw)
}

// rkey returns a record key like those of the network: 13 characters that sort
// by time.
func rkey(n int64) string {
	s := strconv.FormatInt(n, 32)
	const zeros = "3l00000000000"
	return zeros[:13-len(s)] + s
}
