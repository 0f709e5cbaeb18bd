package api

import (
	"context"
	"net/http"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/api/query"
)

// reader is who asks.
type reader struct {
	// Kind is user, token, or anyone where the desk has no users.
	Kind string  `json:"kind"`
	Name *string `json:"name"`
	Role string  `json:"role"`
}

// status tells how the process is doing, and to whom.
func (a *api) status(ctx context.Context, _ *http.Request, q *query.Query) (any, error) {
	if err := q.Err(); err != nil {
		return nil, err
	}
	type process struct {
		EngineUp       bool       `json:"engine_up"`
		LastPostAt     *time.Time `json:"last_post_at"`
		WaitingBatches *uint64    `json:"waiting_batches"`
		Notes          []string   `json:"notes"`
	}
	out := struct {
		Version string    `json:"version"`
		Demo    bool      `json:"demo"`
		Now     time.Time `json:"now"`
		Process *process  `json:"process"`
		Sources struct {
			Says *string `json:"says"`
			Fine bool    `json:"fine"`
		} `json:"sources"`
		Reader reader `json:"reader"`
	}{Version: a.Version, Demo: a.Demo, Now: a.Now().UTC(), Reader: readerOf(access.Of(ctx))}
	if a.Status != nil {
		s := a.Status()
		out.Process = &process{EngineUp: s.EngineUp, WaitingBatches: s.Waiting, Notes: append([]string{}, s.Notes...)}
		if !s.LastPost.IsZero() {
			at := s.LastPost.UTC()
			out.Process.LastPostAt = &at
		}
	}
	out.Sources.Says, out.Sources.Fine = a.health(a.Sources())
	return out, nil
}

func readerOf(who access.Identity) reader {
	out := reader{Kind: "anyone", Role: string(who.Role)}
	switch {
	case who.Token:
		out.Kind, out.Name = "token", &who.Name
	case who.Name != "":
		out.Kind, out.Name = "user", &who.Name
	}
	return out
}
