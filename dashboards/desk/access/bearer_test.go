package access

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/access/user"
)

// newToken puts a token into the file and returns its secret.
func (h *house) newToken(name string, role user.Role, life time.Duration) string {
	h.t.Helper()
	one, secret, err := token.New(name, role, life, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.changeTokens(func(l token.List) token.List { return l.With(one) })
	return secret
}

func (h *house) changeTokens(change func(token.List) token.List) {
	h.t.Helper()
	if err := token.Change(token.Path(h.users), func(l token.List) (token.List, error) { return change(l), nil }); err != nil {
		h.t.Fatal(err)
	}
}

func bearer(secret string) alter { return header("Authorization", "Bearer "+secret) }

const api = "/api/v1/campaigns"

func TestTokens(t *testing.T) {
	h := newHouse(t, Options{})
	if w := h.ask(http.MethodGet, api, "", bearer("winnow_x")); w.Code != http.StatusUnauthorized {
		t.Fatalf("without any token: %d", w.Code)
	}
	viewer, analyst := h.newToken("nightly", user.Viewer, 0), h.newToken("judge", user.Analyst, time.Hour)
	for secret, want := range map[string]string{viewer: "answer for nightly, viewer, token: true, judges: false", analyst: "answer for judge, analyst, token: true, judges: true"} {
		for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  "} {
			w := h.ask(http.MethodGet, api, "", header("Authorization", scheme+secret))
			if w.Code != http.StatusOK || w.Body.String() != want {
				t.Errorf("%s: %d %s", scheme, w.Code, w.Body)
			}
			if len(w.Header()["Set-Cookie"]) > 0 || len(h.door.sessions.open) > 0 {
				t.Error("a token opened a session")
			}
		}
	}
	// A browser reads by its session.
	if w := h.ask(http.MethodGet, api, "", with(h.in("anna", annas))); w.Body.String() != "answer for anna, viewer, token: false, judges: false" {
		t.Errorf("anna reads %d %s", w.Code, w.Body)
	}
	// Each counts as soon as it is changed.
	h.changeTokens(func(l token.List) token.List { return l.Without("nightly") })
	if w := h.ask(http.MethodGet, api, "", bearer(viewer)); w.Code != http.StatusUnauthorized {
		t.Errorf("a token that was removed: %d", w.Code)
	}
	h.now = h.now.Add(time.Hour - time.Second)
	if w := h.ask(http.MethodGet, api, "", bearer(analyst)); w.Code != http.StatusOK {
		t.Errorf("a token in its last second: %d", w.Code)
	}
	h.now = h.now.Add(time.Second)
	if w := h.ask(http.MethodGet, api, "", bearer(analyst)); w.Code != http.StatusUnauthorized {
		t.Errorf("a token that is over: %d", w.Code)
	}
}

