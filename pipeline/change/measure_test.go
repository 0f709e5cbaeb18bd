package change

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// BenchmarkData measures changes on the collections in the folder that
// WINNOW_DATA names, and is skipped without it. It prints what docs/changes.md
// shows; with -v the changes themselves. The last lines of each collection are
// what is found when posts are dealt out to other days, so that only
// chance is left:
//
//	WINNOW_DATA=folder go test -run - -bench Data -benchtime 1x ./pipeline/change/
func BenchmarkData(b *testing.B) {
	dir := os.Getenv("WINNOW_DATA")
	if dir == "" {
		b.Skip("WINNOW_DATA names no folder")
	}
	for _, name := range []string{"organic_dev", "bench_mix_dev", "bench_hard_dev"} {
		b.Run(name, func(b *testing.B) {
			posts, attack, instance := readData(b, dir, name)
			for b.Loop() {
				for _, campaign := range campaigns(posts) {
					stream := slices.DeleteFunc(slices.Clone(posts), func(p *post.Post) bool { return p.Campaign != campaign })
					found := track(Config{Campaign: campaign}, stream)
					hours := stream[len(stream)-1].PostedAt.Sub(stream[0].PostedAt).Hours()
					fmt.Printf("%s %s: %d posts in %.0f hours, ", name, campaign, len(stream), hours)
					summary(stream, attack, found)
					instances(stream, instance, found)
					const deals = 20
					chance := 0
					for seed := range uint64(deals) {
						chance += len(track(Config{Campaign: campaign}, dealt(seed, stream)))
					}
					fmt.Printf("    dealt out to other days, %d times: %d changes in %.0f hours\n", deals, chance, deals*hours)
				}
			}
		})
	}
}

// summary prints changes, and how many of the minutes with a flood lie in one.
func summary(stream []*post.Post, attack map[string]string, found []Change) {
	of := map[string]int{}
	for _, c := range found {
		kind := "campaign"
		if c.Tag != "" {
			kind = "tag"
		}
		of[kind+" "+string(c.Direction)]++
	}
	fmt.Printf("changes %v\n", of)
	inside := func(p *post.Post) bool {
		return slices.ContainsFunc(found, func(c Change) bool {
			return c.Tag == "" && c.Direction == Rise && !p.PostedAt.Before(c.From) && (c.To.IsZero() || p.PostedAt.Before(c.To))
		})
	}
	all, in := map[string]int{}, map[string]int{}
	for _, p := range stream {
		l := attack[p.Account.ID]
		if l == "" {
			l = "unlabelled"
		}
		all[l]++
		if inside(p) {
			in[l]++
		}
	}
	for l, n := range all {
		fmt.Printf("    %-12s %6d posts, %6d of them within a rise of the campaign\n", l, n, in[l])
	}
	if !testing.Verbose() {
		return
	}
	for _, c := range found {
		fmt.Printf("    #%s %s %.1f bits, %s, %d before, effective %.0f -> %.0f: %s\n", c.Tag, c.Direction, c.Bits, c.Hold, c.Before.Posts, c.Before.Effective, c.After.Effective, c.Sentence)
		for _, i := range c.Rose[:min(3, len(c.Rose))] {
			fmt.Printf("        + %s %s %.60q %d of %d, before %d of %d, %.1f bits\n", i.Kind, i.ID, i.Label, i.AccountsAfter, c.After.Accounts, i.AccountsBefore, c.Before.Accounts, i.Bits)
		}
		for _, i := range c.Fell[:min(3, len(c.Fell))] {
			fmt.Printf("        - %s %s %.60q %d of %d, before %d of %d, %.1f bits\n", i.Kind, i.ID, i.Label, i.AccountsAfter, c.After.Accounts, i.AccountsBefore, c.Before.Accounts, i.Bits)
		}
	}
}

