package desk

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"winnow/dashboards/desk/draft"
	"winnow/dashboards/desk/frame"
	"winnow/storage"
)

var screenshots = flag.String("screenshots", "", "`directory` in which the browser test leaves pictures of all pages")

// chromium is the browser of the tests that only look at pages: to start one takes as long
// as to open a dozen pages. The first test that needs it starts it.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

// chromiumPath is where Debian has Chromium. It skips the test where there is none: but
// not where CI promises one.
func chromiumPath(t *testing.T) string {
	t.Helper()
	const path = "/usr/bin/chromium"
	if _, err := exec.LookPath(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must have Chromium: %v; apt-get install chromium", err)
		}
		t.Skip("no Chromium here: apt-get install chromium")
	}
	return path
}

// startChromium starts a browser in a profile of its own.
func startChromium(path string) (ctx context.Context, stop func(), err error) {
	profile, err := os.MkdirTemp("", "desk-test-")
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// Every page is opened once and left for good: nothing is kept ready or put aside.
		chromedp.Flag("disable-features", "Translate,BackForwardCache,SpareRendererForSitePerProcess,OptimizationHints,MediaRouter"),
		chromedp.Flag("hide-scrollbars", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, kill := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(ctx)
	stop = func() {
		leave()
		kill()
		_ = os.RemoveAll(profile) // it is where nothing need stay
	}
	return ctx, stop, chromedp.Do(ctx)
}

// startBrowser starts a browser for a test alone.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	ctx, stop, err := startChromium(chromiumPath(t))
	if stop != nil {
		t.Cleanup(stop)
	}
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// openTab opens a tab that shares neither cookies nor files with any other.
func openTab(t *testing.T) context.Context {
	t.Helper()
	path := chromiumPath(t)
	chromium.once.Do(func() { chromium.ctx, chromium.stop, chromium.err = startChromium(path) })
	if chromium.err != nil {
		t.Fatalf("start Chromium: %v", chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return ctx
}

// complaints collects what the browser's console says: errors of the page, and
// what the content policy kept from loading.
type complaints struct {
	mu   sync.Mutex
	said []string
}

func (c *complaints) hear(ev any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch ev := ev.(type) {
	case *log.EventEntryAdded:
		c.said = append(c.said, fmt.Sprintf("%s %s: %s %s", ev.Entry.Level, ev.Entry.Source, ev.Entry.Text, ev.Entry.URL))
	case *runtime.EventExceptionThrown:
		c.said = append(c.said, "exception: "+ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		c.said = append(c.said, "console."+string(ev.Type))
	}
}

func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

// layoutProbe measures the page in the browser: how far it reaches sideways,
// which elements stick out, which visible text has no size, and how wide the
// drawn charts are.
const layoutProbe = `(() => {
  const wide = document.documentElement.clientWidth;
  const inScroller = e => e.closest('.scroll') !== null;
  const out = [], tiny = [];
  for (const e of document.querySelectorAll('body *')) {
    if (inScroller(e) || e.closest('svg, thead, .skip')) continue;
    const r = e.getBoundingClientRect();
    if (r.width > 0 && (r.right > wide + 0.5 || r.left < -0.5)) out.push(e.tagName + '.' + e.className + ' ' + r.left + '..' + r.right);
  }
  for (const e of document.querySelectorAll('h1, h2, h3, p, dd, dt, li, td, th, summary, label')) {
    if (e.closest('details:not([open]) > :not(summary), thead, .skip') || !e.textContent.trim()) continue;
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (!inScroller(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) out.push(e.tagName + '.' + e.className + ' overflows: ' + e.textContent.trim().slice(0, 40));
    if (s.visibility !== 'visible' || s.opacity === '0' || r.width < 4 || r.height < 4) tiny.push(e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 40));
  }
  const charts = [...document.querySelectorAll('svg.chart')].map(e => e.getBoundingClientRect()).filter(r => r.width > 0);
  return {
    scroll: document.documentElement.scrollWidth, inner: window.innerWidth, out, tiny,
    charts: charts.length, styled: getComputedStyle(document.body).marginTop === '0px',
    scale: Math.min(1, ...[...document.querySelectorAll('svg.chart')].filter(e => e.getBoundingClientRect().width > 0)
      .map(e => e.getBoundingClientRect().width / e.viewBox.baseVal.width)),
  };
})()`

type layout struct {
	Scroll float64  `json:"scroll"`
	Inner  float64  `json:"inner"`
	Out    []string `json:"out"`
	Tiny   []string `json:"tiny"`
	Charts int      `json:"charts"`
	Styled bool     `json:"styled"`
	Scale  float64  `json:"scale"`
}

// browserPage is a page that is looked at in a real browser.
type browserPage struct {
	name, url string
	charts    int
	// refused is true where the answer is an error, which the browser logs.
	refused bool
}

// browserPages serves every page, with all that it can hold, until the test ends.
func browserPages(t *testing.T) []browserPage {
	t.Helper()
	serve := func(h http.Handler) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	store := changedStore()
	rich := serve(newDesk(t, Options{Store: store, Demo: true, Protected: protectedPeople, Alerts: &alarm{}, Status: func() Status {
		return Status{
			EngineUp: true, LastPost: testNow.Add(-2 * time.Minute), Waiting: 40,
			Notes: []string{"Mastodon: social.example closed the stream 4 minutes ago; posts from there are missing until it is back."},
		}
	}}))
	live := serve(newDesk(t, Options{Store: liveStore(), Sources: liveSources, Campaigns: &fakeBook{}, Status: func() Status {
		return Status{EngineUp: true, LastPost: testNow.Add(-12 * time.Second)}
	}}))
	bare := serve(newDesk(t, Options{Store: &fakeStore{}}))
	broken := serve(newDesk(t, Options{Store: &fakeStore{err: os.ErrDeadlineExceeded}}))
	// What is unfolded has as many rows as it takes for some to be behind a click: more of
	// the same tell nothing more, and take a browser long.
	few := changedStore()
	few.shorten(frame.RowsInSight + frame.RowsInSight/4 + 1)
	open := serve(opened(newDesk(t, Options{Store: few, Verdicts: few})))
	closed := serve(newDesk(t, Options{Store: store, Access: withUsers(t)}))

	said := changedStore()
	said.shorten(3)
	for i, word := range []storage.Judgement{storage.Wrong, storage.Unjudged, storage.Wrong, storage.Explained} {
		said.verdicts = append(said.verdicts, storage.Verdict{
			Campaign: richName, Finding: []string{"c0ffee01", "c0ffee01", "c0ffee01", "c0ffee02"}[i], Judgement: word, Author: "anna",
			Note: strings.Repeat("هذه حافلة النهر، وليست هجوما. The bus company posts its timetable from all of its accounts.\n", i+1), At: testNow.Add(-time.Minute),
		})
	}
	judged := serve(opened(newDesk(t, Options{Store: said, Verdicts: said, Campaigns: &fakeBook{}})))

	arabic := serve(inArabic(newDesk(t, Options{Store: store, Verdicts: store})))
	drafting := serve(newDesk(t, Options{Store: store, Campaigns: &fakeBook{}}))
	broke := serve(mistaken(newDesk(t, Options{Store: store, Campaigns: &fakeBook{}})))

	campaign := func(name, more string) string { return rich + campaignURL(name) + more }
	finding := func(id string) string { return rich + findingURL(richName, id) }
	return []browserPage{
		{"campaigns", rich + "/", 0, false},
		{"no-campaigns", bare + "/", 0, false},
		{"campaign", campaign(richName, ""), 4, false},
		{"campaign-minutes", campaign(richName, "&range=24h&step=minute"), 4, false},
		{"campaign-hours", campaign(richName, "&from=2031-06-10T04:00&to=2031-06-01T00:00"), 4, false},
		{"campaign-quiet", campaign(quietName, ""), 4, false},
		{"campaign-arabic", campaign(rtlName, "&range=7d"), 3, false},
		{"campaign-empty", campaign(emptyName, ""), 0, false},
		{"campaign-rtl", arabic + campaignURL(richName) + "&range=24h", 4, false},
		{"finding-rtl", arabic + findingURL(richName, "c0ffee01"), 0, false},
		{"finding-copies", finding("c0ffee01"), 0, false},
		{"finding-pile-on", finding("c0ffee03"), 0, false},
		{"finding-declared", finding("c0ffee05"), 0, false},
		{"finding-early", finding("c0ffee06"), 0, false},
		{"finding-open", open + findingURL(richName, "c0ffee01"), 0, false},
		{"finding-pile-on-open", open + findingURL(richName, "c0ffee03"), 0, false},
		{"finding-judged", judged + findingURL(richName, "c0ffee01"), 0, false},
		{"campaign-judged", judged + campaignURL(richName) + "&range=24h", 4, false},
		{"change", rich + changeURL(richName, "rise"), 0, false},
		{"change-fall", rich + changeURL(richName, "fall"), 0, false},
		{"change-open", open + changeURL(richName, "rise"), 0, false},
		{"replay", rich + replayURL(richName) + "&at=2031-06-11T20:00", 1, false},
		{"replay-empty", rich + replayURL(emptyName), 0, false},
		{"people", rich + peopleURL(richName), 2, false},
		{"people-texts", rich + peopleURL(richName) + "&who=mastodon%3Alantern_anna%40river.example&texts=1", 1, false},
		{"alerts", rich + "/alerts", 0, false},
		{"alerts-none", bare + "/alerts", 0, false},
		{"coverage", live + "/coverage", 0, false},
		{"coverage-none", bare + "/coverage", 0, false},
		{"live-campaigns", live + "/", 0, false},
		{"live-campaign", live + campaignURL(richName), 4, false},
		{"live-campaign-day", live + campaignURL(richName) + "&range=24h", 4, false},
		{"live-campaign-empty", live + campaignURL(emptyName), 0, false},
		{"about", rich + "/about", 0, false},
		{"error", broken + "/", 0, true},
		{"login", closed + "/login", 0, false},
		{"draft", drafting + draft.EditAddress(richName), 0, false},
		{"draft-wrong", broke + draft.NewPath, 0, true},
		{"report-open", reportFile(t), 1, false},
	}
}

// manyColumns are the pages that are looked at in every way.
var manyColumns = map[string]bool{"campaign": true, "coverage": true, "finding-open": true, "change-open": true}

// The pages hold together in a real browser: at desk and telephone width, in
// light and dark, with scripts switched off.
func TestBrowser(t *testing.T) {
	ctx := openTab(t)
	pages := browserPages(t)
	heard := &complaints{}
	if err := chromedp.Listen(ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})); err != nil {
		t.Fatal(err)
	}

	for _, page := range pages {
		t.Run(page.name, func(t *testing.T) {
			heard.take()
			for i, look := range looks(page.name) {
				if i == 0 {
					visit(ctx, t, page.url, look)
				}
				t.Run(look.String(), func(t *testing.T) {
					holdsTogether(t, measure(ctx, t, look), page, look)
					if page.name == "report-open" && i == 0 {
						testPrint(ctx, t)
					}
					if *screenshots != "" {
						saveScreenshot(ctx, t, page.name+"-"+strings.ReplaceAll(look.String(), "/", "-")+".png")
					}
				})
			}
			if said := heard.take(); len(said) > 0 && !page.refused {
				t.Errorf("console: %s", strings.Join(said, "; "))
			}
		})
	}
}

// look is in which window and in which colours a page is looked at.
type look struct {
	width, height int64
	scheme        string
}

func (l look) String() string { return fmt.Sprintf("%d/%s", l.width, l.scheme) }

// looks are those at a page. Colours move nothing and are for pictures; between desk and
// telephone only what has columns changes.
func looks(name string) []look {
	var all []look
	for _, size := range []look{{width: 1280, height: 900}, {width: 768, height: 1000}, {width: 390, height: 844}} {
		for _, scheme := range []string{"light", "dark"} {
			if *screenshots == "" && (scheme == "dark" || size.width == 768) && !manyColumns[name] {
				continue
			}
			size.scheme = scheme
			all = append(all, size)
		}
	}
	return all
}

// holdsTogether fails unless a page fits into its window and all of it can be seen.
func holdsTogether(t *testing.T, got layout, page browserPage, look look) {
	t.Helper()
	if got.Scroll > got.Inner || got.Inner != float64(look.width) {
		t.Errorf("page is %v wide in a window of %v (want %d)", got.Scroll, got.Inner, look.width)
	}
	if len(got.Out) > 0 {
		t.Errorf("elements stick out: %s", strings.Join(got.Out[:min(5, len(got.Out))], "; "))
	}
	if len(got.Tiny) > 0 {
		t.Errorf("text cannot be seen: %s", strings.Join(got.Tiny[:min(5, len(got.Tiny))], "; "))
	}
	if got.Charts != page.charts {
		t.Errorf("%d charts drawn, want %d", got.Charts, page.charts)
	}
	if got.Scale < 0.7 {
		t.Errorf("a chart is scaled to %.2f: its labels cannot be read", got.Scale)
	}
	if !got.Styled {
		t.Error("the style sheet was not applied")
	}
}

// opened serves pages as if the reader had clicked on everything that can be
// unfolded.
func opened(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := httptest.NewRecorder()
		r.Header.Del("Accept-Encoding") // or there is nothing to replace in
		h.ServeHTTP(page, r)
		maps.Copy(w.Header(), page.Header())
		w.WriteHeader(page.Code)
		_, _ = io.WriteString(w, strings.ReplaceAll(page.Body.String(), "<details", "<details open"))
	})
}

