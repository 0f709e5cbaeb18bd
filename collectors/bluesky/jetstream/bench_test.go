package jetstream

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/collectors/bluesky/sieve"
	"winnow/collectors/bluesky/track"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// frames returns frames of the new wire in the mix that the source asks for,
// or with all collections; one in a thousand posts is of the campaign.
func frames(n int, everything bool) [][]byte {
	dice := rand.New(rand.NewPCG(7, 7))
	words := strings.Fields("the a of and to in morning train late again nobody minded rain coffee warm politics music game score winter dog photo thread question today")
	foreign := []string{"今日は雨でした。コーヒーを飲みます！", "❤️ so good 😂", "café “olé” — naïve…", "доброе утро всем", "günaydın arkadaşlar", "¡qué día!", "bom dia, gente", "오늘 날씨가 좋네요"}
	did := func() string { return fmt.Sprintf("did:plc:%024x", dice.Uint64()) }
	var out [][]byte
	for i := 0; len(out) < n; i++ {
		at := time.UnixMicro(1_790_000_000_000_000 + int64(i)*2000).UTC().Format("2006-01-02T15:04:05.000000Z")
		collection, record := "app.bsky.feed.post", ""
		switch d := dice.IntN(100); {
		case d < 12:
			var b strings.Builder
			for range 5 + dice.IntN(35) {
				b.WriteString(words[dice.IntN(len(words))] + " ")
			}
			if dice.IntN(100) < 35 {
				b.WriteString(foreign[dice.IntN(len(foreign))])
			}
			facets := ""
			if dice.IntN(1000) == 0 {
				b.WriteString(" #Baku2015")
				facets = `,"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"Baku2015"}],"index":{"byteEnd":9,"byteStart":0}}]`
			}
			reply := ""
			if dice.IntN(2) == 0 {
				uri := `{"cid":"bafyreib` + strings.Repeat("a", 51) + `","uri":"at://` + did() + `/app.bsky.feed.post/3mptbyplj5d2a"}`
				reply = `,"reply":{"parent":` + uri + `,"root":` + uri + `}`
			}
			record = `{"$type":"app.bsky.feed.post","createdAt":"2026-07-04T14:38:06.240Z"` + facets + `,"langs":["en"]` + reply + `,"text":"` + b.String() + `"}`
		case d < 27:
			collection = "app.bsky.feed.repost"
			record = `{"$type":"app.bsky.feed.repost","createdAt":"2026-07-04T14:38:06.240Z","subject":{"cid":"bafyreib` + strings.Repeat("a", 51) + `","uri":"at://` + did() + `/app.bsky.feed.post/3mptbyplj5d2a"}}`
		case everything:
			collection = "app.bsky.feed.like"
			record = `{"$type":"app.bsky.feed.like","createdAt":"2026-07-04T14:38:06.240Z","subject":{"cid":"bafyreib` + strings.Repeat("a", 51) + `","uri":"at://` + did() + `/app.bsky.feed.post/3mptbyplj5d2a"}}`
		default:
			continue
		}
		out = append(out, fmt.Appendf(nil, `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","cid":"bafyreib%s","collection":%q,"did":%q,"operation":"create","record":%s,"rev":"3mptbypluud2a","rkey":"3mptbyplj%04x","seq":%d,"time":%q}}`,
			strings.Repeat("b", 51), collection, did(), record, i%0x10000, i+1, at))
	}
	return out
}

func benchIntake(tb testing.TB) *intake {
	tb.Helper()
	campaigns := []campaign.Campaign{{
		Name: "c", Tags: []string{"Baku2015", "FreeThemAll", "azərbaycan", "#HumanRights"},
		Terms:     []string{"political prisoners", "press freedom"},
		Protected: []campaign.Protected{{Account: "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"}},
	}}
	m, err := campaign.NewMatcher(campaigns)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := track.New(0, 0)
	if err != nil {
		tb.Fatal(err)
	}
	seen, err := newRecent()
	if err != nil {
		tb.Fatal(err)
	}
	return &intake{
		metrics: newMetrics(nil, set, nil),
		sieve:   sieve.New(campaigns, nil), set: set, matcher: m, recent: seen,
		log: slog.New(slog.NewTextHandler(io.Discard, nil)), now: time.Now,
	}
}

