package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"winnow/storage"
)

// rebuildRequest asks for a rebuild.
type rebuildRequest struct {
	Campaign string `json:"campaign"`
	Check    bool   `json:"check"`
}

// rebuildNews is one line of the answer: how far it is, then what came of it or
// why nothing did.
type rebuildNews struct {
	Campaign string           `json:"campaign,omitzero"`
	Done     int              `json:"done,omitzero"`
	Of       int              `json:"of,omitzero"`
	Rebuilt  *storage.Rebuilt `json:"rebuilt,omitzero"`
	Error    string           `json:"error,omitzero"`
}

// rebuild answers with a line of JSON for each step, since the work may take
// minutes and whoever asked wants to see it go on.
func rebuild(o Owner, w http.ResponseWriter, r *http.Request) error {
	var ask rebuildRequest
	if err := json.UnmarshalRead(r.Body, &ask); err != nil {
		return fmt.Errorf("reading what to rebuild: %w", err)
	}
	out := jsontext.NewEncoder(w)
	tell := func(n rebuildNews) error {
		if err := json.MarshalEncode(out, n); err != nil {
			return fmt.Errorf("telling how far the rebuild is: %w", err)
		}
		return http.NewResponseController(w).Flush()
	}
	done, err := o.Rebuild(r.Context(), storage.Rebuilding{
		Campaign: ask.Campaign, Check: ask.Check,
		Progress: func(campaign string, done, of int) {
			_ = tell(rebuildNews{Campaign: campaign, Done: done, Of: of}) // who has gone need not know
		},
	})
	if err != nil {
		return tell(rebuildNews{Error: err.Error()})
	}
	return tell(rebuildNews{Rebuilt: &done})
}

// Rebuild asks the owner to compute buckets anew.
func (c *Client) Rebuild(ctx context.Context, o storage.Rebuilding) (done storage.Rebuilt, err error) {
	body, err := json.Marshal(rebuildRequest{o.Campaign, o.Check})
	if err != nil {
		return done, fmt.Errorf("asking for a rebuild: %w", err)
	}
	res, err := c.do(ctx, http.MethodPost, "/v1/rebuild", strings.NewReader(string(body)))
	if err != nil {
		return done, err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	in := jsontext.NewDecoder(res.Body)
	for {
		var n rebuildNews
		if err := json.UnmarshalDecode(in, &n); err != nil {
			return done, fmt.Errorf("waiting for the owner to rebuild: %w", err)
		}
		switch {
		case n.Error != "":
			return done, errors.New(n.Error)
		case n.Rebuilt != nil:
			return *n.Rebuilt, nil
		case o.Progress != nil:
			o.Progress(n.Campaign, n.Done, n.Of)
		}
	}
}