// instances prints for each kind of attack how many had a rise, of the campaign
// or of a tag, that holds half of its posts or more; and how many of these rises
// began in the ten minutes of its first post, or in those before or after.
func instances(stream []*post.Post, instance map[string]string, found []Change) {
	type seen struct {
		first  time.Time
		posts  int
		inside map[int]int
	}
	attacks := map[string]*seen{}
	for _, p := range stream {
		name := instance[p.ID]
		if name == "" {
			continue
		}
		s := attacks[name]
		if s == nil {
			s = &seen{first: p.PostedAt, inside: map[int]int{}}
			attacks[name] = s
		}
		s.posts++
		for i, c := range found {
			if c.Direction == Rise && !p.PostedAt.Before(c.From) && (c.To.IsZero() || p.PostedAt.Before(c.To)) {
				s.inside[i]++
			}
		}
	}
	all, hit, exact := map[string]int{}, map[string]int{}, map[string]int{}
	for name, s := range attacks {
		kind, _, _ := strings.Cut(name, " ")
		if s.posts < leastExcess {
			kind += " (few)"
		}
		all[kind]++
		within, near := false, false
		for i, n := range s.inside {
			if 2*n >= s.posts {
				within = true
				d := found[i].From.Sub(s.first.Truncate(Bucket))
				near = near || d.Abs() <= Bucket
			}
		}
		if within {
			hit[kind]++
		}
		if near {
			exact[kind]++
		}
	}
	for kind, n := range all {
		fmt.Printf("    %-16s %3d attacks, %3d within a rise, %3d of them from its beginning\n", kind, n, hit[kind], exact[kind])
	}
}

func track(cfg Config, posts []*post.Post) []Change {
	t := New(cfg)
	for _, p := range posts {
		t.Add(p)
	}
	return t.Finish()
}

// dealt gives every post the time of day of another one, give or take an hour,
// and a random day, so that the rhythm of the day stays and the rest is chance.
func dealt(seed uint64, posts []*post.Post) []*post.Post {
	rng := rand.New(rand.NewPCG(seed, 4))
	begin := posts[0].PostedAt.Truncate(24 * time.Hour)
	days := int64(posts[len(posts)-1].PostedAt.Sub(begin)/(24*time.Hour)) + 1
	out := make([]*post.Post, len(posts))
	for i, j := range rng.Perm(len(posts)) {
		p := *posts[i]
		hour := posts[j].PostedAt.Sub(posts[j].PostedAt.Truncate(24*time.Hour)) + time.Duration(rng.Int64N(int64(2*time.Hour)))
		p.PostedAt = begin.Add(time.Duration(rng.Int64N(days))*24*time.Hour + hour).Truncate(time.Second)
		out[i] = &p
	}
	slices.SortStableFunc(out, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return out
}

func campaigns(posts []*post.Post) []string {
	var names []string
	for _, p := range posts {
		names = append(names, p.Campaign)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// readData reads a collection in order of time, and if there are any the labels
// of its accounts and the attacks that its posts belong to.
func readData(tb testing.TB, dir, name string) (posts []*post.Post, attack, instance map[string]string) {
	tb.Helper()
	attack, instance = make(map[string]string), make(map[string]string)
	if path := filepath.Join(dir, name+"_attacks.csv.gz"); exists(path) {
		readCSV(tb, path, func(row map[string]string) { instance[row["content_id"]] = row["attack"] + " " + row["instance"] })
	}
	if path := filepath.Join(dir, name+"_labels.csv.gz"); exists(path) {
		readCSV(tb, path, func(row map[string]string) { attack[row["account_id"]] = row["attack"] })
	}
	readCSV(tb, filepath.Join(dir, name+".csv.gz"), func(row map[string]string) {
		sec, err := strconv.ParseInt(row["timestamp_share"], 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		p := &post.Post{
			Platform: post.Archive, ID: row["content_id"], Kind: post.Original, PostedAt: time.Unix(sec, 0).UTC(),
			Account: post.Account{ID: row["account_id"]}, Campaign: row["campaign"], Text: row["text"],
		}
		if row["is_retweet"] == "1" {
			p.Kind, p.RepostOf.PostID = post.Repost, row["retweet_of"]
		} else {
			p.Links = strings.Fields(row["urls"])
		}
		p.Tags = post.NewTags(strings.Fields(row["hashtags"])...)
		p.Tidy()
		posts = append(posts, p)
	})
	slices.SortStableFunc(posts, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return posts, attack, instance
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
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
