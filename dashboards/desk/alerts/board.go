package alerts

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/throttle"
	"winnow/dashboards/desk/access/user"
)

// Files holds alerts.html, which defines the template "alerts" for a [Page]. It uses the
// words and parts of the pages.
//
//go:embed alerts.html
var Files embed.FS

// Path is where the page is, and where the form goes.
const Path = "/alerts"

const (
	// maxForm is how much of a form is read, in bytes: a name has at most 100.
	maxForm = 4 << 10
	// patience bounds a test, whatever a server does, and lies within what the desk's
	// server allows for an answer.
	patience = 40 * time.Second
)

// testPace is how often a receiver may be sent a test. Whoever mends a channel needs a
// few in a row; more would be a way to flood somebody.
var testPace = throttle.Pace{Burst: 3, Interval: 5 * time.Minute}

// Options are what a board needs.
type Options struct {
	// Source is who is told; nil for nobody.
	Source Source
	Now    func() time.Time
	Log    *slog.Logger
	// Record writes into the audit log what whoever asks does; on an error nothing is
	// sent.
	Record func(r *http.Request, e audit.Entry) error
	// Show shows the page with a status.
	Show func(w http.ResponseWriter, r *http.Request, status int, page Page)
}

// Board is the page about alerts and its form. It is safe for concurrent use.
type Board struct {
	o Options

	mu sync.Mutex
	// paces and tests are by the names of the configuration, so that they are bounded.
	paces map[string]*time.Time
	tests map[string]*Test
}

// New makes a board.
func New(o Options) *Board {
	return &Board{o: o, paces: map[string]*time.Time{}, tests: map[string]*Test{}}
}

// Problem is why no test was sent.
type Problem string

// The problems.
const (
	NotAllowed Problem = "role"
	NoForm     Problem = "form"
	NoReceiver Problem = "receiver"
	TooOften   Problem = "often"
	NoAudit    Problem = "audit"
)

// Page is what is told of alerts.
type Page struct {
	Rows []Row
	// MayTest is true for whoever may send tests.
	MayTest bool
	// Problem is why the test that was asked for was not sent; empty if none was. Wait is
	// how long to wait with the next one.
	Problem Problem
	Wait    time.Duration
}

// Row is a receiver on the page.
type Row struct {
	Channel
	// Number is its place, from 1.
	Number int
	// Tested is the last test that was sent from the page; nil if none was since Winnow
	// was started.
	Tested *Test
}

// Test is how a test went.
type Test struct {
	At time.Time
	// By is who sent it; empty where the desk has no users.
	By string
	// Taken is true if the server took it. Else Failure says why not, and Permanent that
	// it stays so until somebody changes something.
	Taken, Permanent bool
	Failure          string
}

// ServeHTTP shows the page, or sends the test that its form asks for.
func (b *Board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		b.test(w, r)
		return
	}
	b.show(w, r, http.StatusOK, "", 0)
}

func (b *Board) show(w http.ResponseWriter, r *http.Request, status int, problem Problem, wait time.Duration) {
	page := Page{MayTest: access.May(r.Context(), user.Manage), Problem: problem, Wait: wait}
	b.mu.Lock()
	for i, c := range b.channels() {
		page.Rows = append(page.Rows, Row{Channel: c, Number: i + 1, Tested: b.tests[c.Name]})
	}
	b.mu.Unlock()
	b.o.Show(w, r, status, page)
}

func (b *Board) channels() []Channel {
	if b.o.Source == nil {
		return nil
	}
	return b.o.Source.Channels()
}

// test sends a test, and leads back to the page, which tells how it went.
func (b *Board) test(w http.ResponseWriter, r *http.Request) {
	if !access.May(r.Context(), user.Manage) {
		b.show(w, r, http.StatusForbidden, NotAllowed, 0)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		b.show(w, r, http.StatusBadRequest, NoForm, 0)
		return
	}
	name := r.PostForm.Get("receiver")
	place := slices.IndexFunc(b.channels(), func(c Channel) bool { return c.Name == name })
	if place < 0 {
		b.show(w, r, http.StatusNotFound, NoReceiver, 0)
		return
	}
	if wait := b.try(name); wait > 0 {
		b.show(w, r, http.StatusTooManyRequests, TooOften, wait)
		return
	}
	if err := b.o.Record(r, audit.Entry{Event: audit.AlertTested, Receiver: name}); err != nil {
		b.o.Log.ErrorContext(r.Context(), "test of alerts could not be audited", "err", err)
		b.show(w, r, http.StatusServiceUnavailable, NoAudit, 0)
		return
	}
	// Who sends it and leaves has sent it; and a slow server may take longer than a page.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	done := &Test{By: access.Of(r.Context()).Name}
	if err := b.o.Source.Test(ctx, name); err != nil {
		done.Failure = err.Error()
		var f *Failure
		done.Permanent = errors.As(err, &f) && f.Permanent
	} else {
		done.Taken = true
	}
	done.At = b.o.Now()
	b.mu.Lock()
	b.tests[name] = done
	b.mu.Unlock()
	http.Redirect(w, r, Path+"#receiver-"+strconv.Itoa(place+1), http.StatusSeeOther)
}

// try spends one test of a receiver, or returns how long to wait.
func (b *Board) try(name string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.paces[name] == nil {
		b.paces[name] = &time.Time{}
	}
	return testPace.Try(b.paces[name], b.o.Now())
}
