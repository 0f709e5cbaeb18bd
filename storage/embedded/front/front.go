package front

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/front/answer"
	"winnow/storage/embedded/statement"
)

// Config is what a Handler is made of.
type Config struct {
	// Connect opens a connection to the engine with these settings ("--name=value").
	Connect func(settings ...string) (*chdb.Conn, error)
	// Users are those who may log in here.
	Users []User
	// Limits bound what runs at once and how much memory it takes.
	Limits Limits
	// Log takes one line per failed kill of an abandoned query; queries and their
	// errors are the client's alone and are not logged. nil discards.
	Log *slog.Logger
}

// User is an account. Without a password it can never log in.
type User struct {
	Name     string
	Password string
	// Reader marks an account that may only run what statement.CheckReader lets
	// pass, within Limits.ReaderTime.
	Reader bool
}

// Limits bound a Handler. Zero values mean the defaults.
type Limits struct {
	// Writers and Readers are how many requests of each kind run at once, 8 and 4
	// by default; further ones wait.
	Writers, Readers int
	// Memory is the most bytes a single query may take, half of it for readers;
	// half of that again makes sorting and grouping spill to disk. 1 GiB by default.
	Memory int64
	// ReaderTime is the longest a reader's query may run, 60 s by default.
	ReaderTime time.Duration
}

// readerPatience is how long a reader may take to send a request, and to take
// each part of the answer.
const readerPatience = 30 * time.Second

// Handler is the HTTP front.
type Handler struct {
	cfg   Config
	users map[string]User
	// settings are the engine's, with the values that a reader's connection has.
	settings map[string]string
	hello    []byte
	writers  chan struct{}
	readers  chan struct{}
}

// New makes a front for an engine that is up; it asks the engine which settings
// it knows.
func New(cfg Config) (*Handler, error) {
	l := &cfg.Limits
	l.Writers, l.Readers = orDefault(l.Writers, 8), orDefault(l.Readers, 4)
	l.Memory, l.ReaderTime = orDefault(l.Memory, 1<<30), orDefault(l.ReaderTime, time.Minute)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{
		cfg:      cfg,
		users:    make(map[string]User),
		settings: make(map[string]string),
		writers:  make(chan struct{}, l.Writers),
		readers:  make(chan struct{}, l.Readers),
	}
	for _, u := range cfg.Users {
		if u.Password == "" {
			return nil, fmt.Errorf("engine user %q: a password is needed", u.Name)
		}
		h.users[u.Name] = u
	}
	conn, err := cfg.Connect(h.defaults(User{Reader: true})...)
	if err != nil {
		return nil, fmt.Errorf("ask engine for its settings: %w", err)
	}
	defer conn.Close()
	lines, _, err := conn.Exec("SELECT name, value FROM system.settings", "TSV")
	if err != nil {
		return nil, fmt.Errorf("ask engine for its settings: %w", err)
	}
	for line := range strings.Lines(string(lines)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		h.settings[name] = value
	}
	version, _, err := conn.Exec("SELECT version()", "TSV")
	if err != nil {
		return nil, fmt.Errorf("ask engine for its version: %w", err)
	}
	if h.hello, err = helloBlock(strings.TrimSpace(string(version))); err != nil {
		return nil, err
	}
	return h, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/ping", r.URL.Path == "/" && r.Method == http.MethodGet && !r.URL.Query().Has("query"):
		w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
		_, _ = io.WriteString(w, "Ok.\n") // a client that is gone needs no answer
		return
	case r.URL.Path != "/":
		http.Error(w, "There is no handle "+r.URL.Path, http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		http.Error(w, "Only GET and POST are understood", http.StatusMethodNotAllowed)
		return
	}
	out := answer.New(w)
	if err := h.serve(r, out); err != nil {
		// Also when the client is gone: one that has only closed its sending side
		// must not take a part for the whole.
		out.Fail(err)
		return
	}
	out.Finish()
}

func (h *Handler) serve(r *http.Request, out *answer.Writer) error {
	user, err := h.authenticate(r)
	if err != nil {
		return err
	}
	if user.Reader {
		// Readers may come from outside: none holds a place by sending or taking slowly.
		out.Patience = readerPatience
		if err := out.Control().SetReadDeadline(time.Now().Add(readerPatience)); err != nil {
			return fmt.Errorf("limit the request's time: %w", err)
		}
	}
	req, err := h.parse(r, user)
	if err != nil {
		return err
	}
	defer req.close()
	if user.Reader {
		// Else the end of the deadline would count as the client's leaving.
		if err := out.Control().SetReadDeadline(time.Time{}); err != nil {
			return fmt.Errorf("limit the request's time: %w", err)
		}
	}
	out.Prepare(req.id, req.frames, req.encoding)
	if req.hello() {
		return out.Whole("Native", h.hello, chdb.Stats{})
	}
	if user.Reader {
		if req.sql, err = statement.CheckReader(req.sql); err != nil {
			return err
		}
	}
	release, err := h.acquire(r.Context(), user)
	if err != nil {
		return err
	}
	defer release()
	return h.run(r.Context(), req, out)
}

