package collectors

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// longestUntil bounds how long an answer's header can keep a source away: a
// platform asked once a day too often minds less than an operator who waits a
// year on a broken header.
const longestUntil = 24 * time.Hour

// FromResponse returns what an answer that is no success means. It reads the
// status and the header only, and tells nothing of the address or the body.
// 401 and 403 are Unauthorised; 400, 404, 410 and 422 Misconfigured; 420 and
// 429 RateLimited, with Until from Retry-After or else the header that says
// when the limit is reset; 5xx Unavailable, with Until from Retry-After; all
// others Protocol.
func FromResponse(resp *http.Response, now time.Time) *Fault {
	f := &Fault{Err: fmt.Errorf("the platform answered %s", statusText(resp.StatusCode))}
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		f.Cause = post.Unauthorised
		f.Advice = "check the token in the configuration: it may be missing, mistyped, withdrawn, or without the rights this needs"
	case code == http.StatusBadRequest, code == http.StatusNotFound, code == http.StatusGone, code == http.StatusUnprocessableEntity:
		f.Cause = post.Misconfigured
		f.Advice = "check the address and the campaigns in the configuration: the platform does not accept what it was asked"
	case code == 420, code == http.StatusTooManyRequests:
		f.Cause = post.RateLimited
		if f.Until = retryAfter(resp.Header, now); f.Until.IsZero() {
			f.Until = limitReset(resp.Header, now)
		}
	case code >= 500 && code <= 599:
		f.Cause = post.Unavailable
		f.Until = retryAfter(resp.Header, now)
	default:
		f.Cause = post.Protocol
	}
	return f
}

// FromError returns a *Fault in err as it is, and anything else as Network.
// Addresses are left out, since what is asked for is nobody's business.
func FromError(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) && f != nil {
		return f
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	switch {
	case err == nil:
		err = errors.New("the connection ended and nothing says why")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("the platform ended the connection: %w", err)
	}
	return &Fault{Cause: post.Network, Err: err}
}

// statusText is the status in our words: what the platform writes beside the
// number is its own.
func statusText(code int) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
}

// retryAfter returns when Retry-After allows to try again, zero if it does not say.
func retryAfter(h http.Header, now time.Time) time.Time {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		if seconds > uint64(longestUntil/time.Second) {
			return bounded(now.Add(longestUntil), now)
		}
		return bounded(now.Add(time.Duration(seconds)*time.Second), now)
	}
	if t, err := http.ParseTime(value); err == nil {
		return bounded(t, now)
	}
	return time.Time{}
}

// limitReset returns when the limit is reset, zero if nothing says it or if
// the limit is not used up, since then it is another one that was hit.
func limitReset(h http.Header, now time.Time) time.Time {
	for _, name := range []string{"X-Rate-Limit", "X-Ratelimit", "Ratelimit"} {
		if left, err := strconv.ParseUint(strings.TrimSpace(h.Get(name+"-Remaining")), 10, 64); err == nil && left > 0 {
			continue
		}
		value := strings.TrimSpace(h.Get(name + "-Reset"))
		if epoch, err := strconv.ParseInt(value, 10, 64); err == nil && epoch > 0 {
			return bounded(time.Unix(min(epoch, now.Unix()+int64(longestUntil/time.Second)), 0), now)
		}
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return bounded(t, now)
		}
	}
	return time.Time{}
}

// bounded returns t as a time that can be waited for: zero if it has passed.
func bounded(t, now time.Time) time.Time {
	if !t.After(now) {
		return time.Time{}
	}
	if most := now.Add(longestUntil); t.After(most) {
		t = most
	}
	return t.UTC().Round(0)
}

// AliveReader returns r, telling out of everything that comes through it.
func AliveReader(r io.Reader, out Out) io.Reader { return &aliveReader{r, out} }

type aliveReader struct {
	r   io.Reader
	out Out
}

func (a *aliveReader) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if n > 0 {
		a.out.Alive()
	}
	return n, err
}
