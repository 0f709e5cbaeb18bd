package collectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"winnow/pipeline/post"
)

func TestFromResponse(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		cause  post.Cause
		until  time.Time
	}{
		{"no token", 401, nil, post.Unauthorised, time.Time{}},
		{"not allowed", 403, map[string]string{"Retry-After": "5"}, post.Unauthorised, time.Time{}},
		{"bad rule", 400, nil, post.Misconfigured, time.Time{}},
		{"no such path", 404, nil, post.Misconfigured, time.Time{}},
		{"gone", 410, nil, post.Misconfigured, time.Time{}},
		{"not processable", 422, nil, post.Misconfigured, time.Time{}},
		{"calm", 420, nil, post.RateLimited, time.Time{}},
		{"seconds", 429, map[string]string{"Retry-After": " 7 "}, post.RateLimited, in(7 * time.Second)},
		{"date", 429, map[string]string{"Retry-After": "Sun, 01 Mar 2026 12:01:00 GMT"}, post.RateLimited, in(time.Minute)},
		{"epoch", 429, map[string]string{"x-rate-limit-reset": fmt.Sprint(in(time.Minute).Unix()), "x-rate-limit-remaining": "0"}, post.RateLimited, in(time.Minute)},
		{"iso", 429, map[string]string{"X-RateLimit-Reset": "2026-03-01T12:05:00.000Z"}, post.RateLimited, in(5 * time.Minute)},
		{"plain epoch", 429, map[string]string{"RateLimit-Reset": fmt.Sprint(in(time.Hour).Unix())}, post.RateLimited, in(time.Hour)},
		{"both", 429, map[string]string{"Retry-After": "3", "x-rate-limit-reset": fmt.Sprint(in(time.Minute).Unix())}, post.RateLimited, in(3 * time.Second)},
		{"limit not used up", 429, map[string]string{"x-rate-limit-reset": fmt.Sprint(in(time.Minute).Unix()), "x-rate-limit-remaining": "12"}, post.RateLimited, time.Time{}},
		{"passed", 429, map[string]string{"x-rate-limit-reset": "1000"}, post.RateLimited, time.Time{}},
		{"next century", 429, map[string]string{"Retry-After": "99999999999999999"}, post.RateLimited, in(24 * time.Hour)},
		{"end of time", 429, map[string]string{"x-rate-limit-reset": "9223372036854775807"}, post.RateLimited, in(24 * time.Hour)},
		{"nonsense", 429, map[string]string{"Retry-After": "soon", "x-rate-limit-reset": "-1"}, post.RateLimited, time.Time{}},
		{"broken", 500, nil, post.Unavailable, time.Time{}},
		{"maintenance", 503, map[string]string{"Retry-After": "60"}, post.Unavailable, in(time.Minute)},
		{"limit header on a fault of theirs", 502, map[string]string{"x-rate-limit-reset": fmt.Sprint(in(time.Minute).Unix())}, post.Unavailable, time.Time{}},
		{"success that is none", 204, nil, post.Protocol, time.Time{}},
		{"elsewhere", 302, nil, post.Protocol, time.Time{}},
		{"teapot", 418, nil, post.Protocol, time.Time{}},
		{"unheard of", 799, nil, post.Protocol, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{}
			for k, v := range c.header {
				h.Set(k, v)
			}
			f := FromResponse(&http.Response{StatusCode: c.status, Status: fmt.Sprint(c.status, " secret words"), Header: h}, now)
			if f.Cause != c.cause || !f.Until.Equal(c.until) {
				t.Errorf("cause %q until %v, want %q until %v", f.Cause, f.Until, c.cause, c.until)
			}
			if f.Final() != (f.Advice != "") {
				t.Errorf("final is %v with the advice %q: who must act must be told what to do", f.Final(), f.Advice)
			}
			if text := f.Error(); !strings.Contains(text, fmt.Sprint(c.status)) || strings.Contains(text, "secret") {
				t.Errorf("the text is %q", text)
			}
		})
	}
}

func TestFromError(t *testing.T) {
	fault := &Fault{Cause: post.Stalled}
	if got := FromError(fmt.Errorf("read: %w", fault)); got != fault {
		t.Errorf("a fault inside an error became %v", got)
	}
	broken := &url.Error{Op: "Get", URL: "https://social.example/api?tag=secret", Err: io.ErrUnexpectedEOF}
	got := FromError(broken)
	if got.Cause != post.Network || !errors.Is(got, io.ErrUnexpectedEOF) || strings.Contains(got.Error(), "secret") {
		t.Errorf("a broken connection became %v", got)
	}
	var none *Fault
	for _, err := range []error{nil, io.EOF, context.DeadlineExceeded, fmt.Errorf("read: %w", none)} {
		if got := FromError(err); got == nil || got.Cause != post.Network || got.Error() == "" {
			t.Errorf("%v became %v", err, got)
		}
	}
}

// beats counts the signs of life that a source gave.
type beats struct {
	Out
	n int
}

func (b *beats) Alive() { b.n++ }

func TestAliveReaderTellsOfBytesOnly(t *testing.T) {
	var b beats
	got, err := io.ReadAll(AliveReader(iotest.OneByteReader(strings.NewReader("\n\nabc")), &b))
	if err != nil || string(got) != "\n\nabc" || b.n != 5 {
		t.Errorf("read %q with %v and %d signs of life", got, err, b.n)
	}
	b.n = 0
	if _, err := AliveReader(iotest.ErrReader(io.ErrClosedPipe), &b).Read(make([]byte, 8)); !errors.Is(err, io.ErrClosedPipe) || b.n != 0 {
		t.Errorf("a failed read gave %v and %d signs of life", err, b.n)
	}
}
