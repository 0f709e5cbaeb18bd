package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
)

func TestCookies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32")}
	for _, test := range []struct {
		name   string
		alters []alter
		secure bool
	}{
		{"plain", nil, false},
		{"TLS", []alter{overTLS}, true},
		{"proxy with TLS", []alter{from("10.0.0.7:1"), header("X-Forwarded-Proto", "https")}, true},
		{"proxy without", []alter{from("10.0.0.7:1"), header("X-Forwarded-Proto", "http")}, false},
		{"proxy that says nothing", []alter{from("10.0.0.7:1")}, false},
		{"proxy that passes on what somebody wrote", []alter{from("10.0.0.7:1"), header("X-Forwarded-Proto", "https"), header("X-Forwarded-Proto", "http")}, false},
		{"another machine that says it is a proxy", []alter{from("10.0.0.8:1"), header("X-Forwarded-Proto", "https")}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, Options{Proxies: proxies})
			in := h.in("anna", annas, test.alters...)
			c := in.Result().Cookies()[0]
			name := map[bool]string{true: "__Host-winnow", false: "winnow"}[test.secure]
			if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != test.secure || len(c.Value) != 43 || c.MaxAge != 0 {
				t.Errorf("cookie %+v", c)
			}
			if !h.reads(append(test.alters, with(in))...) {
				t.Error("it does not open the page")
			}
			// Where the way is secure, an insecure cookie counts for nothing.
			if test.secure && h.reads(append(test.alters, cookie(c.Value))...) {
				t.Error("an id without the prefix is taken")
			}
		})
	}
}