// BenchmarkIntake measures frames through sieve, decoder and matcher, in the mix
// that the server is asked for and in that of the whole network, plain and
// compressed; and beside it encoding/json, reading the same frames into any.
func BenchmarkIntake(b *testing.B) {
	for _, mix := range []struct {
		name string
		all  bool
	}{{"asked", false}, {"firehose", true}} {
		mixed := frames(20_000, mix.all)
		b.Run(mix.name+"/plain", func(b *testing.B) { benchFrames(b, mixed, nil) })
		b.Run(mix.name+"/zstd", func(b *testing.B) {
			zw, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderDict(benchDict(b, mixed)))
			if err != nil {
				b.Fatal(err)
			}
			packed := make([][]byte, len(mixed))
			for i, f := range mixed {
				packed[i] = zw.EncodeAll(f, nil)
			}
			zr, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderDicts(benchDict(b, mixed)), zstd.WithDecoderLowmem(true))
			if err != nil {
				b.Fatal(err)
			}
			defer zr.Close()
			benchFrames(b, packed, zr)
		})
		b.Run(mix.name+"/encoding-json", func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				var v any
				if err := json.Unmarshal(mixed[i%len(mixed)], &v); err != nil {
					b.Fatal(err)
				}
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
		})
	}
}

func benchDict(b *testing.B, frames [][]byte) []byte {
	b.Helper()
	var history []byte
	for _, f := range frames[:60] {
		history = append(history, f...)
	}
	dict, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 40_000, Contents: frames[:200], History: history, Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedFastest})
	if err != nil {
		b.Fatal(err)
	}
	return dict
}

func benchFrames(b *testing.B, frames [][]byte, zr *zstd.Decoder) {
	in := benchIntake(b)
	var room []byte
	b.ReportAllocs()
	matched, i := 0, 0
	for b.Loop() {
		frame := frames[i%len(frames)]
		i++
		if zr != nil {
			var err error
			if room, err = zr.DecodeAll(frame, room[:0]); err != nil {
				b.Fatal(err)
			}
			frame = room
		}
		ev, err := in.take(frame)
		if err != nil || ev.timeUS == 0 {
			b.Fatal(ev, err)
		}
		matched += len(ev.posts)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	if b.N >= len(frames) && matched == 0 {
		b.Fatal("no post of the campaign came through")
	}
	runtime.KeepAlive(in)
}

// BenchmarkHeap reports the live heap of a source that follows as many posts as
// it may.
func BenchmarkHeap(b *testing.B) {
	before := heap()
	in := benchIntake(b)
	for i := range track.DefaultPosts {
		in.set.Add(&post.Post{
			ID: fmt.Sprintf("at://did:plc:%024x/app.bsky.feed.post/3mpt%09d", i%50_000, i), Kind: post.Original,
			Text: strings.Repeat("some words of a post ", 7), Lang: "en", PostedAt: time.UnixMilli(int64(i)),
			Tags: []post.Tag{{Key: "baku2015", Posted: "Baku2015"}}, Links: []string{"https://rights.example/report/of/the/year"},
		})
	}
	for b.Loop() {
		in.set.Has([]byte("at://did:plc:x/app.bsky.feed.post/3k"))
	}
	b.ReportMetric(float64(heap()-before)/1e6, "MB-live")
	runtime.KeepAlive(in)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// FuzzTake: whatever a frame is, on either wire, it does not end the process;
// every post that comes of it passes its check, and is of the campaign or edited.
func FuzzTake(f *testing.F) {
	for _, frame := range frames(20, true) {
		f.Add(frame)
	}
	f.Add([]byte(`{"did":"did:plc:x","time_us":1790000000000000,"cursor":5,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{"text":"#Baku2015"}}}`))
	f.Add([]byte(`{"did":"did:plc:x","time_us":1790000000000000,"kind":"account","account":{"active":false,"status":"deleted"}}`))
	f.Add([]byte(`{"$type":"error","error":"ConsumerTooSlow"}`))
	f.Add([]byte(`{"$type":"message","payload":{"$type":"n#info","name":"OutdatedCursor"}}`))
	in := benchIntake(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		ev, err := in.take(raw)
		if err != nil && len(ev.posts) > 0 {
			t.Fatal("a farewell with posts")
		}
		for i := range ev.posts {
			p := &ev.posts[i]
			if err := p.Check(); err != nil {
				t.Fatalf("a post was let through that is none: %v", err)
			}
			if len(in.matcher.Match(nil, p)) == 0 && p.EditedAt.IsZero() {
				t.Fatal("a post of no campaign was let through")
			}
		}
	})
}
