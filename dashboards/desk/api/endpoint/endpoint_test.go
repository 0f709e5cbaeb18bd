package endpoint

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/api/query"
)

// An answer is whole, or it is a problem with its status, and what failed is told to the
// log alone.
func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		name   string
		method string
		answer any
		err    error
		status int
		says   string
		logs   string
	}{
		{"an answer", "GET", []int{1}, nil, 200, "[1]\n", ""},
		{"a change", "PUT", nil, nil, 405, "can only be read", ""},
		{"what is missing", "GET", nil, Missing("There is no such moon."), 404, "no such moon", ""},
		{"what is missing, wrapped", "GET", nil, errors.Join(Missing("There is no such moon.")), 404, "no such moon", ""},
		{"a slow store", "GET", nil, context.DeadlineExceeded, 503, "within 20 seconds", "deadline exceeded"},
		{"a broken store", "GET", nil, errors.New("host-7 is down"), 503, "does not answer just now", "host-7 is down"},
		{"what JSON cannot hold", "GET", math.NaN(), nil, 500, "could not write this answer", "unsupported value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var logged bytes.Buffer
			s := Server{Log: slog.New(slog.NewTextHandler(&logged, nil))}
			h := access.Everyone(s.Serve(func(context.Context, *http.Request, *query.Query) (any, error) { return test.answer, test.err }))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(test.method, "/", nil))
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
			}
			if test.logs != "" && strings.Contains(w.Body.String(), test.logs) || !strings.Contains(logged.String(), test.logs) || test.logs == "" && logged.Len() > 0 {
				t.Errorf("logged %q", logged.String())
			}
		})
	}
}

// Who may not read is told so before anything is asked.
func TestNobody(t *testing.T) {
	asked := false
	h := Server{Log: slog.New(slog.DiscardHandler)}.Serve(func(context.Context, *http.Request, *query.Query) (any, error) {
		asked = true
		return nil, nil
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusForbidden || asked {
		t.Errorf("%d, asked: %v", w.Code, asked)
	}
}