// acquire waits for a place among those that run at once, a reader only for so
// long as a query may take.
func (h *Handler) acquire(ctx context.Context, user User) (release func(), err error) {
	places := h.writers
	var tooLong <-chan time.Time
	if user.Reader {
		places, tooLong = h.readers, time.After(h.cfg.Limits.ReaderTime)
	}
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-tooLong:
		return nil, answer.Errorf(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many simultaneous queries. Maximum: %d", cap(places))
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *Handler) run(ctx context.Context, req *request, out *answer.Writer) error {
	tag := rand.Text()
	conn, err := h.cfg.Connect(append(h.defaults(req.user), append(req.settings, "--log_comment="+tag)...)...)
	if errors.Is(err, chdb.ErrConnect) {
		return answer.Errorf(36, "BAD_ARGUMENTS", "the engine refused a setting of the request")
	}
	if err != nil {
		return err
	}
	defer conn.Close()
	if req.database != "" {
		if _, _, err := conn.Exec("USE "+quoteName(req.database), "Null"); err != nil {
			return err
		}
	}
	if req.insert != nil {
		return h.insert(conn, req, out)
	}
	query, err := check(conn, req)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer h.killWhenCancelled(ctx, tag)()

	split, ok := statement.SplitOutput(req.sql)
	req.format = first(split.Format, req.format)
	if query && ok {
		split.Format = req.format
		out.Begin(req.format)
		stats, err := conn.Copy(canceller{out, cancel}, chdb.Query(split), req.params...)
		if err != nil {
			return err
		}
		return out.End(stats)
	}
	data, stats, err := conn.Exec(req.sql, req.format, req.params...)
	if err != nil {
		return err
	}
	return out.Whole(req.format, data, stats)
}

// canceller ends the query when its result can no longer be written.
type canceller struct {
	out    io.Writer
	cancel context.CancelFunc
}

func (c canceller) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	if err != nil {
		c.cancel()
	}
	return n, err
}

// check asks the engine's own parser: one statement at a time, as ClickHouse's
// HTTP interface has it, and for readers one that leaves no trace. The latter is
// the second look after statement.CheckReader's. query tells that it is a SELECT
// that parses, so that its result may be large.
func check(conn *chdb.Conn, req *request) (query bool, err error) {
	analysis, err := conn.Analyze(req.sql)
	if err != nil {
		return false, err
	}
	if analysis.Statements > 1 {
		return false, answer.Errorf(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)")
	}
	if req.user.Reader && analysis.Statements == 1 && !analysis.ReadOnly {
		return false, answer.Errorf(164, "READONLY", "Cannot execute query in readonly mode")
	}
	if analysis.Statements == 1 && analysis.ReadOnly {
		switch statement.Keyword(req.sql) {
		case "SELECT", "WITH", "FROM":
			return true, nil
		}
	}
	return false, nil
}

// killWhenCancelled ends the query that carries the tag once ctx is cancelled,
// asking again until the function it returns is called: the query may not have
// begun when the client leaves.
func (h *Handler) killWhenCancelled(ctx context.Context, tag string) (done func()) {
	finished, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-finished:
			return
		case <-ctx.Done():
		}
		wait := 5 * time.Millisecond
		for {
			if err := h.kill(tag); err != nil {
				h.cfg.Log.Warn("cannot end an abandoned query", "err", err)
			}
			select {
			case <-finished:
				return
			case <-time.After(wait):
				wait = min(2*wait, time.Second)
			}
		}
	}()
	return func() { close(finished); <-ended }
}

func (h *Handler) kill(tag string) error {
	conn, err := h.cfg.Connect()
	if err != nil {
		return fmt.Errorf("kill query: %w", err)
	}
	defer conn.Close()
	// Not SYNC: that waits for the query and was seen to hang.
	if _, _, err = conn.Exec("KILL QUERY WHERE Settings['log_comment'] = '"+tag+"' ASYNC", "Null"); err != nil {
		return fmt.Errorf("kill query: %w", err)
	}
	return nil
}

// quoteName writes a name in backquotes.
func quoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}

// For is a front that shares this one's limits and lets in these users alone;
// those without a password are left out.
func (h *Handler) For(users ...User) *Handler {
	f := *h
	f.users = make(map[string]User, len(users))
	for _, u := range users {
		if u.Password != "" {
			f.users[u.Name] = u
		}
	}
	return &f
}

// Wait returns when no request holds a connection to the engine any more; no new
// ones are let in from then on.
func (h *Handler) Wait() {
	for range cap(h.writers) {
		h.writers <- struct{}{}
	}
	for range cap(h.readers) {
		h.readers <- struct{}{}
	}
}