// Behind a proxy that has the TLS, nothing else is answered: passwords would go
// over the network as they are.
func TestOnlySecure(t *testing.T) {
	h := newHouse(t, Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32"), netip.MustParsePrefix("127.0.0.2/32")}, OnlySecure: true})
	proxied := []alter{from("10.0.0.7:1"), header("X-Forwarded-Proto", "https"), header("X-Forwarded-For", "203.0.113.9")}
	anna := h.in("anna", annas, proxied...)
	if !h.reads(append(proxied, with(anna))...) || !h.reads(overTLS, with(anna)) {
		t.Error("the page is refused by TLS")
	}
	if !h.reads(with(h.in("ben", bens))) {
		t.Error("this machine itself is refused")
	}
	for name, alters := range map[string][]alter{
		"around the proxy":             {from("203.0.113.9:1")},
		"around it, claiming to be it": {from("203.0.113.9:1"), header("X-Forwarded-Proto", "https")},
		"by the proxy, without TLS":    {from("10.0.0.7:1")},
		"by a proxy of this machine":   {from("127.0.0.2:1")},
	} {
		for _, w := range []int{
			h.ask(http.MethodGet, "/", "", append(alters, with(anna))...).Code,
			h.ask(http.MethodGet, "/login", "", alters...).Code,
			h.logIn("anna", annas, alters...).Code,
		} {
			if w != http.StatusForbidden {
				t.Errorf("%s: %d", name, w)
			}
		}
	}
}

func TestAddress(t *testing.T) {
	p := peers{[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("2001:db8::/48")}}
	for _, test := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:80", "", "203.0.113.9"},
		{"[::ffff:203.0.113.9]:80", "", "203.0.113.9"},
		{"203.0.113.9:80", "198.51.100.1", "203.0.113.9"},
		{"10.0.0.7:80", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:80", "192.0.2.66, 198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:80", "192.0.2.66, 198.51.100.1, 10.0.0.8", "198.51.100.1"},
		{"10.0.0.7:80", "evil", "10.0.0.7"},
		{"10.0.0.7:80", "198.51.100.1:4711", "10.0.0.7"},
		{"10.0.0.7:80", "", "10.0.0.7"},
		{"[2001:db8::1]:80", "2001:db9::5", "2001:db9::5"},
		{"10.0.0.7:80", strings.Repeat("10.0.0.9,", 500), "10.0.0.7"},
		{"10.0.0.7:80", "198.51.100.1" + strings.Repeat(", 10.0.0.9", 500), "10.0.0.9"},
		{"@", "198.51.100.1", "invalid IP"},
	} {
		r, err := http.NewRequest(http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = test.remote
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := p.address(r).String(); got != test.want {
			t.Errorf("%s for %.60q: %s, want %s", test.remote, test.forwarded, got, test.want)
		}
	}
}

func TestMetrics(t *testing.T) {
	const token = "a token of twenty letters"
	h := newHouse(t, Options{MetricsToken: token})
	for given, want := range map[string]int{
		"": 401, "Bearer": 401, "Bearer ": 401, "Bearer a token": 401, "Bearer " + token + "x": 401, "Basic " + token: 401, token: 401,
		"Bearer " + token: 200, "bearer " + token: 200,
	} {
		w := h.ask(http.MethodGet, "/metrics", "", header("Authorization", given))
		if w.Code != want || (w.Body.String() == "winnow_up 1") != (want == 200) {
			t.Errorf("%q: %d %s", given, w.Code, w.Body)
		}
	}
	if h.reads(header("Authorization", "Bearer "+token)) {
		t.Error("the token opens pages")
	}
	if w := h.ask(http.MethodGet, "/metrics", "", with(h.in("anna", annas))); w.Code != 200 {
		t.Errorf("with a session: %d", w.Code)
	}
	bare := newHouse(t, Options{})
	for _, given := range []string{"", "Bearer ", "Bearer x"} {
		if w := bare.ask(http.MethodGet, "/metrics", "", header("Authorization", given)); w.Code != 401 {
			t.Errorf("without a token, %q: %d", given, w.Code)
		}
	}
}

// Too many attempts are refused, by address and by name, whether the name exists
// or not; later they are not.
func TestTooManyAttempts(t *testing.T) {
	h := newHouse(t, Options{})
	statuses := func(name string, n int, address func(i int) string) (out []int) {
		for i := range n {
			out = append(out, h.logIn(name, "wrong", from(address(i))).Code)
		}
		return out
	}
	each := func(i int) string { return fmt.Sprintf("192.0.2.%d:1", i) }
	exists := statuses("anna", 14, each)
	// Names share accounts, if rarely, so each has a door of its own here.
	other := newHouse(t, Options{})
	var not []int
	for i := range 14 {
		not = append(not, other.logIn("carl", "wrong", from(each(i))).Code)
	}
	if fmt.Sprint(exists) != fmt.Sprint(not) {
		t.Errorf("an existing name is treated as %v, another as %v", exists, not)
	}
	if exists[9] != 403 || exists[10] != 429 {
		t.Errorf("attempts at a name: %v", exists)
	}
	if w := h.logIn("anna", annas, from("192.0.2.99:1")); w.Code != 429 || w.Header().Get("Retry-After") != "60" {
		t.Errorf("the right password is let in while too many try: %d, wait %q", w.Code, w.Header().Get("Retry-After"))
	}
	if h.now = h.now.Add(time.Minute); h.logIn("anna", annas, from("192.0.2.99:1")).Code != 303 {
		t.Error("nobody is let in a minute later")
	}
	// There she can log in from now on, whatever is tried elsewhere.
	h.now = h.now.Add(-time.Second)
	if got := statuses("anna", 3, func(i int) string { return each(100 + i) }); got[2] != 429 {
		t.Errorf("attempts at a name: %v", got)
	}
	for range 12 {
		h.in("anna", annas, from("192.0.2.99:1"))
	}

	third := newHouse(t, Options{})
	var many []int
	for i := range 25 {
		many = append(many, third.logIn(fmt.Sprint("name-", i), "wrong", from(fmt.Sprintf("[2001:db8::%x]:1", i))).Code)
	}
	if many[19] != 403 || many[20] != 429 {
		t.Errorf("attempts from one network: %v", many)
	}
	if wrong, throttled := third.counted(outcomeWrong), third.counted(outcomeThrottled); wrong != 20 || throttled != 5 {
		t.Errorf("counted %d wrong ones and %d throttled", wrong, throttled)
	}
}

// Passwords are looked at by a few at a time; the others wait, or are told to.
func TestHashesAreBounded(t *testing.T) {
	h := newHouse(t, Options{})
	for range maxQueue {
		h.door.waiting <- struct{}{}
	}
	for range 30 { // none of which counts as an attempt
		if w := h.logIn("anna", annas); w.Code != http.StatusServiceUnavailable || len(w.Result().Cookies()) > 0 {
			t.Fatalf("with a full queue: %d", w.Code)
		}
	}
	<-h.door.waiting
	h.in("anna", annas)
	if len(h.door.hashing) != 0 || len(h.door.waiting) != maxQueue-1 {
		t.Errorf("%d still hash, %d still wait", len(h.door.hashing), len(h.door.waiting))
	}
}

// A name that does not exist costs as much as one that does: both wait for their
// turn to be hashed.
func TestUnknownNamesAreHashed(t *testing.T) {
	h := newHouse(t, Options{})
	for range maxHashes {
		h.door.hashing <- struct{}{}
	}
	for _, name := range []string{"anna", "carl", ""} {
		w := h.logIn(name, "wrong", func(r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			cancel()
			*r = *r.WithContext(ctx)
		})
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%q did not wait: %d", name, w.Code)
		}
	}
	if unable := h.counted(outcomeUnable); unable != 3 {
		t.Errorf("%d are counted", unable)
	}
}

// Whoever goes while waiting takes no turn.
func TestLeavingTheQueue(t *testing.T) {
	h := newHouse(t, Options{})
	for range maxHashes {
		h.door.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ok, err := h.door.fits(ctx, h.door.nobody, ""); ok || err == nil || len(h.door.waiting) != 0 {
		t.Errorf("%v, %v, %d wait", ok, err, len(h.door.waiting))
	}
}

// A file of users that cannot be read lets nobody in, and says so.
func TestUsersThatCannotBeRead(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"gone":      os.Remove,
		"empty":     func(path string) error { return os.Truncate(path, 0) },
		"broken":    func(path string) error { return os.WriteFile(path, []byte("anna admin\n"), 0o600) },
		"writable":  func(path string) error { return os.Chmod(path, 0o666) },
		"directory": func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, Options{})
			anna := h.in("anna", annas)
			whole, err := os.ReadFile(h.users)
			if err != nil {
				t.Fatal(err)
			}
			if err := spoil(h.users); err != nil {
				t.Fatal(err)
			}
			if h.reads(with(anna)) {
				t.Error("a session goes on")
			}
			for _, w := range []int{h.logIn("anna", annas).Code, h.ask(http.MethodGet, "/login", "").Code} {
				if w != http.StatusServiceUnavailable {
					t.Errorf("log-in: %d", w)
				}
			}
			if _, err := OpenUsers(h.users); err == nil {
				t.Error("a door was made for it")
			}
			if err := errors.Join(os.RemoveAll(h.users), os.WriteFile(h.users, whole, 0o600)); err != nil {
				t.Fatal(err)
			}
			if !h.reads(with(anna)) {
				t.Error("the session is gone although the file is back")
			}
		})
	}
}

