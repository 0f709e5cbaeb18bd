package desk

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"winnow/storage/view"
)

// movingStore is a store into which posts come.
type movingStore struct {
	*fakeStore
	posts atomic.Uint64
}

func (s *movingStore) Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error) {
	c, ok, err := s.fakeStore.Campaign(ctx, name)
	c.Posts += s.posts.Load()
	return c, ok, err
}

// Series has the newest of them in its last bucket.
func (s *movingStore) Series(ctx context.Context, name string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error) {
	points, err := s.fakeStore.Series(ctx, name, from, to, step)
	newest := -1
	for i, p := range points {
		if newest < 0 || p.At.After(points[newest].At) {
			newest = i
		}
	}
	if newest >= 0 && testNow.Sub(points[newest].At) < step {
		points[newest].Posts += s.posts.Load()
	}
	return points, err
}

// An open page moves by itself: its numbers and the last post, in a real browser,
// under the content policy. What a reader has opened stays open. In its charts a reader
// chooses a stretch of time, and the replay plays.
func TestBrowserMoves(t *testing.T) {
	ctx := startBrowser(t)
	store := &movingStore{fakeStore: richStore()}
	ended := make(chan struct{})
	server := httptest.NewServer(newDesk(t, Options{Store: store, Every: 40 * time.Millisecond, Ended: ended, Status: func() Status {
		return Status{EngineUp: true, LastPost: testNow.Add(-time.Duration(store.posts.Load()) * time.Second)}
	}}))
	t.Cleanup(server.Close)
	heard := &complaints{}
	if err := chromedp.Listen(ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx,
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{})
			return err
		}),
		chromedp.Navigate(server.URL+campaignURL(richName)),
	); err != nil {
		t.Fatal(err)
	}
	sees := func(selector, text string) {
		t.Helper()
		wait := fmt.Sprintf(`new Promise(done => { const look = () => {
			const part = document.querySelector(%q);
			if (part && part.textContent.includes(%q)) done(part.textContent); else setTimeout(look, 20);
		}; look(); })`, selector, text)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](wait, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatalf("the page does not say %q: %v", text, err)
		}
	}
	before := store.campaigns[2].Posts
	sees(".figures", en.Number(before))
	sees(".status", "just now")
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("details.numbers").open = true`)); err != nil {
		t.Fatal(err)
	}
	store.posts.Store(7)
	sees(".status", "7 seconds ago")
	sees(".figures", en.Number(before+7))
	store.posts.Store(12)
	sees(".figures", en.Number(before+12))
	open, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("details.numbers").open`))
	if err != nil || !open {
		t.Errorf("the table that was opened is open: %v, %v", open, err)
	}
	t.Run("brush", func(t *testing.T) { brushCharts(ctx, t, store, sees) })
	t.Run("replay", func(t *testing.T) { playReplay(ctx, t, server.URL+replayURL(richName)) })
	close(ended)
	if said := heard.take(); len(said) > 0 {
		t.Errorf("console: %s", strings.Join(said, "; "))
	}
}
