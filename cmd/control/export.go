package control

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"
)

// Exporting says which finding is asked for, and how much of it.
type Exporting struct {
	// Campaign may be empty where the id alone says which finding is meant.
	Campaign string `json:"campaign,omitempty"`
	Finding  string `json:"finding"`
	// Profile is one of package export's.
	Profile string `json:"profile"`
	// Receivers are the public keys that it is encrypted to, one a line of package seal;
	// none for a bundle that anybody can open.
	Receivers []string `json:"receivers,omitempty"`
}

// export answers with the bundle, which is made as a whole before any of it is sent.
func export(o Owner, w http.ResponseWriter, r *http.Request) error {
	var ask Exporting
	if err := json.UnmarshalRead(r.Body, &ask); err != nil {
		return fmt.Errorf("reading what to export: %w", err)
	}
	var file bytes.Buffer
	if err := o.Export(r.Context(), &file, ask); err != nil {
		return err
	}
	_, err := file.WriteTo(w)
	return err
}

// Export asks the owner for a bundle and writes it to w.
func (c *Client) Export(ctx context.Context, w io.Writer, ask Exporting) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return fmt.Errorf("asking for an export: %w", err)
	}
	res, err := c.do(ctx, http.MethodPost, "/v1/export", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("waiting for the owner's export: %w", err)
	}
	return nil
}