// inArabic asks for every page as a browser does whose reader reads Arabic.
func inArabic(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Language", "ar-EG,ar;q=0.9,en;q=0.5")
		h.ServeHTTP(w, r)
	})
}

// mistaken sends every form that is opened at once, with all that can be wrong in it.
func mistaken(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == draft.NewPath {
			long := strings.Repeat("w", 300)
			r = httptest.NewRequestWithContext(r.Context(), http.MethodPost, draft.NewPath, strings.NewReader(url.Values{
				"name": {richName}, "tags": {"2031\n\n#" + long}, "protected": {"tiktok:" + long}, "terms": {"\x01" + long}, "keep_days": {long},
				"declared.0.name": {long}, "declared.0.from": {"tomorrow"}, "zone": {"Nowhere"},
			}.Encode()))
			r.Host, r.Header = "localhost", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		}
		h.ServeHTTP(w, r)
	})
}

// visit opens a page in a window.
func visit(ctx context.Context, t *testing.T, address string, look look) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, append(look.set(), chromedp.Navigate(address))...); err != nil {
		t.Fatalf("open page: %v", err)
	}
}

// set makes the window and the colours those of a look.
func (l look) set() []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(l.width, l.height),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}},
			})
			return err
		}),
	}
}

// measure looks at the page that is open.
func measure(ctx context.Context, t *testing.T, look look) layout {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, look.set()...); err != nil {
		t.Fatalf("size the window: %v", err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[layout](layoutProbe))
	if err != nil {
		t.Fatalf("measure page: %v", err)
	}
	return got
}

func saveScreenshot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("take screenshot: %v", err)
	}
	if err := os.MkdirAll(*screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
