package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
)

const annasPassword = "lantern river seven goats"

var anna = sync.OnceValues(func() (user.User, error) {
	return user.New("anna", user.Viewer, annasPassword, user.Least())
})

// withUsers is a desk that anna alone may open.
func withUsers(t *testing.T) *access.Options {
	t.Helper()
	dir := t.TempDir()
	u, err := anna()
	if err == nil {
		err = user.Change(filepath.Join(dir, "users"), func(l user.List) (user.List, error) { return l.With(u), nil })
	}
	users, err2 := access.OpenUsers(filepath.Join(dir, "users"))
	log, err3 := audit.Open(filepath.Join(dir, "audit.jsonl"))
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return &access.Options{Users: users, Audit: log}
}

// With users, nothing but the log-in, its looks and the probe for health is shown
// to anybody, and what is shown tells nothing.
func TestNothingIsShownBeforeLogIn(t *testing.T) {
	h := newDesk(t, Options{
		Store: liveStore(), Access: withUsers(t), Version: "v9.8.7", Sources: liveSources,
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("winnow_up 1\n")) }),
		Status: func() Status {
			return Status{EngineUp: true, LastPost: testNow, Notes: []string{"something is amiss"}}
		},
	})
	for path, want := range map[string]int{
		"/": 303, "/campaign": 303, campaignURL(richName): 303, findingURL(richName, "c0ffee01"): 303, "/coverage": 303, "/about": 303, "/nope": 303,
		"/assets/": 303, "/assets/a/b": 303, "/login/": 303, "/metrics/": 303, "/healthz/x": 303, "/%2e/": 303, "//": 307,
		"/assets/../campaign": 307, "/healthz": 200, "/login": 200, "/assets/desk.css": 200, "/assets/nope": 404, "/metrics": 401, "/logout": 405,
	} {
		w := get(t, h, path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		for _, told := range []string{richName, emptyName, "v9.8.7", "amiss", "Last post", "winnow_up", "Coverage", "Campaigns", "bluesky", "mastodon"} {
			if path != "/assets/desk.css" && strings.Contains(w.Body.String(), told) && !strings.Contains(path, url.QueryEscape(told)) {
				t.Errorf("%s tells of %q:\n%s", path, told, visible(w.Body.String()))
			}
		}
	}
	page := get(t, h, "/login?next=%2Fabout")
	wantText(t, page.Body.String(), "Log in", "Name", "Password")
	if body := page.Body.String(); !strings.Contains(body, `name="next" value="/about"`) || strings.Contains(body, "<script") || page.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the form is not as it should be:\n%s", body)
	}
	if body := get(t, h, `/login?next=/"><script>`).Body.String(); strings.Contains(body, "<script") {
		t.Error("next is not escaped")
	}
}

func TestReaderIsShown(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Access: withUsers(t)})
	r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(url.Values{"name": {"anna"}, "password": {annasPassword}}.Encode()))
	r.Host = "localhost:8080"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	in := httptest.NewRecorder()
	h.ServeHTTP(in, r)
	r = httptest.NewRequest(http.MethodGet, "/about", nil)
	r.Host = "localhost:8080"
	for _, c := range in.Result().Cookies() {
		r.AddCookie(c)
	}
	page := httptest.NewRecorder()
	h.ServeHTTP(page, r)
	wantText(t, page.Body.String(), "anna · viewer", "Log out", "What the numbers mean")
	// Without users there is nobody to name and nothing to log out of.
	bare := get(t, newDesk(t, Options{Store: richStore()}), "/about").Body.String()
	wantNoText(t, bare, "Log out", "· admin")
}

// In a real browser without scripts: a page leads to the log-in, that back to the
// page, and after log-out it is refused again.
func TestBrowserLogsIn(t *testing.T) {
	ctx := startBrowser(t)
	server := httptest.NewServer(newDesk(t, Options{Store: richStore(), Access: withUsers(t)}))
	t.Cleanup(server.Close)
	heard := &complaints{}
	if err := chromedp.Listen(ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	// sees checks what the page says and where it is.
	sees := func(path, text string) {
		t.Helper()
		do(chromedp.WaitVisible("body"))
		at, err := chromedp.Run(ctx, chromedp.Location())
		if err != nil || at != server.URL+path {
			t.Fatalf("at %s, %v; want %s", at, err, path)
		}
		said, err := chromedp.Run(ctx, chromedp.Text("body"))
		if err != nil || !strings.Contains(said, text) {
			t.Fatalf("the page says %q, %v; want %q", said, err, text)
		}
	}
	// submit presses a form's button and waits for the page it leads to.
	submit := func(button string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		if _, err := chromedp.RunResponse(ctx, chromedp.Click(button)); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))

	page := campaignURL(richName) + "&range=24h"
	form := "/login?next=" + url.QueryEscape(page)
	for _, size := range []struct{ width, height int64 }{{1280, 900}, {390, 844}} {
		for _, scheme := range []string{"light", "dark"} {
			visit(ctx, t, server.URL+page, look{size.width, size.height, scheme})
			got := measure(ctx, t, look{size.width, size.height, scheme})
			if got.Scroll > got.Inner || len(got.Out) > 0 || len(got.Tiny) > 0 || !got.Styled {
				t.Errorf("the log-in does not hold together at %d: %+v", size.width, got)
			}
			if *screenshots != "" {
				saveScreenshot(ctx, t, fmt.Sprintf("login-%d-%s.png", size.width, scheme))
			}
		}
	}
	sees(form, "Log in")
	if said := heard.take(); len(said) > 0 {
		t.Errorf("console: %s", strings.Join(said, "; "))
	}
	do(chromedp.SendKeys("input[name=name]", "anna"), chromedp.SendKeys("input[name=password]", "guessed at random"))
	submit("main button")
	sees("/login", "The name or the password is wrong.")
	heard.take() // of the refusal
	if *screenshots != "" {
		saveScreenshot(ctx, t, "login-refused.png")
	}
	do(chromedp.SendKeys("input[name=name]", "Anna"), chromedp.SendKeys("input[name=password]", annasPassword))
	submit("main button")
	sees(page, "Are we under attack?")
	for _, width := range []int64{1280, 768, 390} {
		visit(ctx, t, server.URL+page, look{width, 900, "light"})
		if got := measure(ctx, t, look{width, 900, "light"}); got.Scroll > got.Inner || len(got.Out) > 0 || len(got.Tiny) > 0 {
			t.Errorf("with a reader's name the page does not hold together at %d: %+v", width, got)
		}
		if *screenshots != "" {
			saveScreenshot(ctx, t, fmt.Sprintf("reader-%d.png", width))
		}
	}
	submit(".reader button")
	sees("/login", "Log in")
	visit(ctx, t, server.URL+page, look{1280, 900, "light"})
	sees(form, "Log in")
	if said := heard.take(); len(said) > 0 {
		t.Errorf("console: %s", strings.Join(said, "; "))
	}
}
