package desk

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// axePath is where the Makefile puts axe-core.
const axePath = "../../node_modules/axe-core/axe.min.js"

// axeRun asks for what breaks WCAG 2.2 AA, or what axe calls good practice, and
// gives each complaint with the place that it is about.
const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(found =>
  found.violations.flatMap(v => v.nodes.map(n => v.id + " (" + v.impact + "): " + n.target.join(" ") + " – " + v.help)))`

// pageWeight is what a first view loads, in bytes as they are sent, and how long
// it takes, in milliseconds.
const pageWeight = `(() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(e => !e.name.endsWith("/live"));
  return { bytes: all.reduce((sum, e) => sum + e.encodedBodySize, 0), took: all[0].loadEventEnd - all[0].startTime };
})()`

// judged are the pages that are held against axe-core: each kind of page, with all that
// it can hold, and closed as well as unfolded where that differs.
var judged = map[string]bool{
	"campaigns": true, "no-campaigns": true, "campaign": true, "campaign-empty": true, "campaign-judged": true, "finding-pile-on": true,
	"finding-open": true, "finding-judged": true, "people": true, "people-texts": true, "alerts": true, "change": true, "replay": true, "change-open": true, "coverage": true, "about": true, "error": true, "login": true,
	"draft": true, "draft-wrong": true, "report-open": true, "campaign-rtl": true,
}

// firstView is the most that a page may weigh before anything is unfolded.
const firstView = 150_000

// Whoever reads with a screen reader or a keyboard is told the same: axe-core has
// nothing to complain about on any kind of page; and no page is heavy.
func TestAccessible(t *testing.T) {
	script, err := os.ReadFile(axePath)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must have axe-core: %v; make browser", err)
		}
		t.Skip("no axe-core here: make browser")
	}
	ctx := openTab(t)
	for _, page := range browserPages(t) {
		if !judged[page.name] {
			continue
		}
		t.Run(page.name, func(t *testing.T) {
			all := []look{{1280, 800, "light"}, {360, 800, "dark"}}
			if page.name != "campaign" && page.name != "finding-open" {
				all = all[:1]
			}
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			visit(ctx, t, page.url, all[0])
			isLight(ctx, t, page)
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](string(script)+"; 0")); err != nil {
				t.Fatalf("load axe-core: %v", err)
			}
			for _, look := range all {
				t.Run(look.String(), func(t *testing.T) {
					do(ctx, t, look.set()...)
					found := run[[]string](ctx, t, axeRun)
					if len(found) > 0 {
						t.Errorf("%d violations:\n%s", len(found), strings.Join(found[:min(12, len(found))], "\n"))
					}
				})
			}
		})
	}
}

// isLight fails if a page weighs more than a first view may, unless it was unfolded.
func isLight(ctx context.Context, t *testing.T, page browserPage) {
	t.Helper()
	weight := run[struct {
		Bytes float64 `json:"bytes"`
		Took  float64 `json:"took"`
	}](ctx, t, pageWeight)
	t.Logf("%.1f kB in %.0f ms", weight.Bytes/1000, weight.Took)
	unfolded := strings.HasSuffix(page.name, "-open") || strings.HasSuffix(page.name, "-judged")
	if weight.Bytes > firstView && !unfolded {
		t.Errorf("the page weighs %.0f kB, want at most %d", weight.Bytes/1000, firstView/1000)
	}
}