func TestWhatIsAudited(t *testing.T) {
	h := newHouse(t, Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32")}})
	anna := h.in("anna", annas, from("10.0.0.7:1"), header("X-Forwarded-For", "203.0.113.9"))
	h.logIn("anna", "a wrong password of hers")
	h.logIn(annas, "") // into the wrong field
	h.logIn("carl\n{}", "x")
	h.ask(http.MethodPost, "/logout", "", with(anna))
	h.ask(http.MethodPost, "/logout", "", with(anna)) // which is nobody by now
	want := `{"time":"2031-06-12T18:30:00Z","event":"log-in","user":"anna","role":"viewer","address":"203.0.113.9"}
{"time":"2031-06-12T18:30:00Z","event":"log-in failed","user":"anna","role":"viewer","address":"127.0.0.1"}
{"time":"2031-06-12T18:30:00Z","event":"log-in failed","address":"127.0.0.1"}
{"time":"2031-06-12T18:30:00Z","event":"log-in failed","address":"127.0.0.1"}
{"time":"2031-06-12T18:30:00Z","event":"log-out","user":"anna","role":"viewer","address":"127.0.0.1"}`
	if got := strings.Join(h.lines(), "\n"); got != want {
		t.Errorf("the audit log says\n%s\nwant\n%s", got, want)
	}
}

// A log-in that cannot be written down is none.
func TestNoAuditNoLogIn(t *testing.T) {
	h := newHouse(t, Options{})
	if err := h.door.audit.Close(); err != nil {
		t.Fatal(err)
	}
	w := h.logIn("anna", annas)
	if w.Code != http.StatusServiceUnavailable || len(w.Result().Cookies()) > 0 || len(h.door.sessions.open) > 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if _, err := New(Options{}, time.Now, nil, nil); err == nil {
		t.Error("a door without users and audit log was made")
	}
	var none *audit.Log
	if _, err := New(Options{Users: h.door.users, Audit: none}, time.Now, nil, nil); err == nil {
		t.Error("a door without an audit log was made")
	}
}

// Sessions can outlive the door that they came in by: whoever is logged in stays so
// when another desk takes the place of one.
func TestSessionsOutliveADoor(t *testing.T) {
	kept := NewSessions()
	first := newHouse(t, Options{Sessions: kept})
	id := kept.begin("anna", stampOf(t, first, "anna"), first.now)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "winnow", Value: id})
	for name, h := range map[string]*house{"the same door": first, "another door": newHouse(t, Options{Sessions: kept})} {
		if who, ok := h.door.who(r); !ok || who.Name != "anna" {
			t.Errorf("%s: %+v, %v", name, who, ok)
		}
	}
	if _, ok := newHouse(t, Options{}).door.who(r); ok {
		t.Error("a door with sessions of its own knows the id")
	}
}

// stampOf is the stamp of a user of a house.
func stampOf(t *testing.T, h *house, name string) string {
	t.Helper()
	l, err := user.Load(h.users)
	if err != nil {
		t.Fatal(err)
	}
	u, ok := l.Find(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return u.Stamp()
}
