package desk

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// visible reduces a page to what a reader sees, roughly: tags go, blanks fold.
func visible(page string) string {
	var b strings.Builder
	inTag := false
	for _, r := range page {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case !inTag:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func wantText(t *testing.T, page string, texts ...string) {
	t.Helper()
	seen := visible(page)
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			t.Errorf("page does not say %q", text)
		}
	}
	if t.Failed() {
		t.Logf("page says: %s", seen)
	}
}

func wantNoText(t *testing.T, page string, texts ...string) {
	t.Helper()
	seen := visible(page)
	for _, text := range texts {
		if strings.Contains(seen, text) {
			t.Errorf("page says %q", text)
		}
	}
}

func campaignURL(name string) string { return "/campaign?name=" + url.QueryEscape(name) }

func findingURL(name, id string) string {
	return "/campaign/finding?name=" + url.QueryEscape(name) + "&id=" + url.QueryEscape(id)
}

func TestPages(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	for _, test := range []struct {
		name, url string
		status    int
		says      []string
		saysNot   []string
	}{
		{
			name: "campaigns", url: "/", status: 200,
			says: []string{
				"Coordinated activity found", "None found so far", "No posts yet", richName, rtlName,
				"15.7%", "19,331", "3,004", "at least 1,284,332", "10 Jun 2031, 05:25 UTC (2 days ago)", "4 and 1 declared 1 early sign",
			},
			saysNot: []string{"Demonstration."},
		},
		{
			name: "campaign with coordination", url: campaignURL(richName), status: 200,
			says: []string{
				"Winnow found coordinated activity: 4 findings.",
				"Whether that is an attack is yours to judge",
				"Since 10 Jun 2031, 05:25 UTC.",
				"The last evidence is from 12 Jun 2031, 17:30 UTC, 1 hour ago.",
				"15.7% of the posts and 4.8% of the accounts.",
				"3,038 of 19,331 posts and 143 of 3,004 accounts lie inside findings. 756 more posts belong to your declared actions.",
				"lantern_anna@river.example, @night_bus_diary.",
				"@night_bus_diary: 1 pile-on, 29 posts, the largest by 23 accounts.",
				"followers known for 2,811 of 3,004 accounts",
				"Posts per hour", "The strip on top", "declared: Evening of lanterns", "by chance about once in 87 trillion",
				"1 early sign, not counted here: it may be taken back within the hour. See what it is",
				"until then it counts in none of the numbers above", "early sign, may be taken back 31 accounts", "Flood 31 accounts", "high confidence These 41 accounts", "one campaign in sixteen may have one like it by chance",
			},
			saysNot: []string{"it goes on now", "No coordination found"},
		},
		{
			name: "campaign without coordination", url: campaignURL(rtlName), status: 200,
			says: []string{
				"No coordination found so far.", "That is not the same as no attack.", "There is no such moment so far.",
				"Nobody that stands out.", "no follower numbers were told", "Unknown: no platform told how many followers",
			},
			saysNot: []string{"Declared actions"},
		},
		{
			name: "campaign without posts", url: campaignURL(emptyName), status: 200,
			says:    []string{"No posts yet", "Winnow is watching for this campaign", "winnow.yaml"},
			saysNot: []string{"Are we under attack?", "No posts between", "None so far", "Quick ranges", "How much of it?"},
		},
		{
			name: "finding", url: findingURL(richName, "c0ffee01"), status: 200,
			says: []string{
				"Same content, posted together", "by chance we would expect 0.2.",
				"By chance one would see 0.2 such coincidences here. Winnow saw 287.",
				"surprise of 46 bits: by chance about once in 87 trillion", "20 bits is once in a million",
				"That the accounts are fake, automated or paid.", "no single account", "unknown", "Show 44 more accounts",
				"Deleted. Its text is gone; it still counts.", "182 more posts are not shown here.",
				"Show the whole text (801 characters)", "can see that somebody at your address looked",
			},
		},
		{
			name: "pile-on", url: findingURL(richName, "c0ffee03"), status: 200,
			says: []string{"Pile-on", "lantern_anna@river.example", "The texts of a pile-on can hurt.", "Show the text"},
		},
		{
			name: "declared finding", url: findingURL(richName, "c0ffee05"), status: 200,
			says: []string{"declared: Evening of lanterns", "It is shown, and not counted as coordinated."},
		},
		{
			name: "about", url: "/about", status: 200,
			says: []string{"The followers of all accounts that posted, each account once", "how many people could have seen", "What Winnow cannot see", "a hole is not read as a quiet hour"},
		},
		{name: "unknown campaign", url: campaignURL("nope"), status: 404, says: []string{"There is no such campaign"}},
		{name: "no campaign named", url: "/campaign", status: 404, says: []string{"There is no such campaign"}},
		{name: "unknown finding", url: findingURL(richName, "nope"), status: 404, says: []string{"There is no such finding"}},
		{name: "unknown page", url: "/nope", status: 404, says: []string{"There is no such page"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := get(t, h, test.url)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			wantText(t, w.Body.String(), test.says...)
			wantNoText(t, w.Body.String(), test.saysNot...)
			if got := w.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q: evidence must not stay in a cache", got)
			}
		})
	}
}

