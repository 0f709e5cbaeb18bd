package archive

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"winnow/pipeline/feed"
)

// nowhere is a Log that takes everything and keeps nothing.
type nowhere struct{}

func (nowhere) Publish(context.Context, feed.Batch) error { return nil }

func (nowhere) Cursor(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

// BenchmarkReplay measures whole replays: hashing, recognising, decoding,
// batching.
func BenchmarkReplay(b *testing.B) {
	var table10 bytes.Buffer
	table10.WriteString("campaign,content_id,account_id,timestamp_share,is_retweet,retweet_of,reply_to,hashtags,urls,text\n")
	for i := range 20_000 {
		fmt.Fprintf(&table10, "Baku,%016x,%016x,%d,%d,,,Baku2015 HumanRights,https://rights.example/r?id=%d,\"Words, and more words about #Baku2015 #HumanRights, number %d\"\n",
			i*7919, i%900, 1434132005+i, i%2, i%50, i)
	}
	repeat := func(path string, n, times int) []byte {
		lines := bytes.SplitAfter(sample(b, path), []byte("\n"))
		return []byte(strings.Repeat(string(bytes.Join(lines[:n], nil)), times))
	}
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"csv4", table4(100_000)},
		{"csv4.gz", gzipped(b, table4(100_000))},
		{"csv10", table10.Bytes()},
		{"x-v1.1", repeat("x/v1/testdata/messages.jsonl", 4, 1000)},
		{"x-v2", repeat("x/v2/testdata/messages.jsonl", 4, 1000)},
		{"mastodon", repeat("mastodon/testdata/statuses.jsonl", 4, 1000)},
		{"bluesky", repeat("bluesky/testdata/events.jsonl", 10, 1000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := write(b, c.name, c.content)
			b.SetBytes(int64(len(c.content)))
			b.ReportAllocs()
			var posts int64
			for b.Loop() {
				rep, err := Replay(context.Background(), path, nowhere{}, Options{RejectDir: filepath.Dir(path)})
				if err != nil {
					b.Fatal(err)
				}
				posts += rep.Posts
			}
			b.ReportMetric(float64(posts)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}
