package alerts

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
)

// phone is a receiver that counts what it gets, and may not outlive whoever asks.
type phone struct {
	rang int
	err  error
}

func (*phone) Channels() []Channel { return []Channel{{Name: "team"}} }

func (p *phone) Test(ctx context.Context, _ string) error {
	p.rang++
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > patience || ctx.Err() != nil {
		return errors.New("the time of a test is not bounded")
	}
	return p.err
}

// Once the pace is used up a test is let through for each interval; the page tells of the
// last one that was sent; and who leaves meanwhile has sent it.
func TestPaceOfTests(t *testing.T) {
	now := time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	p := &phone{}
	var shown Page
	board := New(Options{
		Source: p, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Record: func(*http.Request, audit.Entry) error { return nil },
		Show: func(w http.ResponseWriter, _ *http.Request, status int, page Page) {
			shown = page
			w.WriteHeader(status)
		},
	})
	ask := func(method string) int {
		ctx, leave := context.WithCancel(t.Context())
		leave()
		r := httptest.NewRequestWithContext(ctx, method, Path, strings.NewReader("receiver=team"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		access.Everyone(board).ServeHTTP(w, r)
		return w.Code
	}
	for range testPace.Burst {
		if code := ask(http.MethodPost); code != http.StatusSeeOther {
			t.Fatalf("refused at once: %d", code)
		}
	}
	if code := ask(http.MethodPost); code != http.StatusTooManyRequests || shown.Problem != TooOften || shown.Wait != testPace.Interval {
		t.Errorf("%d, %+v", code, shown)
	}
	now = now.Add(testPace.Interval)
	p.err = &Failure{Text: "no such room", Permanent: true}
	if code := ask(http.MethodPost); code != http.StatusSeeOther || p.rang != testPace.Burst+1 {
		t.Errorf("after the wait: %d, %d tests", code, p.rang)
	}
	if code := ask(http.MethodGet); code != http.StatusOK || shown.Problem != "" || !shown.MayTest {
		t.Errorf("%d, %+v", code, shown)
	}
	if want := (Test{At: now, Failure: "no such room", Permanent: true}); *shown.Rows[0].Tested != want || shown.Rows[0].Number != 1 {
		t.Errorf("told of %+v, want %+v", *shown.Rows[0].Tested, want)
	}
}