func TestEmptyDeskSaysWhatToDo(t *testing.T) {
	w := get(t, newDesk(t, Options{Store: &fakeStore{}}), "/")
	wantText(t, w.Body.String(), "winnow demo", "winnow replay FILE", "winnow.yaml")
}

func TestOngoing(t *testing.T) {
	s := richStore()
	s.findings[richName][0].EndedAt = testNow.Add(-3 * time.Minute)
	w := get(t, newDesk(t, Options{Store: s}), campaignURL(richName))
	wantText(t, w.Body.String(), "4 findings, and it goes on now.", "3 minutes ago")
}

func TestFreshFindingIsStillBeingCounted(t *testing.T) {
	s := richStore()
	s.campaigns[2].CoordinatedPosts = 0
	w := get(t, newDesk(t, Options{Store: s}), campaignURL(richName))
	wantText(t, w.Body.String(), "The findings are new and still being counted.")
}

// A declared action alone is no coordinated activity.
func TestOnlyDeclared(t *testing.T) {
	s := richStore()
	s.findings[richName] = s.findings[richName][4:5]
	s.campaigns[2].Findings, s.campaigns[2].EarlyFindings = 0, 0
	h := newDesk(t, Options{Store: s})
	wantText(t, get(t, h, "/").Body.String(), "None found besides your declared actions")
	page := get(t, h, campaignURL(richName)).Body.String()
	wantText(t, page, "No coordination found so far.", "declared: Evening of lanterns")
	wantNoText(t, page, "Winnow found coordinated activity")
}

func TestManyFindingsAreBounded(t *testing.T) {
	s := richStore()
	one := s.findings[richName][0]
	for i := range 700 {
		one.ID, one.Target = fmt.Sprint("more-", i), fmt.Sprint("target-", i%9)
		s.findings[richName] = append(s.findings[richName], one)
	}
	page := get(t, newDesk(t, Options{Store: s}), campaignURL(richName)).Body.String()
	if got := strings.Count(page, `class="finding"`); got != maxFindings {
		t.Errorf("%d findings listed, want %d", got, maxFindings)
	}
	wantText(t, page, "704 findings", "504 older findings are not shown here.", "and 6 more")
}

func TestDemoBanner(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Demo: true})
	for _, page := range []string{"/", campaignURL(richName), findingURL(richName, "c0ffee01"), "/about", "/nope"} {
		wantText(t, get(t, h, page).Body.String(), "Demonstration. All posts and accounts on these pages are synthetic")
	}
}

func TestStatusLine(t *testing.T) {
	for _, test := range []struct {
		name   string
		status Status
		says   string
		amiss  bool
	}{
		{"fine", Status{EngineUp: true, LastPost: testNow.Add(-2 * time.Minute), Waiting: 2}, "Last post 2 minutes ago", false},
		{"no post", Status{EngineUp: true}, "No new post since Winnow was started", false},
		{"behind", Status{EngineUp: true, LastPost: testNow, Waiting: 1204}, "Last post just now; the numbers are behind by 1,204 batches of posts", true},
		{"down", Status{LastPost: testNow}, "The store does not answer", true},
		{"note", Status{EngineUp: true, LastPost: testNow, Notes: []string{"X: quota used up until 20:00 UTC <b>"}}, "X: quota used up until 20:00 UTC &lt;b&gt;", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newDesk(t, Options{Store: richStore(), Status: func() Status { return test.status }})
			page := get(t, h, "/about").Body.String()
			wantText(t, page, test.says)
			if got := strings.Contains(page, "status-amiss"); got != test.amiss {
				t.Errorf("marked as amiss: %v, want %v", got, test.amiss)
			}
		})
	}
}

