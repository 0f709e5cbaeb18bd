package desk

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/alerts"
)

// alarm is somebody to be told by every way that a page can show.
type alarm struct {
	tested []string
	err    error
}

func (*alarm) Channels() []alerts.Channel {
	return []alerts.Channel{
		{Name: "team", Kind: "ntfy", Host: "ntfy.example.org", PerHour: 6, Delivered: testNow.Add(-time.Hour)},
		{
			Name: "Anna at night – آنا ليلا", Kind: "smtp", Host: "mail.example.org", Campaigns: []string{richName, rtlName}, Events: []string{"attack_begins", "budget_near"},
			Handles: true, PerHour: 1, Quiet: &alerts.Quiet{From: "22:00", To: "07:00", Zone: "Asia/Baku", Urgent: true}, Waiting: 3,
			Failed: testNow.Add(-time.Minute), Failing: true, Failure: "the server answered 535: who are you?", Permanent: true,
		},
		{Name: "hook", Kind: "generic", Host: strings.Repeat("a-long-name.", 9) + "example.org:8443", PerHour: 60, Texts: true, Failed: testNow.Add(-2 * time.Hour), Failure: "no connection"},
	}
}

func (a *alarm) Test(_ context.Context, name string) error {
	a.tested = append(a.tested, name)
	return a.err
}

// hostile is an alarm in which everything is evil.
type hostile struct{ evil string }

func hostileAlerts(evil string) alerts.Source { return hostile{evil} }

func (h hostile) Channels() []alerts.Channel {
	return []alerts.Channel{{
		Name: h.evil, Kind: h.evil, Host: h.evil, Campaigns: []string{h.evil}, Events: []string{h.evil}, Failed: testNow, Failing: true, Failure: h.evil,
		Quiet: &alerts.Quiet{From: h.evil, To: h.evil, Zone: h.evil},
	}}
}

func (h hostile) Test(context.Context, string) error { return &alerts.Failure{Text: h.evil} }

func test(receiver string) url.Values { return url.Values{"receiver": {receiver}} }

func TestAlertsPage(t *testing.T) {
	a := &alarm{}
	h := newDesk(t, Options{Store: richStore(), Alerts: a})
	page := get(t, h, "/alerts").Body.String()
	wantText(t, page,
		"ntfy, ntfy.example.org", "Campaignsall Told ofeverything", "neither handles nor texts", "Last delivered12 Jun 2031, 17:30:00 UTC (1 hour ago)",
		"e-mail, mail.example.org", "an attack begins; a budget is nearly used up", "from 22:00 to 07:00 (Asia/Baku) nothing is sent, except that an attack begins",
		"Waiting3 alerts", "535: who are you?", "Messages are not taken at the moment.", "That stays so until something changes.", "1 message an hour",
		"no connection. Messages were taken since", "texts, and no handles",
	)
	if got := strings.Count(page, "<form method=\"post\" action=\"/alerts\">"); got != 3 {
		t.Errorf("%d buttons", got)
	}
	w := send(t, h, "/alerts", test("team"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/alerts#receiver-1" || len(a.tested) != 1 || a.tested[0] != "team" {
		t.Fatalf("%d to %q, tested %q", w.Code, w.Header().Get("Location"), a.tested)
	}
	wantText(t, get(t, h, "/alerts").Body.String(), "The server took the test message, just now")
	a.err = &alerts.Failure{Text: "the server answered 404 Not Found", Permanent: true}
	if w := send(t, h, "/alerts", test("hook")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	wantText(t, get(t, h, "/alerts").Body.String(), "The test message was not taken, just now", "404 Not Found. That stays so until something changes. Look at the address")

	none := get(t, newDesk(t, Options{Store: richStore()}), "/alerts").Body.String()
	wantText(t, none, "Nobody is told when an attack begins", "url_file: team-address", "docs/alerts.md")
	wantNoText(t, none, "Send a test")
}

// Nothing is sent that should not be.
func TestNoTestMessage(t *testing.T) {
	for name, sent := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		status int
		says   string
	}{
		"nobody":         {form: test("nobody"), status: 404, says: "There is no such receiver now"},
		"no name":        {form: url.Values{}, status: 404, says: "There is no such receiver now"},
		"too large":      {form: test(strings.Repeat("a", 10_000)), status: 400, says: "did not arrive"},
		"another site":   {form: test("team"), change: func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, status: 403, says: "another web page"},
		"another origin": {form: test("team"), change: func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://evil.example") }, status: 403, says: "another web page"},
		"by its address": {form: url.Values{}, change: func(r *http.Request) { r.URL.RawQuery = "receiver=team" }, status: 404, says: "no such receiver"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &alarm{}
			if sent.change == nil {
				sent.change = func(*http.Request) {}
			}
			w := send(t, newDesk(t, Options{Store: richStore(), Alerts: a}), "/alerts", sent.form, sent.change)
			if w.Code != sent.status || len(a.tested) > 0 {
				t.Errorf("status %d, tested %q", w.Code, a.tested)
			}
			wantText(t, w.Body.String(), sent.says)
		})
	}
	if w := send(t, newDesk(t, Options{Store: richStore()}), "/alerts", test("team")); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("with nobody to be told: %d", w.Code)
	}
}

