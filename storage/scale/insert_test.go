package scale

import (
	"fmt"
	"os"
	"time"

	"winnow/collectors/scenario/volume"
	"winnow/pipeline/campaign"
	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// insert writes all posts through the writer, then findings, changes, gaps and
// watches, and waits for the merges.
func (r *run) insert() {
	r.empty()
	stream := r.stream()
	batches := make(chan []post.Post, 1)
	go func() {
		defer close(batches)
		for batch := stream.Next(batchPosts); len(batch) > 0; batch = stream.Next(batchPosts) {
			select {
			case batches <- batch:
			case <-r.Context().Done():
				return
			}
		}
	}()
	var sample []post.Post
	every := max(r.o.posts/(findings*findingAccounts), 1)
	in := &r.res.Insert
	*in = inserted{}
	before := r.counters()
	ours, engine := cpu(os.Getpid()), cpu(r.engine.Pid())
	begin := time.Now()
	var writing time.Duration
	next := r.o.posts / 20
	for batch := range batches {
		for i := range batch {
			if (in.Posts+i)%every == 0 && batch[i].Campaign == volume.Busy {
				sample = append(sample, batch[i])
			}
		}
		start := time.Now()
		r.must(r.store.Write(r.Context(), message(batch)))
		writing += time.Since(start)
		in.Posts += len(batch)
		if in.Posts >= next {
			next += r.o.posts / 20
			r.say("writing", "posts", in.Posts, "per_second", int(float64(in.Posts)/time.Since(begin).Seconds()))
		}
	}
	in.Seconds, in.Writing = time.Since(begin).Seconds(), writing.Seconds()
	in.OurCPU, in.EngineCPU = cpu(os.Getpid())-ours, cpu(r.engine.Pid())-engine
	in.Counters = r.counters()
	for name := range in.Counters {
		in.Counters[name] -= before[name]
	}

	begin = time.Now()
	fs := claims(sample)
	_, _, err := r.store.ReplaceFindings(r.Context(), volume.Busy, fs)
	r.must(err)
	in.FindingSeconds = time.Since(begin).Seconds()
	r.must(r.store.Judge(r.Context(), storage.Verdict{Campaign: volume.Busy, Finding: "finding-003", Judgement: storage.Confirmed, Author: "anna"}))
	_, _, err = r.store.ReplaceChanges(r.Context(), volume.Busy, changes(sample))
	r.must(err)
	r.must(r.store.Write(r.Context(), coverage(stream)))
	r.must(r.store.Declare(r.Context(), []campaign.Campaign{{
		Name: volume.Busy, Declared: []campaign.Declared{{Name: "day of action", From: stream.Begin(), To: stream.End(), Tags: []string{"action"}}},
	}}))
	in.MergeSeconds = r.rest()
}

// counters are what the engine has counted since it began, as far as it tells
// where the time of an insert goes.
func (r *run) counters() map[string]float64 {
	rows, err := r.conn.Query(r.Context(), `SELECT event, toFloat64(value) FROM system.events WHERE event LIKE 'MergeTreeDataWriter%' OR event LIKE 'Merge%Milliseconds'
		OR event IN ('InsertQueryTimeMicroseconds', 'MergedRows', 'MergedUncompressedBytes', 'InsertedRows', 'InsertedBytes')`)
	r.must(err)
	defer rows.Close()
	out := map[string]float64{}
	for rows.Next() {
		var name string
		var value float64
		r.must(rows.Scan(&name, &value))
		out[name] = value
	}
	r.must(rows.Err())
	return out
}

// rest waits until no merge has been running for three seconds, twenty minutes
// at most, and returns how long that took.
func (r *run) rest() float64 {
	begin := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for quiet := 0; quiet < 3 && time.Since(begin) < 20*time.Minute; <-tick.C {
		quiet++
		if r.count("SELECT count() FROM system.merges") > 0 {
			quiet = 0
		}
	}
	return time.Since(begin).Seconds()
}

// How many findings there are, and accounts in each: some thousand in all.
const (
	findings        = 40
	findingAccounts = 125
)

// claims makes findings of a sample of posts in order of time: each of the
// accounts of consecutive ones, two days around them.
func claims(sample []post.Post) []coordination.Finding {
	var out []coordination.Finding
	for len(sample) > 0 {
		of := sample[:min(findingAccounts, len(sample))]
		sample = sample[len(of):]
		f := coordination.Finding{
			ID: fmt.Sprintf("finding-%03d", len(out)), Campaign: volume.Busy, Kind: coordination.KindCopies,
			Sentence: "Accounts posted the same texts.", From: of[0].PostedAt.AddDate(0, 0, -2), To: of[len(of)-1].PostedAt.AddDate(0, 0, 2),
			Bits: 40, Confidence: coordination.ConfidenceFirm, DetectedAt: of[0].PostedAt.Add(time.Minute), Expected: 0.2, Observed: 30,
		}
		kind := coordination.EvidencePair
		switch len(out) % 3 {
		case 1:
			f.Declared = "day of action"
		case 2:
			f.Kind, f.Target, kind = coordination.KindPileOn, addressed(of), coordination.EvidencePileOn
		}
		if len(out)%7 == 6 {
			f.Confidence = coordination.ConfidenceEarly
		}
		seen := map[string]bool{}
		for i := range of {
			p := &of[i]
			object := post.Object{Kind: post.ObjectText, ID: fmt.Sprintf("%016x", i/25)}
			f.Posts = append(f.Posts, coordination.PostEvidence{Platform: p.Platform, PostID: p.ID, AccountID: p.Account.ID, Object: object, At: p.PostedAt, DetectedAt: p.PostedAt})
			if i%25 == 0 {
				f.Objects = append(f.Objects, coordination.ObjectEvidence{Object: object, Label: p.Text, Accounts: 25, First: f.From, Last: f.To})
			}
			party := coordination.Party{Platform: p.Platform, AccountID: p.Account.ID}
			if key := p.Key(); !seen[key] {
				seen[key] = true
				f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: p.Platform, AccountID: p.Account.ID, Bits: 12, First: f.From, Last: f.To, Posts: 3})
			}
			e := coordination.Evidence{
				Kind: kind, Object: object, A: party, B: coordination.Party{Platform: of[0].Platform, AccountID: of[0].Account.ID},
				From: f.From, To: f.To, Window: time.Minute, Accounts: 2, Bits: 22, Need: 20, Counted: 22, DetectedAt: p.PostedAt,
			}
			for n := range 4 {
				e.Terms = append(e.Terms, coordination.Term{Name: fmt.Sprint("term-", n), Observed: 3, Of: 100, Base: 0.1, Bits: 5.5})
			}
			f.Evidence = append(f.Evidence, e)
		}
		out = append(out, f)
	}
	return out
}

