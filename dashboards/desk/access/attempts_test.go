package access

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access/user"
)

func TestLogInAndOut(t *testing.T) {
	h := newHouse(t, Options{})
	if w := h.ask(http.MethodGet, "/login?next=/about", ""); w.Code != 200 || w.Body.String() != "form next=/about problem=" {
		t.Errorf("the form: %d %s", w.Code, w.Body)
	}
	anna := h.ask(http.MethodPost, "/login", form(" Anna ", annas, "/campaign?name=a%26b"), header("Sec-Fetch-Site", "same-origin"))
	if anna.Code != http.StatusSeeOther || anna.Header().Get("Location") != "/campaign?name=a%26b" {
		t.Fatalf("log-in: %d to %q: %s", anna.Code, anna.Header().Get("Location"), anna.Body)
	}
	if w := h.ask(http.MethodGet, "/x", "", with(anna)); w.Body.String() != "page for anna, viewer, manages: false" {
		t.Errorf("anna sees %q", w.Body)
	}
	if w := h.ask(http.MethodGet, "/x", "", with(h.in("ben", bens))); w.Body.String() != "page for ben, admin, manages: true" {
		t.Errorf("ben sees %q", w.Body)
	}
	if w := h.ask(http.MethodGet, "/login?next=/about", "", with(anna)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/about" {
		t.Errorf("the form for who is in: %d", w.Code)
	}
	if w := h.ask(http.MethodGet, "/logout", "", with(anna)); w.Code != http.StatusMethodNotAllowed || !h.reads(with(anna)) {
		t.Errorf("a link logs out: %d", w.Code)
	}
	out := h.ask(http.MethodPost, "/logout", "", with(anna))
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/login" {
		t.Errorf("log-out: %d", out.Code)
	}
	if c := out.Result().Cookies(); len(c) != 1 || c[0].Value != "" || c[0].MaxAge >= 0 {
		t.Errorf("log-out leaves the cookie: %v", c)
	}
	if h.reads(with(anna)) {
		t.Error("the session goes on after log-out")
	}
}

