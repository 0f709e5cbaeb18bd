package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"winnow/pipeline/post"
	"winnow/storage"
)

// Forgetting says what to erase everywhere: an account, by its id or its handle, or a
// campaign.
type Forgetting struct {
	Platform post.Platform `json:"platform,omitzero"`
	ID       string        `json:"id,omitzero"`
	Handle   string        `json:"handle,omitzero"`
	Campaign string        `json:"campaign,omitzero"`
	// Only counts what there is, and erases nothing.
	Only bool `json:"only,omitzero"`
	// Allow lets the account be collected again, and erases nothing.
	Allow bool `json:"allow,omitzero"`
	// Progress is told what goes on, and how much of it is done; may be nil.
	Progress func(what string, done, of int) `json:"-"`
}

// Forgotten is what came of it.
type Forgotten struct {
	storage.Traces
	// Names is how many names of the account are known: its id and handles.
	Names int `json:"names,omitzero"`
	// Suppressed says that the account was not to be collected before.
	Suppressed bool `json:"suppressed,omitzero"`
	// Protected are campaigns whose configuration names the account, which stays.
	Protected []string `json:"protected,omitempty"`
	// Rejects is how many records were taken out of reject files.
	Rejects int `json:"rejects,omitzero"`
	// Records is how many posts as they were received were erased.
	Records int `json:"records,omitzero"`
}

// forgetNews is one line of the answer: how far it is, then what came of it or why
// nothing did.
type forgetNews struct {
	What      string     `json:"what,omitzero"`
	Done      int        `json:"done,omitzero"`
	Of        int        `json:"of,omitzero"`
	Forgotten *Forgotten `json:"forgotten,omitzero"`
	Error     string     `json:"error,omitzero"`
}

// forget answers with a line of JSON for each step.
func forget(o Owner, w http.ResponseWriter, r *http.Request) error {
	var ask Forgetting
	if err := json.UnmarshalRead(r.Body, &ask); err != nil {
		return fmt.Errorf("reading what to forget: %w", err)
	}
	out := jsontext.NewEncoder(w)
	tell := func(n forgetNews) error {
		if err := json.MarshalEncode(out, n); err != nil {
			return fmt.Errorf("telling how far it is: %w", err)
		}
		return http.NewResponseController(w).Flush()
	}
	ask.Progress = func(what string, done, of int) {
		_ = tell(forgetNews{What: what, Done: done, Of: of}) // who has gone need not know
	}
	// Whoever asked may go: half an erasure helps nobody.
	ctx := r.Context()
	if !ask.Only {
		ctx = context.WithoutCancel(ctx)
	}
	done, err := o.Forget(ctx, ask)
	if err != nil {
		return tell(forgetNews{Error: err.Error()})
	}
	return tell(forgetNews{Forgotten: &done})
}

// Forget asks the owner to erase an account or a campaign.
func (c *Client) Forget(ctx context.Context, ask Forgetting) (done Forgotten, err error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return done, fmt.Errorf("asking to forget: %w", err)
	}
	res, err := c.do(ctx, http.MethodPost, "/v1/forget", bytes.NewReader(body))
	if err != nil {
		return done, err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	in := jsontext.NewDecoder(res.Body)
	for {
		var n forgetNews
		if err := json.UnmarshalDecode(in, &n); err != nil {
			return done, fmt.Errorf("waiting for the owner to forget: %w", err)
		}
		switch {
		case n.Error != "":
			return done, errors.New(n.Error)
		case n.Forgotten != nil:
			return *n.Forgotten, nil
		case ask.Progress != nil:
			ask.Progress(n.What, n.Done, n.Of)
		}
	}
}