// addressed is an account that one of the posts answers.
func addressed(posts []post.Post) string {
	for i := range posts {
		if id := posts[i].ReplyTo.AccountID; id != "" {
			return id
		}
	}
	return "nobody"
}

// changes makes a hundred changes, with what belongs to them.
func changes(sample []post.Post) []change.Change {
	var out []change.Change
	for i := range min(100, len(sample)) {
		p := &sample[i*len(sample)/min(100, len(sample))]
		c := change.Change{
			ID: fmt.Sprintf("change-%03d", i), Campaign: volume.Busy, Direction: change.Rise, Sentence: "More posts than usual.",
			From: p.PostedAt, To: p.PostedAt.Add(time.Hour), Bits: 30, Observed: 900, Expected: 200, Peak: p.PostedAt, Hold: change.HoldKept,
			Before: change.Side{From: p.PostedAt.AddDate(0, 0, -1)}, After: change.Side{To: p.PostedAt.Add(6 * time.Hour)},
		}
		for n := range 10 {
			q := &sample[(i+n)%len(sample)]
			c.Accounts = append(c.Accounts, change.AccountShare{Platform: q.Platform, AccountID: q.Account.ID, Before: 3, After: 9})
			c.Rose = append(c.Rose, change.Item{Kind: change.ItemText, ID: fmt.Sprint(n), Label: q.Text, AccountsAfter: 12, PostsAfter: 14, Bits: 20})
		}
		out = append(out, c)
	}
	return out
}

// coverage has three sources that watch the campaigns and five gaps a day.
func coverage(s *volume.Stream) storage.Message {
	var m storage.Message
	for i, platform := range []post.Platform{post.X, post.Bluesky, post.Mastodon} {
		source := string(platform) + "/live"
		for _, name := range []string{volume.Busy, "steady", "regional"} {
			m.Watches = append(m.Watches, post.Watch{Source: source, Platform: platform, Campaign: name, Since: s.Begin()})
		}
		n := 0
		for at := s.Begin().Add(time.Duration(i) * time.Hour); at.Before(s.End()); at = at.Add(14 * time.Hour) {
			g := post.Gap{Source: source, Platform: platform, From: at, To: at.Add(7 * time.Minute), Cause: post.Network, Fill: post.Lost}
			if n++; n%2 == 0 {
				g.Fill, g.Note = post.Partly, "reposts are missing"
			}
			m.Gaps = append(m.Gaps, g)
		}
	}
	return m
}
