package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/collectors/scenario"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
)

// guest is an account of a story under names that nothing else looks like.
type guest struct {
	platform   post.Platform
	id, handle string
	text       string
}

var (
	// target is who the story's pile-on is directed at, copier one of its copiers.
	target = guest{post.X, "99887766554433221", "Zq_Unusual_77", "qwfpgjluy zeitgenossenschaft 4711"}
	copier = guest{post.X, "11223344556677889", "Xv_Peculiar_88", "neuioharst wellenreiten 1174"}
	// stranger is on another platform, whose ids tell whose posts they are.
	stranger = guest{post.Bluesky, "did:plc:zzqqxxyyww1122334455aabb", "odd-one.zqx.example", "kelvinpuddle sternfahrt 9090"}
)

// needles are what must not be left of a guest.
func (g guest) needles() map[string]string {
	return map[string]string{"id": g.id, "handle": g.handle, "text": g.text}
}

// cast is a story with the guests in it.
type casting struct {
	campaigns []campaign.Campaign
	batches   []feed.Batch
}

func castStory(t *testing.T) casting {
	t.Helper()
	story := scenario.New(scenario.Config{Seed: 5, Scale: 0.05})
	c := casting{campaigns: story.Campaigns()}
	var watched string
	for i := range c.campaigns {
		if p := c.campaigns[i].Protected; len(p) > 0 {
			watched = strings.ToLower(strings.TrimPrefix(p[0].Account, "@"))
			c.campaigns[i].Protected = []campaign.Protected{{Account: target.handle}}
		}
	}
	roles := map[string]scenario.Role{}
	for _, l := range story.Labels() {
		roles[l.Key()] = l.Role
	}
	names := map[string]guest{} // by id and by handle
	n := 0
	for told := range story.Batches(200) {
		for i := range told.Posts {
			p := &told.Posts[i]
			if p.Platform != post.X {
				continue
			}
			if names["copier"].id == "" && roles[p.Key()] == scenario.RoleCopies {
				names[p.Account.ID], names[strings.ToLower(p.Account.Handle)], names["copier"] = copier, copier, copier
			}
			for _, m := range append(slices.Clone(p.Mentions), post.Mention{AccountID: p.ReplyTo.AccountID, Handle: p.ReplyTo.Handle}) {
				if strings.ToLower(m.Handle) == watched || m.AccountID == watched {
					names[m.AccountID], names[strings.ToLower(m.Handle)] = target, target
				}
			}
			rename(p, names, n)
			n++
		}
		b := feed.Batch{Source: "test/story", Cursor: []byte(fmt.Sprint(n)), Posts: told.Posts, Deletions: told.Deletions}
		c.batches = append(c.batches, b)
	}
	c.batches = append(c.batches, feed.Batch{Source: "test/guests", Cursor: []byte("1"), Posts: c.guests(), Deletions: []post.Deletion{
		{Platform: post.Bluesky, NativeID: "at://" + stranger.id + "/app.bsky.feed.post/3lzzzzzzzzz22", At: storyDay},
	}})
	for i := range c.campaigns {
		c.campaigns[i].Evidence = true
	}
	for _, b := range c.batches {
		for i := range b.Posts {
			raw, err := json.Marshal(b.Posts[i])
			if err != nil {
				t.Fatal(err)
			}
			b.Posts[i].Received(raw, "what "+b.Posts[i].Account.Handle+" said")
		}
	}
	return c
}

var storyDay = time.Date(2015, 6, 12, 12, 0, 0, 0, time.UTC)

