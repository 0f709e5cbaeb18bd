package desk

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// run evaluates an expression in the page.
func run[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return got
}

func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// bucketPlaces is where the middle of a bucket of the timeline is on the screen, once the
// page has its scripts.
const bucketPlaces = `new Promise(done => { const look = () => {
  if (!document.querySelector(".scripted")) return void setTimeout(look, 20);
  const svg = [...document.querySelectorAll(".brushable svg")].find(s => s.getClientRects().length);
  svg.scrollIntoView({ block: "center", behavior: "instant" });
  const d = svg.dataset, box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
  const slot = (d.right - d.left) / d.buckets;
  done({ x: box.left + (Number(d.left) + slot / 2) * scale, slot: slot * scale, y: box.top + box.height / 2,
    from: Number(d.from), step: Number(d.step), buckets: Number(d.buckets) });
}; look(); })`

type plot struct {
	X       float64 `json:"x"`
	Slot    float64 `json:"slot"`
	Y       float64 `json:"y"`
	From    int64   `json:"from"`
	Step    int64   `json:"step"`
	Buckets int     `json:"buckets"`
}

// at is the time at which a bucket begins.
func (p plot) at(bucket int) time.Time {
	return time.UnixMilli(p.From + int64(bucket)*p.Step).UTC()
}

// brushCharts drags over the timeline of an open, moving campaign's page, and chooses the
// same with the keyboard. Each time the page is that of the buckets chosen.
func brushCharts(ctx context.Context, t *testing.T, store *movingStore, sees func(selector, text string)) {
	const first, last = 83, 86
	posts := store.campaigns[2].Posts
	moves := func(n uint64) {
		t.Helper()
		store.posts.Store(n)
		sees(".figures", en.Number(posts+n))
	}
	mouse := func(kind input.DispatchMouseEventType, x, y float64) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, x, y, chromedp.ButtonLeft)
	}
	moves(20) // the charts are others than those that the page came with
	was := run[string](ctx, t, "location.href")
	p := run[plot](ctx, t, bucketPlaces)
	x := func(bucket int) float64 { return p.X + float64(bucket)*p.Slot }
	band := `document.querySelector(".only-wide .brush-band").getAttribute("width")`

	// Who changes their mind stays, and so does who only clicks.
	do(
		ctx, t, mouse(input.DispatchMouseEventTypeMousePressed, x(10), p.Y), mouse(input.DispatchMouseEventTypeMouseMoved, x(20), p.Y),
		chromedp.KeyEvent(kb.Escape), mouse(input.DispatchMouseEventTypeMouseReleased, x(20), p.Y),
		mouse(input.DispatchMouseEventTypeMousePressed, x(10), p.Y), mouse(input.DispatchMouseEventTypeMouseReleased, x(10), p.Y),
	)
	if now, width := run[string](ctx, t, "location.href"), run[string](ctx, t, band); now != was || width != "0" {
		t.Errorf("the page is %s with %s marked, was %s", now, width, was)
	}
	// While somebody drags, the chart under the pointer stays, whatever comes in.
	do(ctx, t, mouse(input.DispatchMouseEventTypeMousePressed, x(last), p.Y), mouse(input.DispatchMouseEventTypeMouseMoved, x(first+1), p.Y))
	run[bool](ctx, t, `document.querySelector(".only-wide svg").mine = true`)
	moves(31)
	moves(33)
	do(ctx, t, mouse(input.DispatchMouseEventTypeMouseMoved, x(first), p.Y))
	if !run[bool](ctx, t, `document.querySelector(".only-wide svg").mine === true`) {
		t.Error("the chart was replaced under the pointer")
	}
	do(ctx, t, mouse(input.DispatchMouseEventTypeMouseReleased, x(first), p.Y))
	isRange(ctx, t, store, p.at(first), p.at(last+1))

	// From there back to the whole, and to the same range by the keyboard.
	sees(".time-links", "Back to the whole")
	do(ctx, t, chromedp.Navigate(run[string](ctx, t, `document.querySelector(".time-links a").href`)))
	sees(`.pills a[aria-current]`, "Everything")
	if again := run[plot](ctx, t, bucketPlaces); again.From != p.From || again.Buckets != p.Buckets {
		t.Fatalf("the whole is %+v, was %+v", again, p)
	}
	run[bool](ctx, t, `document.querySelector(".brush").focus(), true`)
	steps := []chromedp.Action[chromedp.Void]{chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.Home)}
	for range first {
		steps = append(steps, chromedp.KeyEvent(kb.ArrowRight))
	}
	for range last - first {
		steps = append(steps, chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
	}
	do(ctx, t, steps...)
	want := "From " + en.Clock(p.at(first)) + " to " + en.Clock(p.at(last+1))
	if says := run[string](ctx, t, `document.querySelector(".brush").getAttribute("aria-valuetext")`); says != want {
		t.Errorf("a screen reader hears %q, want %q", says, want)
	}
	do(ctx, t, chromedp.KeyEvent(kb.Enter))
	isRange(ctx, t, store, p.at(first), p.at(last+1))
}

// isRange waits until the page is that of a stretch of time, and holds its numbers against
// the store's.
func isRange(ctx context.Context, t *testing.T, store *movingStore, from, to time.Time) {
	t.Helper()
	address := fmt.Sprintf(`new Promise(done => { const look = () => {
		const q = new URL(location.href).searchParams;
		if (q.get("from") === %q && q.get("to") === %q && document.readyState === "complete") done(location.search); else setTimeout(look, 20);
	}; look(); })`, from.Format(time.RFC3339), to.Format(time.RFC3339))
	wait, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	query, err := chromedp.Run(wait, chromedp.Evaluate[string](address, chromedp.EvalAwaitPromise))
	for err != nil && wait.Err() == nil { // the page that was asked is gone
		query, err = chromedp.Run(wait, chromedp.Evaluate[string](address, chromedp.EvalAwaitPromise))
	}
	if err != nil {
		t.Fatalf("the page did not become that of %v to %v: %v at %s", from, to, err, run[string](ctx, t, "location.href"))
	}
	q, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil || q.Get("name") != richName || q.Has("range") || q.Has("step") {
		t.Errorf("asked for %q: %v", query, err)
	}
	want := uint64(0)
	for _, p := range store.series[richName] {
		if !p.At.Before(from) && p.At.Before(to) {
			want += p.Posts
		}
	}
	got := run[float64](ctx, t, `[...document.querySelectorAll("details.numbers tbody tr")].reduce((sum, r) => sum + Number(r.cells[1].textContent.replaceAll(",", "")), 0)`)
	if uint64(got) != want || want == 0 {
		t.Errorf("the table has %v posts from %v to %v, the store %d", got, from, to, want)
	}
	if field := run[string](ctx, t, `document.querySelector(".range input[name=from]").value`); field != from.Format(fieldLayout) {
		t.Errorf("the form begins at %s", field)
	}
}
