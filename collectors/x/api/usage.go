package api

import (
	"context"
	"net/http"
	"net/url"
)

// Usage is what X says was read with all apps of the project.
type Usage struct {
	// Used counts the posts since the last reset, Cap how many there may be.
	Used, Cap uint64
	// ResetDay is the day of the month on which Used starts again.
	ResetDay int
}

// Usage asks what was read so far. It costs nothing.
func (c *Client) Usage(ctx context.Context) (Usage, error) {
	var page struct {
		Data struct {
			Used     number `json:"project_usage"`
			Cap      number `json:"project_cap"`
			ResetDay number `json:"cap_reset_day"`
		} `json:"data"`
	}
	q := url.Values{"usage.fields": {"cap_reset_day,project_cap,project_usage"}}
	if _, err := c.call(ctx, http.MethodGet, "/2/usage/tweets", q, nil, &page); err != nil {
		return Usage{}, err
	}
	return Usage{Used: uint64(page.Data.Used), Cap: uint64(page.Data.Cap), ResetDay: int(page.Data.ResetDay)}, nil
}