// Each of these is refused, and no session comes of it.
func TestAttempts(t *testing.T) {
	post := func(body string, a ...alter) func(*house) *httptest.ResponseRecorder {
		return func(h *house) *httptest.ResponseRecorder { return h.ask(http.MethodPost, "/login", body, a...) }
	}
	get := func(target string, a ...alter) func(*house) *httptest.ResponseRecorder {
		return func(h *house) *httptest.ResponseRecorder { return h.ask(http.MethodGet, target, "", a...) }
	}
	right := form("anna", annas, "/")
	for _, test := range []struct {
		name   string
		do     func(*house) *httptest.ResponseRecorder
		status int
		// where it leads, for 303.
		location string
	}{
		{"no log-in", get("/"), 303, "/login"},
		{"no log-in at a page", get("/campaign?name=a%26b&range=7d"), 303, "/login?next=%2Fcampaign%3Fname%3Da%2526b%26range%3D7d"},
		{"no log-in at an unknown page", get("/nope"), 303, "/login?next=%2Fnope"},
		{"no log-in by HEAD", func(h *house) *httptest.ResponseRecorder { return h.ask(http.MethodHead, "/", "") }, 303, "/login"},
		{"empty cookie", get("/", cookie("")), 303, "/login"},
		{"forged cookie", get("/", cookie(strings.Repeat("A", 43))), 303, "/login"},
		{"long cookie", get("/", cookie(strings.Repeat("A", 4000))), 303, "/login"},
		{"cookie of other letters", get("/", cookie(strings.Repeat("%", 43))), 303, "/login"},
		{"name as cookie", get("/", cookie("anna")), 303, "/login"},
		{"name by Basic", get("/", header("Authorization", "Basic YW5uYTpsYW50ZXJuIHJpdmVyIHNldmVuIGdvYXRz")), 303, "/login"},

		{"wrong password", post(form("anna", bens, "/")), 403, ""},
		{"password of another case", post(form("anna", strings.ToUpper(annas), "/")), 403, ""},
		{"blank behind the password", post(form("anna", annas+" ", "/")), 403, ""},
		{"no password", post(form("anna", "", "/")), 403, ""},
		{"unknown user", post(form("carl", annas, "/")), 403, ""},
		{"nobody", post(form("", "", "/")), 403, ""},
		{"empty form", post("x=y"), 403, ""},
		{"name with more lines", post(form("anna\r\nSet-Cookie: winnow=x", annas, "/")), 403, ""},
		{"name with a zero", post(form("anna\x00", annas, "/")), 403, ""},
		{"password in the address", func(h *house) *httptest.ResponseRecorder {
			return h.ask(http.MethodPost, "/login?"+right, "next=/")
		}, 403, ""},
		{"password by GET", get("/login?" + right), 200, ""}, // the form
		{"form as JSON", post(`{"name":"anna","password":"`+annas+`"}`, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }), 403, ""},
		{"broken form", post("name=%zz&password=" + annas), 400, ""},
		{"oversized form", post(right + "&more=" + strings.Repeat("a", maxBody)), 413, ""},
		{"oversized password", post(form("anna", strings.Repeat("a", maxBody), "/")), 413, ""},

		{"log-in by another site", post(right, header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document")), 403, ""},
		{"log-in by another port", post(right, header("Sec-Fetch-Site", "same-site")), 403, ""},
		{"log-in by another site, in an old browser", post(right, header("Origin", "https://evil.example")), 403, ""},
		{"log-in out of a sandbox", post(right, header("Origin", "null")), 403, ""},
		{"log-in at a rebound name", post(right, func(r *http.Request) { r.Host = "evil.example" }), 421, ""},
		{"log-in by PUT", func(h *house) *httptest.ResponseRecorder { return h.ask(http.MethodPut, "/login", right) }, 405, ""},
		{"log-in at a page", func(h *house) *httptest.ResponseRecorder { return h.ask(http.MethodPost, "/about", right) }, 405, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, Options{})
			w := test.do(h)
			if w.Code != test.status || w.Header().Get("Location") != test.location {
				t.Errorf("%d to %q, want %d to %q: %s", w.Code, w.Header().Get("Location"), test.status, test.location, w.Body)
			}
			if strings.Contains(w.Body.String(), "page for") {
				t.Error("the page was shown")
			}
			if got := w.Header()["Set-Cookie"]; len(got) > 0 || len(h.door.sessions.open) > 0 {
				t.Errorf("a session was opened: %v", got)
			}
			if strings.Contains(w.Body.String(), annas) {
				t.Error("the answer holds the password")
			}
		})
	}
}