// rename puts the guests' names in the place of those that the story gives.
func rename(p *post.Post, names map[string]guest, n int) {
	put := func(id, handle *string) {
		g, ok := names[*id]
		if !ok || *id == "" {
			g, ok = names[strings.ToLower(*handle)]
		}
		if ok && g.id != "" {
			if old := *handle; old != "" {
				p.Text = strings.ReplaceAll(p.Text, "@"+old, "@"+g.handle)
				*handle = g.handle
			}
			if *id != "" {
				*id = g.id
			}
		}
	}
	for i := range p.Mentions {
		put(&p.Mentions[i].AccountID, &p.Mentions[i].Handle)
	}
	for _, r := range []*post.Ref{&p.ReplyTo, &p.RepostOf, &p.QuoteOf} {
		put(&r.AccountID, &r.Handle)
	}
	put(&p.Account.ID, &p.Account.Handle)
	for _, g := range []guest{target, copier} {
		if p.Account.ID == g.id {
			p.URL = p.Page()
		}
	}
}

// guests are posts in which the guests meet.
func (c casting) guests() []post.Post {
	var out []post.Post
	n := 0
	add := func(p post.Post) *post.Post {
		n++
		if p.ID == "" {
			p.ID = fmt.Sprint(609_100_000_000_000_000 + n)
		}
		p.PostedAt = storyDay.Add(time.Duration(n) * time.Minute)
		p.ObservedAt = p.PostedAt.Add(time.Second)
		p.Tags = post.NewTags("Baku2015")
		if p.Kind == "" {
			p.Kind = post.Original
		}
		out = append(out, p)
		return &out[len(out)-1]
	}
	other := post.Account{ID: "4040404040", Handle: "somebody_else", Followers: post.KnownCount(7)}
	for _, g := range []guest{target, copier} {
		me := post.Account{ID: g.id, Handle: g.handle, Name: "Name of " + g.handle, Followers: post.KnownCount(1000)}
		for i := range 3 {
			add(post.Post{Platform: post.X, Account: me, Text: fmt.Sprintf("%s part %d", g.text, i), URL: "https://x.com/" + g.handle + "/status/1"})
		}
		theirs := post.Ref{PostID: out[len(out)-1].ID, AccountID: g.id, Handle: g.handle}
		add(post.Post{Platform: post.X, Kind: post.Repost, Account: other, RepostOf: theirs, Text: g.text + " part 2"})
		add(post.Post{Platform: post.X, Kind: post.Reply, Account: other, ReplyTo: theirs, Text: "@" + g.handle + " no, @" + strings.ToUpper(g.handle) + ", https://x.com/" + g.handle + "/status/1!", Mentions: []post.Mention{{AccountID: g.id, Handle: g.handle}, {Handle: "third_one"}}})
		add(post.Post{Platform: post.X, Kind: post.Quote, Account: other, QuoteOf: theirs, Text: "look: @" + g.handle, Links: []string{"https://x.com/" + g.handle + "/status/1", "https://example.org/a"}})
	}
	me := post.Account{ID: stranger.id, Handle: stranger.handle, Name: "Odd One"}
	uri := func(did string, n int) string {
		return fmt.Sprintf("at://%s/app.bsky.feed.post/3lzzzzzzzzz2%d", did, n)
	}
	add(post.Post{Platform: post.Bluesky, ID: uri(stranger.id, 2), Account: me, Text: stranger.text})
	add(post.Post{Platform: post.Bluesky, ID: uri(stranger.id, 3), Account: me, Text: stranger.text + " again"})
	bob := post.Account{ID: "did:plc:bobbobbobbobbobbobbobbob", Handle: "bob.example"}
	add(post.Post{Platform: post.Bluesky, ID: uri(bob.ID, 4), Kind: post.Repost, Account: bob, RepostOf: post.Ref{PostID: uri(stranger.id, 3)}, Text: stranger.text + " again"})
	add(post.Post{Platform: post.Bluesky, ID: uri(bob.ID, 5), Kind: post.Reply, Account: bob, ReplyTo: post.Ref{PostID: uri(stranger.id, 7)}, Text: "see https://bsky.app/profile/" + stranger.handle + "/post/3l, " + stranger.id})
	return out
}