// Each of these is refused with a problem, and reads nothing.
func TestTokenAttempts(t *testing.T) {
	for _, test := range []struct {
		name   string
		method string
		target string
		alters func(h *house, secret string) []alter
		status int
	}{
		{name: "no token", status: 401},
		{name: "empty", alters: func(*house, string) []alter { return []alter{header("Authorization", "")} }, status: 401},
		{name: "scheme alone", alters: func(*house, string) []alter { return []alter{header("Authorization", "Bearer")} }, status: 401},
		{name: "empty bearer", alters: func(*house, string) []alter { return []alter{bearer("")} }, status: 401},
		{name: "wrong", alters: func(*house, string) []alter { return []alter{bearer("winnow_" + strings.Repeat("A", 43))} }, status: 401},
		{name: "a letter less", alters: func(_ *house, s string) []alter { return []alter{bearer(s[:len(s)-1])} }, status: 401},
		{name: "a letter more", alters: func(_ *house, s string) []alter { return []alter{bearer(s + "A")} }, status: 401},
		{name: "in another case", alters: func(_ *house, s string) []alter { return []alter{bearer(strings.ToUpper(s))} }, status: 401},
		{name: "without its beginning", alters: func(_ *house, s string) []alter { return []alter{bearer(strings.TrimPrefix(s, "winnow_"))} }, status: 401},
		{name: "without its scheme", alters: func(_ *house, s string) []alter { return []alter{header("Authorization", s)} }, status: 401},
		{name: "by Basic", alters: func(_ *house, s string) []alter { return []alter{header("Authorization", "Basic "+s)} }, status: 401},
		{name: "twice", alters: func(_ *house, s string) []alter { return []alter{bearer(s), bearer(s)} }, status: 401},
		{name: "its name", alters: func(*house, string) []alter { return []alter{bearer("nightly")} }, status: 401},
		{name: "its line", alters: func(h *house, _ string) []alter {
			text, err := os.ReadFile(token.Path(h.users))
			if err != nil {
				h.t.Fatal(err)
			}
			return []alter{bearer(strings.TrimSpace(string(text))[len("nightly viewer "):])}
		}, status: 401},
		{name: "password of a user", alters: func(*house, string) []alter { return []alter{bearer(annas)} }, status: 401},
		{name: "in the address", target: api + "?access_token=SECRET", status: 401},
		{name: "in the address as token", target: api + "?token=SECRET", status: 401},
		{name: "in a cookie", alters: func(_ *house, s string) []alter { return []alter{cookie(s), cookie(strings.TrimPrefix(s, "winnow_"))} }, status: 401},
		{name: "in another header", alters: func(_ *house, s string) []alter { return []alter{header("X-Api-Key", s), header("Token", s)} }, status: 401},
		{name: "wrong beside a session", alters: func(h *house, _ string) []alter { return []alter{with(h.in("anna", annas)), bearer("winnow_x")} }, status: 401},
		{name: "removed", alters: func(h *house, s string) []alter {
			h.changeTokens(func(token.List) token.List { return nil })
			return []alter{bearer(s)}
		}, status: 401},
		{name: "over", alters: func(h *house, s string) []alter { h.now = h.now.Add(2 * time.Hour); return []alter{bearer(s)} }, status: 401},
		{name: "at a rebound name", alters: func(_ *house, s string) []alter {
			return []alter{bearer(s), func(r *http.Request) { r.Host = "evil.example" }}
		}, status: 421},
		{name: "by another site", alters: func(_ *house, s string) []alter {
			return []alter{bearer(s), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "cors")}
		}, status: 403},
		{name: "session, by another site", alters: func(h *house, _ string) []alter {
			return []alter{with(h.in("anna", annas)), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors"), header("Sec-Fetch-Dest", "script")}
		}, status: 403},
		{name: "to change something", method: http.MethodPost, alters: func(_ *house, s string) []alter { return []alter{bearer(s)} }, status: 405},
		{name: "to remove something", method: http.MethodDelete, alters: func(_ *house, s string) []alter { return []alter{bearer(s)} }, status: 405},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, Options{})
			secret := h.newToken("nightly", user.Viewer, time.Hour)
			target, method := api, http.MethodGet
			if test.target != "" {
				target = strings.ReplaceAll(test.target, "SECRET", secret)
			}
			if test.method != "" {
				method = test.method
			}
			var alters []alter
			if test.alters != nil {
				alters = test.alters(h, secret)
			}
			w := h.ask(method, target, "", alters...)
			if w.Code != test.status {
				t.Errorf("%d, want %d", w.Code, test.status)
			}
			var p struct {
				Status int
				Detail string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != test.status || p.Detail == "" || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("no problem but %s %s, %v", w.Header().Get("Content-Type"), w.Body, err)
			}
			if challenged := strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer"); challenged != (test.status == 401) {
				t.Errorf("WWW-Authenticate: %q", w.Header().Get("WWW-Authenticate"))
			}
			if strings.Contains(w.Body.String(), secret) || strings.Contains(strings.Join(h.lines(), "\n"), secret) {
				t.Error("the answer or the audit log holds the token")
			}
		})
	}
}

// A token opens no page, and fills in no form: there is no cookie with it, and so no
// other site that could send it.
func TestTokensOpenNoPage(t *testing.T) {
	h := newHouse(t, Options{})
	secret := h.newToken("judge", user.Analyst, 0)
	if h.reads(bearer(secret)) {
		t.Error("a page was shown")
	}
	if w := h.ask(http.MethodPost, "/login", "", bearer(secret)); w.Code != http.StatusForbidden {
		t.Errorf("log-in: %d", w.Code)
	}
	if w := h.ask(http.MethodPost, "/login", form("judge", secret, "/")); w.Code != http.StatusForbidden || len(w.Header()["Set-Cookie"]) > 0 {
		t.Errorf("log-in with a token as password: %d", w.Code)
	}
	if w := h.ask(http.MethodGet, "/metrics", "", bearer(secret)); w.Code != http.StatusUnauthorized {
		t.Errorf("metrics: %d", w.Code)
	}
}