// A store that fails is told in plain words; the details go to the log only.
func TestStoreErrors(t *testing.T) {
	for _, page := range []string{"/", campaignURL(richName), findingURL(richName, "c0ffee01")} {
		t.Run(page, func(t *testing.T) {
			var logged bytes.Buffer
			s := richStore()
			s.err = errors.New("code 241: memory limit of secret-host exceeded")
			w := get(t, newDesk(t, Options{Store: s, Log: slog.New(slog.NewTextHandler(&logged, nil))}), page)
			if w.Code != http.StatusServiceUnavailable {
				t.Errorf("status %d, want 503", w.Code)
			}
			wantText(t, w.Body.String(), "The store does not answer", "Nothing is lost", "load this page again")
			if strings.Contains(w.Body.String(), "secret-host") {
				t.Error("the page shows the error's details")
			}
			if got := strings.Count(logged.String(), "secret-host"); got != 1 {
				t.Errorf("error logged %d times, want once: %s", got, logged.String())
			}
		})
	}
}

func TestSlowStoreIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := richStore()
		s.block = true
		h := newDesk(t, Options{Store: s})
		began := time.Now()
		w := get(t, h, campaignURL(richName))
		if took := time.Since(began); took != requestTimeout {
			t.Errorf("gave up after %v, want %v", took, requestTimeout)
		}
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("status %d, want 503", w.Code)
		}
		wantText(t, w.Body.String(), "This takes too long", "did not answer in time", "Choose a shorter time range")
	})
}

func TestAssets(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	page := get(t, h, "/about").Body.String()
	_, rest, _ := strings.Cut(page, `<link rel="stylesheet" href="`)
	address, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("page has no style sheet")
	}
	for _, test := range []struct {
		url, kind, cache string
		status           int
	}{
		{address, "text/css; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"/assets/desk.css?v=old", "text/css; charset=utf-8", "no-cache", 200},
		{"/assets/icon.svg", "image/svg+xml", "no-cache", 200},
		{"/assets/nope.css", "text/plain; charset=utf-8", "", 404},
		{"/assets/..%2fdesk.go", "text/plain; charset=utf-8", "", 404},
	} {
		w := get(t, h, test.url)
		if w.Code != test.status || w.Header().Get("Content-Type") != test.kind || w.Header().Get("Cache-Control") != test.cache {
			t.Errorf("%s: %d %s %q, want %d %s %q", test.url, w.Code, w.Header().Get("Content-Type"),
				w.Header().Get("Cache-Control"), test.status, test.kind, test.cache)
		}
	}
}

func TestHealthAndMetrics(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("winnow_up 1\n")) })
	h := newDesk(t, Options{Store: &fakeStore{err: errors.New("down")}, Metrics: metrics})
	if w := get(t, h, "/healthz"); w.Code != 200 || w.Body.String() != "ok\n" {
		t.Errorf("healthz: %d %q", w.Code, w.Body)
	}
	if w := get(t, h, "/metrics"); w.Body.String() != "winnow_up 1\n" {
		t.Errorf("metrics: %d %q", w.Code, w.Body)
	}
	if w := get(t, newDesk(t, Options{Store: &fakeStore{}}), "/metrics"); w.Code != 404 {
		t.Errorf("metrics without a handler: %d, want 404", w.Code)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	server := httptest.NewServer(newDesk(t, Options{Store: richStore()}))
	defer server.Close()
	resp, err := http.Head(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("a desk without a store was built")
	}
	for _, host := range []string{"", "http://desk.example", "desk.example/", "desk example", "desk.example:", "desk.example:0", "desk.example:99999", "*.example", "[::1"} {
		if _, err := New(Options{Store: &fakeStore{}, Hosts: []string{host}}); err == nil {
			t.Errorf("host %q was accepted", host)
		}
	}
}

// The guard covers everything, not only pages.
func TestGuardCoversAll(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Metrics: http.NotFoundHandler()})
	for _, path := range []string{"/", "/campaign", "/campaign/finding", "/about", "/healthz", "/metrics", "/assets/desk.css", "/nope"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "evil.example"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d, want 421", path, w.Code)
		}
	}
}
