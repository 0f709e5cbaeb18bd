package endpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/problem"
)

// Timeout bounds the work for one answer, as for a page.
const Timeout = 20 * time.Second

// Endpoint answers one kind of request with what is to be written as JSON. Its
// parameters are read from q, which it asks for mistakes before it does any work.
type Endpoint func(ctx context.Context, r *http.Request, q *query.Query) (any, error)

// Missing is that there is no such thing, told with the next step.
type Missing string

// Error is what is told.
func (m Missing) Error() string { return string(m) }

// Server makes handlers of endpoints. Log receives what goes wrong.
type Server struct{ Log *slog.Logger }

// Read lets those through who may read, and only read.
func (s Server) Read(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Evidence about people does not belong in any cache.
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			problem.Write(w, http.StatusMethodNotAllowed, "This can only be read.")
		case !access.May(r.Context(), user.Read):
			problem.Write(w, http.StatusForbidden, "You may not read this.")
		default:
			next(w, r)
		}
	}
}

// Serve makes a handler of an endpoint. The answer is made in memory first: half an
// answer would be worse than an error.
func (s Server) Serve(answer Endpoint) http.HandlerFunc {
	return s.Read(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), Timeout)
		defer cancel()
		content, err := answer(ctx, r, query.Parse(r.URL.RawQuery))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		body, err := json.Marshal(content)
		if err != nil {
			s.Log.ErrorContext(ctx, "answer could not be written as JSON", "pattern", r.Pattern, "err", err)
			problem.Write(w, http.StatusInternalServerError, "Winnow could not write this answer. Its log says why.")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		// A reader who left needs no answer.
		_, _ = w.Write(append(body, '\n'))
	})
}

// fail answers when something is wrong. What the store said goes to the log only: it
// may tell more than an answer should.
func (s Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var mistakes *query.Mistakes
	var nothing Missing
	switch {
	case errors.As(err, &mistakes):
		problem.Write(w, http.StatusBadRequest, "The query was not understood, so nothing was read.", mistakes.Parameters...)
	case errors.As(err, &nothing):
		problem.Write(w, http.StatusNotFound, string(nothing))
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil: // the reader left
	default:
		s.Log.ErrorContext(r.Context(), "store did not answer", "pattern", r.Pattern, "err", err)
		w.Header().Set("Retry-After", "10")
		detail := "The store does not answer just now. Nothing is lost; ask again in a moment."
		if errors.Is(err, context.DeadlineExceeded) {
			detail = fmt.Sprintf("The store did not answer within %d seconds. Nothing is lost; ask for a shorter time, or again in a moment.", int(Timeout.Seconds()))
		}
		problem.Write(w, http.StatusServiceUnavailable, detail)
	}
}