// wantResidue fails unless something of all guests is in files of some folders. It looks
// again after publish, if there is any, for a while.
func wantResidue(t *testing.T, dir string, guests []guest, folders []string, publish func() error) {
	t.Helper()
	needles := map[string]string{}
	for _, g := range guests {
		for what, s := range g.needles() {
			needles["the "+what+" of "+g.handle] = s
		}
	}
	look := newResidue(t, needles)
	var missing []string
	for range 20 {
		if publish != nil {
			if err := publish(); err != nil {
				t.Fatal(err)
			}
		}
		missing = nil
		found := look.in(t, dir)
		for what := range needles {
			for _, folder := range folders {
				if !top(found[what])[folder] {
					missing = append(missing, what+" in "+folder)
				}
			}
		}
		if len(missing) == 0 || publish == nil {
			break
		}
	}
	if len(missing) > 0 {
		t.Errorf("not found before it is forgotten: is it looked for in the right way? %q", missing)
	}
}

func wantNoResidue(t *testing.T, dir string, g guest) {
	t.Helper()
	for what, files := range newResidue(t, g.needles()).in(t, dir) {
		t.Errorf("the %s of %s is still in %v", what, g.handle, files)
	}
}

// After forgetting, nothing of an account is left in any file of the data directory: its
// posts, its names in posts of others, findings that hold it or are directed at it,
// changes, tombstones, the log, reject files. What is counted is what is left, and the
// account does not come back.
func TestForgetLeavesNothing(t *testing.T) {
	cfg, deps := setup(t)
	story := castStory(t)
	deps.Campaigns = story.campaigns
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	rejects := filepath.Join(cfg.DataDir, "rejects")
	if err := os.MkdirAll(rejects, 0o700); err != nil {
		t.Fatal(err)
	}
	line := `{"record":3,"line":3,"reason":"bad-time","raw":"{\"user\":{\"id_str\":\"` + target.id + `\",\"screen_name\":\"` + target.handle + `\"},\"text\":\"` + target.text + `\"}","bytes":99}` + "\n"
	other := `{"record":4,"line":4,"reason":"bad-time","raw":"{\"user\":{\"id_str\":\"5\"}}","bytes":9}` + "\n"
	if err := os.WriteFile(filepath.Join(rejects, "a.rejects"), []byte(line+other), 0o600); err != nil {
		t.Fatal(err)
	}
	err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
		client, err := control.Dial(cfg.DataDir)
		if err != nil {
			return err
		}
		publish := func() error {
			for _, b := range story.batches {
				if err := r.Publish(ctx, clone(b)); err != nil {
					return err
				}
			}
			return nil
		}
		if err := publish(); err != nil {
			return err
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		// Once more, until the log is seen to hold some: it lets go of them within a second.
		wantResidue(t, cfg.DataDir, []guest{target}, []string{"store", "rejects", "evidence"}, nil)
		wantResidue(t, cfg.DataDir, []guest{copier, stranger}, []string{"store", "evidence"}, nil)
		wantResidue(t, filepath.Join(cfg.DataDir, "log"), []guest{target, copier, stranger}, []string{"jetstream"}, func() error {
			return r.Publish(ctx, clone(story.batches[len(story.batches)-1]))
		})
		if n := one(t, ctx, r, "SELECT count() FROM findings FINAL WHERE state = 'open' AND target = '"+target.id+"'"); n == 0 {
			t.Error("no finding is directed at the target: the test shows nothing of those")
		}
		if n := one(t, ctx, r, "SELECT count() FROM memberships WHERE account_id = '"+copier.id+"'"); n == 0 {
			t.Error("no finding holds the copier: the test shows nothing of those")
		}
		posts := one(t, ctx, r, "SELECT uniqExact(platform, post_id) FROM posts")

		asks := []control.Forgetting{
			{Platform: post.X, Handle: "@" + strings.ToUpper(target.handle)},
			{Platform: post.X, ID: copier.id},
			{Platform: post.Bluesky, ID: stranger.id},
		}
		var gone uint64
		for i, g := range []guest{target, copier, stranger} {
			ask := asks[i]
			var counted control.Forgotten
			if i == 0 { // counting alone changes nothing
				ask.Only = true
				if counted, err = client.Forget(ctx, ask); err != nil {
					return err
				}
				wantResidue(t, cfg.DataDir, []guest{g}, []string{"store", "rejects"}, nil)
			}
			ask.Only = false
			var steps []string
			ask.Progress = func(what string, _, _ int) { steps = append(steps, what) }
			begin := time.Now()
			done, err := client.Forget(ctx, ask)
			if err != nil {
				return err
			}
			t.Logf("%s forgotten in %v: %+v", g.handle, time.Since(begin).Round(time.Millisecond), done)
			if done.Posts == 0 || done.Naming == 0 || done.Names < 2 || len(steps) < 4 {
				t.Errorf("%s: %+v, steps %q", g.handle, done, steps)
			}
			if i == 0 && (done.Posts != counted.Posts || done.Naming != counted.Naming || done.Findings != counted.Findings) {
				t.Errorf("%s: %+v after %+v was counted", g.handle, done, counted)
			}
			gone += done.Posts
			wantNoResidue(t, cfg.DataDir, g)
			if protected := g == target; protected != (len(done.Protected) > 0) {
				t.Errorf("%s is said to be protected by %q", g.handle, done.Protected)
			}
		}
		equal(t, ctx, r)
		if n := one(t, ctx, r, "SELECT uniqExact(platform, post_id) FROM posts"); n != posts-gone {
			t.Errorf("%d posts are left of %d less %d", n, posts, gone)
		}
		if text, err := os.ReadFile(filepath.Join(rejects, "a.rejects")); err != nil || !strings.HasSuffix(string(text), other) || strings.Count(string(text), "\n") != 2 {
			t.Errorf("the reject file: %v\n%s", err, text)
		}

		// They come again, and are not taken in.
		if err := publish(); err != nil {
			return err
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		for _, g := range []guest{target, copier, stranger} {
			wantNoResidue(t, filepath.Join(cfg.DataDir, "store"), g)
		}
		if n := one(t, ctx, r, "SELECT uniqExact(platform, post_id) FROM posts"); n != posts-gone {
			t.Errorf("%d posts after they came again, %d before", n, posts-gone)
		}
		if n := one(t, ctx, r, "SELECT count() FROM posts WHERE position(text, '"+target.text+"') > 0"); n != 0 {
			t.Errorf("%d posts have the target's text again", n)
		}
		equal(t, ctx, r)

		// Who is allowed again comes again.
		if done, err := client.Forget(ctx, control.Forgetting{Platform: post.Bluesky, ID: stranger.id, Allow: true}); err != nil || !done.Suppressed {
			t.Errorf("allowing again: %+v, %v", done, err)
		}
		if err := r.Publish(ctx, clone(story.batches[len(story.batches)-1])); err != nil {
			return err
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		if n := one(t, ctx, r, "SELECT count() FROM posts FINAL WHERE account_id = '"+stranger.id+"'"); n != 2 {
			t.Errorf("%d posts of who is allowed again, want 2", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// clone is a batch of which the pipeline may change the posts.
func clone(b feed.Batch) feed.Batch {
	b.Posts = slices.Clone(b.Posts)
	return b
}

// one asks for one.
func one(t *testing.T, ctx context.Context, r *app.Running, sql string) (n uint64) {
	t.Helper()
	out, err := r.Query(ctx, sql, "CSV")
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer out.Close()
	if _, err := fmt.Fscan(out, &n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// equal fails unless what is stored is what the posts give.
func equal(t *testing.T, ctx context.Context, r *app.Running) {
	t.Helper()
	checked, err := r.Rebuild(ctx, storage.Rebuilding{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	if checked.Different != 0 || checked.Marked != 0 {
		t.Errorf("%d buckets are not what the posts give, %d hours are marked: %+v", checked.Different, checked.Marked, checked.Differences)
	}
}
