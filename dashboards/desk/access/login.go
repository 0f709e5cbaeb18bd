package access

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/throttle"
	"winnow/dashboards/desk/access/user"
)

// maxBody bounds what is read of a form, in bytes.
const maxBody = 8 << 10

// LogIn shows the form, and takes it.
func (d *Door) LogIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if d.refusedOpenly(w, r) {
		return
	}
	if r.Method != http.MethodPost {
		next := SafeNext(r.URL.Query().Get("next"))
		if _, ok := d.who(r); ok {
			http.Redirect(w, r, next, http.StatusSeeOther)
			return
		}
		if _, err := d.users.current(); err != nil {
			d.unreadable(w, r, next, err)
			return
		}
		d.page(w, r, http.StatusOK, Form{Next: next})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			d.page(w, r, http.StatusRequestEntityTooLarge, Form{Next: "/", Problem: "That is more than a name and a password."})
			return
		}
		d.page(w, r, http.StatusBadRequest, Form{Next: "/", Problem: "The form did not arrive as it was sent. Try again."})
		return
	}
	d.tryLogIn(w, r, attempt{
		// Telephones begin with a capital letter.
		name:     strings.ToLower(strings.TrimSpace(r.PostForm.Get("name"))),
		password: r.PostForm.Get("password"),
		next:     SafeNext(r.PostForm.Get("next")),
	})
}

// attempt is a form that was filled in.
type attempt struct{ name, password, next string }

func (d *Door) tryLogIn(w http.ResponseWriter, r *http.Request, a attempt) {
	users, err := d.users.current()
	if err != nil {
		d.metrics.count(outcomeUnable)
		d.unreadable(w, r, a.next, err)
		return
	}
	u, known := users.Find(a.name)
	note := audit.Entry{Time: d.now(), Address: d.peers.address(r).String(), User: u.Name, Role: string(u.Role)}
	if wait := d.throttle.Try(a.name, d.peers.address(r), d.now()); wait > 0 {
		d.metrics.count(outcomeThrottled)
		note.Event = audit.Throttled
		d.write(r, note)
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		d.page(w, r, http.StatusTooManyRequests, Form{Next: a.next, Problem: "There were too many attempts. Wait a minute, then try again."})
		return
	}
	if !known {
		u = d.nobody
	}
	fits, err := d.fits(r.Context(), u, a.password)
	if err != nil {
		d.metrics.count(outcomeUnable)
		d.throttle.GiveBack(a.name, d.peers.address(r), false)
		d.page(w, r, http.StatusServiceUnavailable, Form{Next: a.next, Problem: "Too many people log in right now. Try again in a moment."})
		return
	}
	if !known || !fits {
		d.metrics.count(outcomeWrong)
		note.Event = audit.Failed
		d.write(r, note)
		d.page(w, r, http.StatusForbidden, Form{Next: a.next, Problem: "The name or the password is wrong."})
		return
	}
	d.throttle.GiveBack(a.name, d.peers.address(r), true)
	// What is not in the audit log did not happen: a full disk lets nobody in.
	note.Event = audit.LoggedIn
	if !d.write(r, note) {
		d.metrics.count(outcomeUnable)
		d.page(w, r, http.StatusServiceUnavailable, Form{Next: a.next, Problem: "Winnow cannot write its audit log, and lets nobody in without. Its own log says why."})
		return
	}
	d.metrics.count(outcomeIn)
	if old, ok := d.sessionID(r); ok {
		d.sessions.end(old)
	}
	d.setCookie(w, r, d.sessions.begin(u.Name, u.Stamp(), d.now()))
	http.Redirect(w, r, a.next, http.StatusSeeOther)
}

// errBusy is that too many passwords wait to be looked at.
var errBusy = errors.New("too many log-ins at once")

// fits says whether a password is the user's, at most maxHashes at a time.
func (d *Door) fits(ctx context.Context, u user.User, password string) (bool, error) {
	select {
	case d.waiting <- struct{}{}:
		defer func() { <-d.waiting }()
	default:
		return false, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-ctx.Done():
		return false, fmt.Errorf("%w: %w", errBusy, ctx.Err())
	}
	return u.Fits(password), nil
}

// LogOut ends a session.
func (d *Door) LogOut(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Log out by the button on a page.", http.StatusMethodNotAllowed)
		return
	}
	if who, ok := d.who(r); ok {
		d.write(r, audit.Entry{Time: d.now(), Event: audit.LoggedOut, User: who.Name, Role: string(who.Role), Address: d.peers.address(r).String()})
	}
	if id, ok := d.sessionID(r); ok {
		d.sessions.end(id)
	}
	d.setCookie(w, r, "")
	http.Redirect(w, r, loginPath, http.StatusSeeOther)
}

// write puts a note into the audit log, and says whether it is there.
func (d *Door) write(r *http.Request, e audit.Entry) bool {
	if err := d.audit.Write(e); err != nil {
		d.complain(r.Context(), err)
		return false
	}
	return true
}

// unreadable answers when nobody knows who the users are.
func (d *Door) unreadable(w http.ResponseWriter, r *http.Request, next string, err error) {
	d.complain(r.Context(), err)
	d.page(w, r, http.StatusServiceUnavailable, Form{Next: next, Problem: "Winnow cannot read the list of its users, and lets nobody in. Its log says why."})
}

// complaintPace keeps those outside from filling Winnow's log.
var complaintPace = throttle.Pace{Burst: 5, Interval: time.Minute}

// complain logs why nobody is let in.
func (d *Door) complain(ctx context.Context, err error) {
	d.mu.Lock()
	wait := complaintPace.Try(&d.complaints, d.now())
	d.mu.Unlock()
	if wait == 0 {
		d.log.ErrorContext(ctx, "nobody is let into the desk", "err", err)
	}
}
