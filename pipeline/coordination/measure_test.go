package coordination

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// BenchmarkData measures the detector on the collections in the folder that
// WINNOW_DATA names, and is skipped without it. It prints what
// docs/detection.md shows. The last line of each collection is what is found
// when the times are dealt out anew among its posts, so that only chance is
// left:
//
//	WINNOW_DATA=folder go test -run - -bench Data -benchtime 1x ./pipeline/coordination/
func BenchmarkData(b *testing.B) {
	dir := os.Getenv("WINNOW_DATA")
	if dir == "" {
		b.Skip("WINNOW_DATA names no folder")
	}
	for _, name := range []string{
		"organic_dev", "higgs_co", "bench_mix_dev", "bench_day_dev", "bench_hard_dev",
		"russian_coord_tweets", "ira_1m_co",
	} {
		b.Run(name, func(b *testing.B) {
			streams, labels := readData(b, dir, name)
			posts := 0
			for _, s := range streams {
				posts += len(s)
			}
			for b.Loop() {
				flagged := make(map[string]bool)
				findings := 0
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				begin := cpuTime()
				for _, s := range streams {
					d := New(Config{Campaign: s[0].Campaign})
					for _, p := range s {
						d.Add(p)
					}
					for _, f := range d.Findings() {
						findings++
						for _, a := range f.Accounts {
							flagged[a.AccountID] = true
						}
						if testing.Verbose() {
							fmt.Printf("    %-8s %6.1f bits, %s, %s: %s\n", f.Kind, f.Bits, f.From.Format(time.DateTime), f.Objects[0].Label, f.Sentence)
						}
					}
					runtime.ReadMemStats(&after)
				}
				took := cpuTime() - begin
				fmt.Printf("%s: %d posts, %.2f M/s of processor time, %d findings, heap %d MiB\n", name, posts,
					float64(posts)/took.Seconds()/1e6, findings, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
				report(streams, labels, flagged)
				findings = 0
				for _, s := range streams {
					findings += len(find(Config{}, shuffled(s)))
				}
				fmt.Printf("    times shuffled: %d findings\n", findings)
			}
		})
	}
}

// shuffled returns the posts with their times dealt out anew.
func shuffled(posts []*post.Post) []*post.Post {
	rng := rand.New(rand.NewPCG(1, 4))
	out := make([]*post.Post, len(posts))
	for i, j := range rng.Perm(len(posts)) {
		p := *posts[i]
		p.PostedAt = posts[j].PostedAt
		out[i] = &p
	}
	slices.SortStableFunc(out, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return out
}

// report prints how many accounts of each label are flagged.
func report(streams [][]*post.Post, labels map[string]string, flagged map[string]bool) {
	total, hit := make(map[string]int), make(map[string]int)
	seen := make(map[string]bool)
	for _, s := range streams {
		for _, p := range s {
			if id := p.Account.ID; !seen[id] {
				seen[id] = true
				total[labels[id]]++
				if flagged[id] {
					hit[labels[id]]++
				}
			}
		}
	}
	var names []string
	for l := range total {
		names = append(names, l)
	}
	slices.Sort(names)
	for _, l := range names {
		fmt.Printf("    %-10s %6d of %6d accounts flagged (%.3f %%)\n", l, hit[l], total[l], 100*float64(hit[l])/float64(total[l]))
	}
}

var atNames = regexp.MustCompile(`@(\w+)`)

// readData reads a collection and its labels, one stream for each campaign, in
// order of time.
func readData(tb testing.TB, dir, name string) (streams [][]*post.Post, labels map[string]string) {
	tb.Helper()
	labels = make(map[string]string)
	if _, err := os.Stat(filepath.Join(dir, name+"_labels.csv.gz")); err == nil {
		readCSV(tb, filepath.Join(dir, name+"_labels.csv.gz"), func(row map[string]string) { labels[row["account_id"]] = row["attack"] })
	}
	byCampaign := make(map[string]int)
	readCSV(tb, filepath.Join(dir, name+".csv.gz"), func(row map[string]string) {
		sec, err := strconv.ParseInt(row["timestamp_share"], 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		p := &post.Post{
			Platform: post.Archive, ID: row["content_id"], Kind: post.Original, PostedAt: time.Unix(sec, 0).UTC(),
			Account: post.Account{ID: row["account_id"]}, Campaign: row["campaign"], Text: row["text"], Shared: row["object_id"],
		}
		if row["is_retweet"] == "1" {
			p.Kind, p.RepostOf.PostID = post.Repost, row["retweet_of"]
		} else {
			p.Links = strings.Fields(row["urls"])
			for _, m := range atNames.FindAllStringSubmatch(p.Text, -1) {
				p.Mentions = append(p.Mentions, post.Mention{Handle: m[1]})
			}
		}
		p.Tags = post.NewTags(strings.Fields(row["hashtags"])...)
		p.Tidy()
		n, ok := byCampaign[p.Campaign]
		if !ok {
			n = len(streams)
			byCampaign[p.Campaign] = n
			streams = append(streams, nil)
		}
		streams[n] = append(streams[n], p)
	})
	for _, s := range streams {
		slices.SortStableFunc(s, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	}
	return streams, labels
}

func readCSV(tb testing.TB, path string, f func(row map[string]string)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	z, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	r := csv.NewReader(z)
	head, err := r.Read()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		row := make(map[string]string, len(head))
		for i, h := range head {
			row[h] = cells[i]
		}
		f(row)
	}
}

// cpuTime is the processor time used so far: on a shared machine, the clock
// says nothing.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