// A receiver cannot be flooded, whoever presses the button; another one still has its own.
func TestTestMessagesAreLimited(t *testing.T) {
	a := &alarm{}
	h := newDesk(t, Options{Store: richStore(), Alerts: a})
	var last int
	for range 20 {
		w := send(t, h, "/alerts", test("team"))
		last = w.Code
		if last == http.StatusTooManyRequests {
			wantText(t, w.Body.String(), "was sent enough tests for now. Nothing was sent: wait 5 minutes")
		}
	}
	if last != http.StatusTooManyRequests || len(a.tested) != 3 {
		t.Errorf("%d of 20 were sent, the last one %d", len(a.tested), last)
	}
	if w := send(t, h, "/alerts", test("hook")); w.Code != http.StatusSeeOther || len(a.tested) != 4 {
		t.Errorf("to another one: %d", w.Code)
	}
}

func TestTestMessagesAreForAdminsAndAudited(t *testing.T) {
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: false, user.Admin: true} {
		t.Run(string(role), func(t *testing.T) {
			a := &alarm{}
			b := loggedIn(t, richStore(), role, func(o *Options) { o.Alerts = a })
			if w := send(t, b.desk, "/alerts", test("team")); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") || len(a.tested) > 0 {
				t.Errorf("without a session: %d, %q", w.Code, a.tested)
			}
			page := b.get("/alerts").Body.String()
			if got := strings.Contains(page, "<button aria-describedby"); got != allowed {
				t.Errorf("the button is shown: %v", got)
			}
			wantText(t, page, "ntfy, ntfy.example.org")
			w := send(t, b.desk, "/alerts", test("team"), b.as)
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			line := `"event":"alert tested","user":"bela","role":"admin","address":"192.0.2.1","receiver":"team"}`
			if !allowed {
				if w.Code != http.StatusForbidden || len(a.tested) > 0 || strings.Contains(string(audited), "alert tested") {
					t.Errorf("%d, %q\n%s", w.Code, a.tested, audited)
				}
				wantText(t, w.Body.String(), "Tests are for admins. Nothing was sent.")
				return
			}
			if w.Code != http.StatusSeeOther || len(a.tested) != 1 || !strings.Contains(string(audited), line) {
				t.Errorf("%d, %q\n%s", w.Code, a.tested, audited)
			}
			wantText(t, b.get("/alerts").Body.String(), "Sent by bela")
			// What is not in the audit log must not happen.
			if err := b.log.Close(); err != nil {
				t.Fatal(err)
			}
			w = send(t, b.desk, "/alerts", test("hook"), b.as)
			if w.Code != http.StatusServiceUnavailable || len(a.tested) != 1 {
				t.Errorf("without the audit log: %d, %q", w.Code, a.tested)
			}
			wantText(t, w.Body.String(), "sends no test without")
		})
	}
}

// Nothing about alerts is told to who is not logged in.
func TestAlertsNeedALogIn(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Alerts: &alarm{}, Access: withUsers(t)})
	if w := get(t, h, "/alerts"); w.Code != http.StatusSeeOther || strings.Contains(w.Body.String(), "ntfy") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
