package control

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// Reporting says which report is asked for; see package report for what each means.
type Reporting struct {
	Campaign   string    `json:"campaign"`
	From       time.Time `json:"from,omitzero"`
	To         time.Time `json:"to,omitzero"`
	Identities bool      `json:"identities,omitzero"`
}

// report answers with the file, which is made as a whole before any of it is sent.
func report(o Owner, w http.ResponseWriter, r *http.Request) error {
	var ask Reporting
	if err := json.UnmarshalRead(r.Body, &ask); err != nil {
		return fmt.Errorf("reading what to report: %w", err)
	}
	var file bytes.Buffer
	if err := o.Report(r.Context(), &file, ask); err != nil {
		return err
	}
	_, err := file.WriteTo(w)
	return err
}

// Report asks the owner for a report and writes it to w.
func (c *Client) Report(ctx context.Context, w io.Writer, ask Reporting) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return fmt.Errorf("asking for a report: %w", err)
	}
	res, err := c.do(ctx, http.MethodPost, "/v1/report", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("waiting for the owner's report: %w", err)
	}
	return nil
}
