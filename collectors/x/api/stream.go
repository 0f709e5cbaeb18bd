package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// StreamOptions says how to connect to the filtered stream. All of it needs an
// Enterprise plan.
type StreamOptions struct {
	// BackfillMinutes asks for the posts of the last minutes, 1 to 5, which
	// come again if they came already; 0 for none.
	BackfillMinutes int
	// From and To ask for a stretch of at most 24 hours in the past instead of
	// the live stream (recovery); zero for the live stream.
	From, To time.Time
}

// StreamPath is where the filtered stream is.
const StreamPath = "/2/tweets/search/stream"

// Stream connects to the filtered stream. The body ends with the connection
// or with ctx; Lines cuts it into messages. The caller closes it.
func (c *Client) Stream(ctx context.Context, o StreamOptions) (io.ReadCloser, error) {
	q := fields(false)
	if o.BackfillMinutes > 0 {
		q.Set("backfill_minutes", strconv.Itoa(o.BackfillMinutes))
	}
	if !o.From.IsZero() {
		q.Set("start_time", stamp(o.From))
	}
	if !o.To.IsZero() {
		q.Set("end_time", stamp(o.To))
	}
	resp, err := c.open(ctx, http.MethodGet, StreamPath, q, nil)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// stamp writes a time as X wants it: RFC 3339, whole seconds, UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
