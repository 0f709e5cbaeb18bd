package streaming

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

func TestParseMessage(t *testing.T) {
	for in, want := range map[string]Message{
		`{"stream":["hashtag","Bakı2015"],"event":"update","payload":"{\"id\":\"1\"}"}`: {Tag: "baki2015", Event: Update, Payload: []byte(`{"id":"1"}`)},
		`{"stream":["hashtag"],"event":"delete","payload":"112"}`:                       {Event: Delete, Payload: []byte("112")},
		`{"event":"update","payload":{"id":"1"}}`:                                       {Event: Update, Payload: []byte(`{"id":"1"}`)},
		`{"event":"update","payload":7}`:                                                {Event: Update, Payload: []byte("7")},
		`{"event":"filters_changed"}`:                                                   {Event: "filters_changed"},
		`{"stream":7,"event":"x","payload":null}`:                                       {Event: "x", Payload: []byte("null")},
		`{"stream":[1,2],"event":"x"}`:                                                  {Event: "x"},
		`{"error":"Unknown stream type","status":400}`:                                  {Refused: "Unknown stream type", Status: 400},
		`{"error":"No","status":"x"}`:                                                   {Refused: "No"},
	} {
		got, err := ParseMessage([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", in, diff)
		}
	}
	for in, want := range map[string]post.Reason{
		"": wire.NotJSON, "x": wire.NotJSON, "[1]": wire.WrongType, "7": wire.WrongType, "null": wire.UnknownShape,
		`{"event":7}`: wire.UnknownShape, `{"payload":"1"}`: wire.UnknownShape, `{"error":{}}`: wire.UnknownShape, "{\"event\":\"\xff\"}": post.BadUTF8,
	} {
		_, err := ParseMessage([]byte(in))
		if r, ok := errors.AsType[*wire.Reject](err); !ok || r.Reason != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

// A message that is understood has an event or a refusal, never both, and every
// error is a *wire.Reject.
func FuzzParseMessage(f *testing.F) {
	f.Add([]byte(`{"stream":["hashtag","a"],"event":"update","payload":"{}"}`))
	f.Add([]byte(`{"error":"x","status":401}`))
	f.Add([]byte(`{"event":"update","payload":{"a":[1,{}]},"stream":["a",7]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseMessage(raw)
		if err != nil {
			if _, ok := errors.AsType[*wire.Reject](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if (m.Event == "") == (m.Refused == "") {
			t.Fatalf("event %q and refusal %q", m.Event, m.Refused)
		}
		if !utf8.ValidString(m.Event) || !utf8.ValidString(m.Tag) {
			t.Fatalf("invalid text in %+v", m)
		}
	})
}
