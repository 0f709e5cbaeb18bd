package api

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Connection is a stream that X counts as open.
type Connection struct {
	ID, Endpoint string
	// Since is when it began; zero if X does not say.
	Since time.Time
}

// Connections returns the open streams of the app, a hundred at most.
func (c *Client) Connections(ctx context.Context) ([]Connection, error) {
	var page struct {
		Data []struct {
			ID          string `json:"id"`
			Endpoint    string `json:"endpoint_name"`
			ConnectedAt string `json:"connected_at"`
		} `json:"data"`
	}
	q := url.Values{
		"status": {"active"}, "max_results": {"100"},
		"connection.fields": {"id,endpoint_name,connected_at"},
	}
	if _, err := c.call(ctx, http.MethodGet, "/2/connections", q, nil, &page); err != nil {
		return nil, err
	}
	var out []Connection
	for _, d := range page.Data {
		since, err := time.Parse(time.RFC3339, d.ConnectedAt)
		if err != nil {
			since = time.Time{}
		}
		out = append(out, Connection{ID: d.ID, Endpoint: d.Endpoint, Since: since.UTC()})
	}
	return out, nil
}

// CloseConnections ends all open streams of the app, those of other programs
// included, and says how many. It may be asked 25 times in a quarter of an hour.
func (c *Client) CloseConnections(ctx context.Context) (int, error) {
	var page struct {
		Data struct {
			Closed number `json:"successful_kills"`
		} `json:"data"`
	}
	_, err := c.call(ctx, http.MethodDelete, "/2/connections/all", nil, nil, &page)
	return int(page.Data.Closed), err
}
