package access

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/throttle"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/problem"
)

// Where people log in and out.
const (
	loginPath  = "/login"
	logoutPath = "/logout"
)

// Paths are the addresses that have to be reached by POST as well.
func Paths() []string { return []string{loginPath, logoutPath} }

// Form is what the page for logging in shows.
type Form struct {
	// Next is where to go then: a page of this desk.
	Next string
	// Problem is a sentence about the attempt before; empty at the first.
	Problem string
}

// Options says whom a door lets in.
type Options struct {
	// Users is who there is, people and programs. It is needed, and so is Audit.
	Users *Users
	Audit *audit.Log
	// Sessions are those of a door before this one; nil for none.
	Sessions *Sessions
	// MetricsToken lets a program at the metrics, as a bearer; empty for sessions
	// only.
	MetricsToken string
	// Proxies are those whose word counts on where a request comes from.
	Proxies []netip.Prefix
	// OnlySecure refuses passwords, sessions and tokens that do not come by TLS, here or at
	// a proxy, unless they come from this machine.
	OnlySecure bool
	// Metrics counts log-ins; nil for none.
	Metrics *Metrics
}

// Door lets people into the desk. Its methods may be called side by side.
type Door struct {
	users    *Users
	audit    *audit.Log
	token    string
	peers    peers
	metrics  *Metrics
	strict   bool
	now      func() time.Time
	log      *slog.Logger
	page     func(w http.ResponseWriter, r *http.Request, status int, f Form)
	sessions *Sessions
	throttle *throttle.Throttle
	// wrongTokens is a throttle of its own: a program with an old token must not keep
	// those who sit beside it from logging in.
	wrongTokens *throttle.Throttle
	hashing     chan struct{} // who computes a hash
	waiting     chan struct{} // who does or waits for it
	nobody      user.User

	mu         sync.Mutex
	complaints time.Time
}

const (
	// maxHashes is how many passwords are looked at side by side: each takes the
	// 64 MiB of its hash. More wait, up to maxQueue, for as long as maxWait.
	maxHashes = 2
	maxQueue  = 32
	maxWait   = 10 * time.Second
)

// New makes a door. Page shows the form for logging in with a status.
func New(o Options, now func() time.Time, log *slog.Logger, page func(w http.ResponseWriter, r *http.Request, status int, f Form)) (*Door, error) {
	if o.Users == nil || o.Audit == nil {
		return nil, errors.New("make the door: users and audit log are needed")
	}
	users, err := o.Users.current()
	if err != nil {
		return nil, err
	}
	t, err := throttle.New()
	if err != nil {
		return nil, err
	}
	wrong, err := throttle.New()
	if err != nil {
		return nil, err
	}
	return &Door{
		users: o.Users, audit: o.Audit, token: o.MetricsToken, peers: peers{o.Proxies}, strict: o.OnlySecure, metrics: o.Metrics,
		// The clock of the day: the other one stands still while a laptop sleeps.
		now: func() time.Time { return now().Round(0) },
		log: log, page: page, sessions: cmp.Or(o.Sessions, NewSessions()), throttle: t, wrongTokens: wrong,
		hashing: make(chan struct{}, maxHashes), waiting: make(chan struct{}, maxQueue),
		nobody: user.Nobody(users),
	}, nil
}

// Protect lets those who are logged in through to next. Others are sent to log in.
func (d *Door) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.refusedOpenly(w, r) {
			return
		}
		who, ok := d.who(r)
		if !ok {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, loginAddress(r), http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, as(r, who))
	})
}

// Record writes into the audit log what whoever is logged in does; the rest of the
// entry is filled in. It comes before the deed: what is not in the audit log must not
// happen, so on an error refuse.
func (d *Door) Record(r *http.Request, e audit.Entry) error {
	who := Of(r.Context())
	e.Time, e.User, e.Role, e.Address = d.now(), who.Name, string(who.Role), d.peers.address(r).String()
	return d.audit.Write(e)
}

// Metrics lets those who are logged in, and programs with the token, at next.
func (d *Door) Metrics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if _, ok := d.who(r); !ok && !d.hasToken(r) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="winnow"`)
			http.Error(w, "The metrics need the token of desk.metrics_token_file, as a bearer, or somebody who is logged in.", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (d *Door) hasToken(r *http.Request) bool {
	scheme, given, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if d.token == "" || !ok || !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	// Hashes are of one length, so that the time tells nothing of the token's.
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(d.token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// who returns the user whose session a request belongs to.
func (d *Door) who(r *http.Request) (Identity, bool) {
	id, ok := d.sessionID(r)
	if !ok || d.strict && !d.private(r) {
		return Identity{}, false
	}
	s, ok := d.sessions.find(id, d.now())
	if !ok {
		return Identity{}, false
	}
	users, err := d.users.current()
	if err != nil {
		return Identity{}, false // the log-in, to which this leads, tells it
	}
	u, ok := users.Find(s.user)
	if !ok || u.Stamp() != s.stamp {
		d.sessions.end(id)
		return Identity{}, false
	}
	return Identity{Name: u.Name, Role: u.Role}, true
}

// private says whether a password may come this way.
func (d *Door) private(r *http.Request) bool {
	return d.peers.secure(r) || direct(r).IsLoopback() && !d.peers.proxy(direct(r))
}

// refusedOpenly refuses what comes around the proxy that has the TLS.
func (d *Door) refusedOpenly(w http.ResponseWriter, r *http.Request) bool {
	if !d.strict || d.private(r) {
		return false
	}
	problem.Refuse(w, r, http.StatusForbidden, "Winnow takes passwords and tokens only where nobody can read along.\n"+
		"Open it by the https:// address of the proxy in front of it; the proxy has to set X-Forwarded-Proto.")
	return true
}

// loginAddress is where to log in before going on to what was asked for.
func loginAddress(r *http.Request) string {
	if next := SafeNext(r.URL.RequestURI()); next != "/" {
		return loginPath + "?next=" + url.QueryEscape(next)
	}
	return loginPath
}

// cookieName is of its own where the way is secure. Browsers take a cookie with
// the prefix only from this very host, by TLS: nobody else can plant one.
func (d *Door) cookieName(r *http.Request) string {
	if d.peers.secure(r) {
		return "__Host-winnow"
	}
	return "winnow"
}

// sessionID is the id that a request carries.
func (d *Door) sessionID(r *http.Request) (string, bool) {
	c, err := r.Cookie(d.cookieName(r))
	// 43 letters are 32 bytes in base64.
	if err != nil || len(c.Value) != 43 {
		return "", false
	}
	return c.Value, true
}

// setCookie gives the browser an id, or with "" takes it away.
//
// SameSite is Lax and not Strict: those who follow a link from a chat to a page
// are logged in there. What changes something goes by POST, which Lax keeps other
// sites from, and package guard as well.
func (d *Door) setCookie(w http.ResponseWriter, r *http.Request, id string) {
	c := &http.Cookie{
		Name: d.cookieName(r), Value: id, Path: "/", HttpOnly: true, Secure: d.peers.secure(r), SameSite: http.SameSiteLaxMode,
	}
	if id == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