// Wrong tokens are slowed down for each address; a right one is let in all the same, and
// people beside it can log in.
func TestTooManyTokens(t *testing.T) {
	h := newHouse(t, Options{})
	secret := h.newToken("nightly", user.Viewer, 0)
	wrong := func(address string) *httptest.ResponseRecorder {
		return h.ask(http.MethodGet, api, "", bearer("winnow_wrong"), from(address))
	}
	const there, elsewhere = "192.0.2.1:40000", "192.0.2.2:40000"
	for i := range 20 {
		if w := wrong(there); w.Code != http.StatusUnauthorized {
			t.Fatalf("attempt %d: %d", i, w.Code)
		}
	}
	w := wrong(there)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "20" {
		t.Errorf("too many: %d after %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := wrong(elsewhere); w.Code != http.StatusUnauthorized {
		t.Errorf("elsewhere: %d", w.Code)
	}
	if w := h.ask(http.MethodGet, api, "", bearer(secret), from(there)); w.Code != http.StatusOK {
		t.Errorf("the right one: %d", w.Code)
	}
	h.in("anna", annas, from(there))
	if h.now = h.now.Add(20 * time.Second); wrong(there).Code != http.StatusUnauthorized || wrong(there).Code != http.StatusTooManyRequests {
		t.Error("after a while there is not one more")
	}
}

// The audit log tells which token was refused, if it is one that was known, and
// never what was sent.
func TestRefusedTokensAreAudited(t *testing.T) {
	h := newHouse(t, Options{})
	secret := h.newToken("nightly", user.Viewer, time.Hour)
	h.ask(http.MethodGet, api, "", bearer(secret))
	h.ask(http.MethodGet, api, "")
	h.ask(http.MethodGet, api, "", bearer("winnow_wrong"), from("192.0.2.1:40000"))
	h.now = h.now.Add(time.Hour)
	h.ask(http.MethodGet, api, "", bearer(secret), from("192.0.2.1:40000"))
	want := []string{
		`{"time":"2031-06-12T18:30:00Z","event":"token refused","address":"192.0.2.1"}`,
		`{"time":"2031-06-12T19:30:00Z","event":"token refused","token":"nightly","role":"viewer","address":"192.0.2.1"}`,
	}
	if got := strings.Join(h.lines(), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("audited\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	for range 30 {
		h.ask(http.MethodGet, api, "", bearer("winnow_wrong"), from("192.0.2.1:40000"))
	}
	if last := h.lines()[len(h.lines())-1]; !strings.Contains(last, string(audit.TokenThrottled)) {
		t.Errorf("the last line is %s", last)
	}
}

func TestTokensThatCannotBeRead(t *testing.T) {
	h := newHouse(t, Options{})
	secret := h.newToken("nightly", user.Viewer, 0)
	if err := os.WriteFile(token.Path(h.users), []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := h.ask(http.MethodGet, api, "", bearer(secret))
	if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), h.users) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !h.reads(with(h.in("anna", annas))) {
		t.Error("people are kept out")
	}
	if _, err := OpenUsers(h.users); err == nil || !strings.Contains(err.Error(), "read the tokens") {
		t.Errorf("at the start: %v", err)
	}
}

// Where a proxy has the TLS, a token that comes around it is refused.
func TestTokensComeSecurely(t *testing.T) {
	h := newHouse(t, Options{OnlySecure: true, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32")}})
	secret := h.newToken("nightly", user.Viewer, 0)
	if w := h.ask(http.MethodGet, api, "", bearer(secret), from("192.0.2.1:40000")); w.Code != http.StatusForbidden || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("in the open: %d %s", w.Code, w.Body)
	}
	if w := h.ask(http.MethodGet, api, "", bearer(secret), from("10.0.0.7:1"), header("X-Forwarded-Proto", "https")); w.Code != http.StatusOK {
		t.Errorf("by the proxy: %d", w.Code)
	}
}
