package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/palette"
	"winnow/dashboards/desk/report"
	"winnow/storage/view"
)

// Audience is what the summary says, whatever the time.
func (s *fakeStore) Audience(ctx context.Context, campaign string, _, _ time.Time) (view.Audience, error) {
	c, _, err := s.Campaign(ctx, campaign)
	return view.Audience{
		Accounts: c.Accounts, PotentialReach: c.PotentialReach, ReachKnown: c.ReachKnown, CoordinatedAccounts: c.CoordinatedAccounts,
		SureAccounts: c.CoordinatedAccounts / 2, EarlyAccounts: c.CoordinatedAccounts / 9, DeclaredAccounts: c.DeclaredAccounts, CoordinatedReach: c.PotentialReach / 20,
	}, err
}

// Measures adds the series up, all of it on one platform.
func (s *fakeStore) Measures(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.Measures, error) {
	points, err := s.Series(ctx, campaign, from, to, step)
	m := view.Measures{Platform: "mastodon"}
	for _, p := range points {
		m.Posts += p.Posts
		m.CoordinatedPosts += p.CoordinatedPosts
		m.DeclaredPosts += p.DeclaredPosts
		m.PotentialImpressions += 3 * p.PotentialReach
	}
	m.SurePosts, m.EarlyPosts, m.Likes = m.CoordinatedPosts/2, m.CoordinatedPosts/9, m.Posts*3
	return []view.Measures{m}, err
}

func reportURL(name, more string) string {
	return strings.Replace(campaignURL(name), "/campaign?", reportPath+"?", 1) + more
}

// A report is a file to keep, in numbers only, and about nothing else than was asked for.
func TestReportIsSent(t *testing.T) {
	h := newDesk(t, Options{Store: changedStore(), Demo: true})
	w := get(t, h, reportURL(richName, ""))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Content-Disposition":     `attachment; filename="winnow-report-Lantern-march-RiverCity2031-2031-06-12.html"`,
		"Content-Security-Policy": report.Policy,
		"Cache-Control":           "no-store",
		"X-Content-Type-Options":  "nosniff",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	wantText(t, w.Body.String(), "This report names no account and quotes no post.", "Demonstration.", "Winnow found coordinated activity: 4 findings", "v0.0-test")
	for _, name := range []string{"river_friend", "lantern_anna", "night_bus", "What a wonderful evening"} {
		if strings.Contains(w.Body.String(), name) {
			t.Errorf("the report holds %q", name)
		}
	}
	if got := get(t, h, reportURL(rtlName, "")).Header().Get("Content-Disposition"); !strings.Contains(got, "filename*=UTF-8''winnow-report-%D8%AD") {
		t.Errorf("the name of an Arabic campaign: %q", got)
	}
	for more, status := range map[string]int{"&from=2031-06-12T00:00&to=2031-06-13T00:00": 200, "&from=nonsense": 404, "&from=2032-01-01": 404, "&from=2031-06-12&to=2031-06-11": 404} {
		if w := get(t, h, reportURL(richName, more)); w.Code != status || status != 200 && w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %v", more, w.Code, w.Header())
		}
	}
	wantText(t, get(t, h, reportURL("nope", "")).Body.String(), "There is no such campaign")
	wantText(t, get(t, h, reportURL(emptyName, "")).Body.String(), "There is nothing to report")
	broken := richStore()
	broken.err = errors.New("down")
	if w := get(t, newDesk(t, Options{Store: broken}), reportURL(richName, "")); w.Code != http.StatusServiceUnavailable || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("of a store that is down: %d %v", w.Code, w.Header())
	}
}

// Names are for those who may take lists out, and every such report is on record.
func TestReportsWithNamesNeedTheRoleAndAreAudited(t *testing.T) {
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: true} {
		t.Run(string(role), func(t *testing.T) {
			b := loggedIn(t, richStore(), role)
			page := b.get(campaignURL(richName)).Body.String()
			if !strings.Contains(page, reportPath+"?") || strings.Contains(page, "identities=yes") != allowed {
				t.Errorf("the reports offered are not those of the role")
			}
			if w := b.get(reportURL(richName, "")); w.Code != 200 || strings.Contains(w.Body.String(), "river_friend_") {
				t.Errorf("without names: %d", w.Code)
			}
			w := b.get(reportURL(richName, "&identities=yes"))
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(string(audited), `"event":"report with names taken out","user":"bela"`); got == 1 != allowed {
				t.Errorf("audited %d times\n%s", got, audited)
			}
			if got := strings.Contains(w.Body.String(), "river_friend_"); got != allowed || w.Code == 200 != allowed || !allowed && w.Code != 403 {
				t.Errorf("with names: %d", w.Code)
			}
			if !allowed {
				return
			}
			if err := b.log.Close(); err != nil {
				t.Fatal(err)
			}
			if w := b.get(reportURL(richName, "&identities=yes")); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "river_friend_") {
				t.Errorf("names without an audit log: %d", w.Code)
			}
		})
	}
}

// reportFile is a report on disk, as it is opened without a network.
func reportFile(t *testing.T) string {
	t.Helper()
	s := liveStore()
	s.changes = changedStore().changes
	var file bytes.Buffer
	err := report.Write(t.Context(), &file, s, report.Options{Campaign: richName, Identities: true, Version: "v0.0-test", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// printed prints the page that is open, on A4, and returns the PDF.
func printed(ctx context.Context, t *testing.T) []byte {
	t.Helper()
	var pdf []byte
	yes, a4 := true, cdppage.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69}
	a4.PreferCSSPageSize = &yes
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		out, err := cdp.Call(ctx, tab, cdppage.PrintToPDF, a4)
		pdf = out.Data
		return err
	}))
	if err != nil {
		t.Fatalf("print: %v", err)
	}
	return pdf
}

// testPrint prints the report that is open.
func testPrint(ctx context.Context, t *testing.T) {
	pdf := printed(ctx, t)
	if n := len(pdfPage.FindAll(pdf, -1)); n < 6 || n > 40 {
		t.Errorf("the report has %d pages on paper", n)
	}
	if *screenshots != "" {
		if err := os.WriteFile(filepath.Join(*screenshots, "report.pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The colours of a report are those of the desk, whose contrast is checked; on paper it has
// its own.
func TestReportHasTheDesksColours(t *testing.T) {
	var file bytes.Buffer
	if err := report.Write(t.Context(), &file, richStore(), report.Options{Campaign: richName, Now: testNow}); err != nil {
		t.Fatal(err)
	}
	_, colours, ok := strings.Cut(palette.CSS, "*/") // templates leave remarks out
	before, after, found := strings.Cut(file.String(), strings.TrimSpace(colours))
	screen, _, printed := strings.Cut(after, "@media print")
	if !ok || !found || !printed {
		t.Fatal("the colours are not in it, or nothing is said about paper")
	}
	if own := customColour.FindAllString(before+screen, -1); len(own) > 0 {
		t.Errorf("it has colours of its own: %q", own)
	}
}