// Another site that makes a browser log out is refused, and so is one that asks
// for a page with its cookie as a part of itself.
func TestOtherSitesUseNoSession(t *testing.T) {
	h := newHouse(t, Options{})
	anna := h.in("anna", annas)
	for _, alters := range [][]alter{
		{header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document")},
		{header("Sec-Fetch-Site", "same-site")},
		{header("Origin", "https://evil.example")},
		{header("Origin", "null")},
	} {
		if w := h.ask(http.MethodPost, "/logout", "", append(alters, with(anna))...); w.Code != http.StatusForbidden {
			t.Errorf("log-out: %d", w.Code)
		}
	}
	if w := h.ask(http.MethodGet, "/", "", with(anna), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors"), header("Sec-Fetch-Dest", "image")); w.Code != http.StatusForbidden {
		t.Errorf("page as an image: %d", w.Code)
	}
	if !h.reads(with(anna)) {
		t.Error("the session ended")
	}
}

// An id that was there before log-in is worth nothing after it: neither one that
// somebody planted nor that of the session before.
func TestFixation(t *testing.T) {
	h := newHouse(t, Options{})
	planted := strings.Repeat("B", 43)
	anna := h.in("anna", annas, cookie(planted))
	if anna.Result().Cookies()[0].Value == planted || h.reads(cookie(planted)) {
		t.Error("a planted id was taken")
	}
	again := h.in("anna", annas, with(anna))
	if h.reads(with(anna)) || !h.reads(with(again)) {
		t.Error("the session before goes on after another log-in")
	}
	// Whoever has a session of their own cannot make it that of another.
	ben := h.in("ben", bens, with(again))
	if w := h.ask(http.MethodGet, "/x", "", with(ben)); !strings.Contains(w.Body.String(), "page for ben") || h.reads(with(again)) {
		t.Errorf("ben sees %s", w.Body)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		h := newHouse(t, Options{})
		anna := h.in("anna", annas)
		for range 5 {
			if h.now = h.now.Add(maxIdle - time.Second); !h.reads(with(anna)) {
				t.Fatal("a session that is used ended")
			}
		}
		if h.now = h.now.Add(maxIdle); h.reads(with(anna)) {
			t.Error("an idle session goes on")
		}
		if len(h.door.sessions.open) > 0 {
			t.Error("an idle session is kept")
		}
	})
	t.Run("old", func(t *testing.T) {
		h := newHouse(t, Options{})
		anna := h.in("anna", annas)
		began := h.now
		for h.now.Sub(began) < maxAge-time.Minute {
			if h.now = h.now.Add(time.Minute); !h.reads(with(anna)) {
				t.Fatalf("a session ended after %v", h.now.Sub(began))
			}
		}
		if h.now = began.Add(maxAge); h.reads(with(anna)) {
			t.Error("an old session goes on")
		}
	})
	t.Run("clock set back", func(t *testing.T) {
		h := newHouse(t, Options{})
		anna := h.in("anna", annas)
		if h.now = h.now.Add(-time.Hour); h.reads(with(anna)) {
			t.Error("a session from the future goes on")
		}
	})
	for name, change := range map[string]func(*house){
		"password changed": func(h *house) { h.set("anna", user.Viewer, "another lantern in the river") },
		"role changed":     func(h *house) { h.set("anna", user.Analyst, annas) },
		"same again":       func(h *house) { h.set("anna", user.Viewer, annas) },
		"removed": func(h *house) {
			if err := user.Change(h.users, func(l user.List) (user.List, error) { return l.Without("anna"), nil }); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, Options{})
			anna, ben := h.in("anna", annas), h.in("ben", bens)
			if change(h); h.reads(with(anna)) {
				t.Error("the session goes on")
			}
			if !h.reads(with(ben)) {
				t.Error("somebody else's session ended")
			}
		})
	}
}

// Sessions are bounded, for each and in all; the one idle longest goes.
func TestSessionsAreBounded(t *testing.T) {
	s, now := NewSessions(), time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	bens := s.begin("ben", "", now)
	var first, second string
	for i := range maxSessionsEach + 1 {
		now = now.Add(time.Second)
		switch id := s.begin("anna", "", now); i {
		case 0:
			first = id
		case 1:
			second = id
			if _, ok := s.find(first, now.Add(time.Millisecond)); !ok {
				t.Fatal("the first session is gone too early")
			}
		}
	}
	if _, ok := s.find(first, now); !ok {
		t.Error("a session that was used is gone")
	}
	if _, ok := s.find(second, now); ok || len(s.open) != maxSessionsEach+1 {
		t.Errorf("the session idle longest goes on; %d are open", len(s.open))
	}
	if _, ok := s.find(bens, now); !ok {
		t.Error("somebody else's session is gone")
	}
	for i := range maxSessions + 10 {
		s.begin(time.Duration(i).String(), "", now)
	}
	if len(s.open) != maxSessions {
		t.Errorf("%d sessions are open, want %d", len(s.open), maxSessions)
	}
}
