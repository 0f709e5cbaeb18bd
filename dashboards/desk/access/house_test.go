package access

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/guard"
)

const (
	annas = "lantern river seven goats"
	bens  = "orchard kettle ninety snow"
)

// twoUsers is the file of anna and ben. Hashes take their time, so it is made once.
var twoUsers = sync.OnceValues(func() (string, error) {
	anna, err1 := user.New("anna", user.Viewer, annas, user.Least())
	ben, err2 := user.New("ben", user.Admin, bens, user.Least())
	return user.List{anna, ben}.String(), errors.Join(err1, err2)
})

// house is a door with the guard in front of it, as the desk has it, and one page
// and one answer of the API behind it that say who reads them.
type house struct {
	t     *testing.T
	h     http.Handler
	door  *Door
	now   time.Time
	users string // path
	audit string // path
}

func newHouse(t *testing.T, o Options) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{t: t, now: time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC), users: filepath.Join(dir, "users"), audit: filepath.Join(dir, "audit.jsonl")}
	text, err := twoUsers()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.users, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Metrics = NewMetrics(prometheus.NewRegistry())
	if o.Users, err = OpenUsers(h.users); err != nil {
		t.Fatal(err)
	}
	if o.Audit, err = audit.Open(h.audit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Audit.Close() })
	h.door, err = New(o, func() time.Time { return h.now }, slog.New(slog.DiscardHandler), func(w http.ResponseWriter, _ *http.Request, status int, f Form) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "form next=%s problem=%s", f.Next, f.Problem)
	})
	if err != nil {
		t.Fatal(err)
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := Of(r.Context())
		_, _ = fmt.Fprintf(w, "page for %s, %s, manages: %v", who.Name, who.Role, May(r.Context(), user.Manage))
	})
	mux := http.NewServeMux()
	mux.Handle("/", h.door.Protect(page))
	mux.Handle("/api/", h.door.API(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := Of(r.Context())
		_, _ = fmt.Fprintf(w, "answer for %s, %s, token: %v, judges: %v", who.Name, who.Role, who.Token, May(r.Context(), user.Judge))
	})))
	mux.HandleFunc("/login", h.door.LogIn)
	mux.HandleFunc("/logout", h.door.LogOut)
	mux.Handle("/metrics", h.door.Metrics(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("winnow_up 1")) })))
	if h.h, err = guard.New([]string{"desk.example.org"}, Paths(), mux); err != nil {
		t.Fatal(err)
	}
	return h
}

// set puts a user into the file, or another password or role.
func (h *house) set(name string, role user.Role, password string) {
	h.t.Helper()
	u, err := user.New(name, role, password, user.Least())
	if err != nil {
		h.t.Fatal(err)
	}
	if err := user.Change(h.users, func(l user.List) (user.List, error) { return l.With(u), nil }); err != nil {
		h.t.Fatal(err)
	}
}

// alter is how a request differs from that of a browser on this machine.
type alter func(r *http.Request)

func from(address string) alter { return func(r *http.Request) { r.RemoteAddr = address } }

func header(name, value string) alter {
	return func(r *http.Request) { r.Header[name] = append(r.Header[name], value) }
}

func overTLS(r *http.Request) { r.TLS = &tls.ConnectionState{} }

// with sends the cookie that an answer set.
func with(w *httptest.ResponseRecorder) alter {
	return func(r *http.Request) {
		for _, c := range w.Result().Cookies() {
			r.AddCookie(c)
		}
	}
}

func cookie(value string) alter {
	return func(r *http.Request) { r.Header.Add("Cookie", "winnow="+value) }
}

func (h *house) ask(method, target, body string, alters ...alter) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8010", "127.0.0.1:40000"
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, a := range alters {
		a(r)
	}
	w := httptest.NewRecorder()
	h.h.ServeHTTP(w, r)
	return w
}

func form(name, password, next string) string {
	return url.Values{"name": {name}, "password": {password}, "next": {next}}.Encode()
}

func (h *house) logIn(name, password string, alters ...alter) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.ask(http.MethodPost, "/login", form(name, password, "/"), alters...)
}

// in logs in and fails the test if that does not work.
func (h *house) in(name, password string, alters ...alter) *httptest.ResponseRecorder {
	h.t.Helper()
	w := h.logIn(name, password, alters...)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		h.t.Fatalf("logging in as %s: %d %s", name, w.Code, w.Body)
	}
	return w
}

// reads says whether a page is shown.
func (h *house) reads(alters ...alter) bool {
	h.t.Helper()
	w := h.ask(http.MethodGet, "/", "", alters...)
	shown := strings.HasPrefix(w.Body.String(), "page for ")
	if shown != (w.Code == http.StatusOK) || !shown && w.Header().Get("Location") != "/login" {
		h.t.Fatalf("neither the page nor the log-in: %d %s %q", w.Code, w.Body, w.Header())
	}
	return shown
}

// counted is how many log-ins had an outcome.
func (h *house) counted(outcome string) int {
	return int(testutil.ToFloat64(h.door.metrics.logins.WithLabelValues(outcome)))
}

// lines returns the audit log.
func (h *house) lines() []string {
	h.t.Helper()
	text, err := os.ReadFile(h.audit)
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
