package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// counted says whether anything was written.
type counted struct {
	w io.Writer
	n int64
}

// Write implements io.Writer.
func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

func backup(o Owner, w http.ResponseWriter, r *http.Request) error {
	out := &counted{w: w}
	err := o.Backup(r.Context(), out)
	if err != nil && out.n > 0 {
		// Part of it is out: only a cut connection can say so.
		panic(http.ErrAbortHandler)
	}
	return err
}

// Backup has the owner write all that its data directory holds to w.
func (c *Client) Backup(ctx context.Context, w io.Writer) error {
	res, err := c.do(ctx, http.MethodPost, "/v1/backup", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("waiting for the owner's backup, of which its log says more: %w", err)
	}
	return nil
}

// Stop asks the owner to end.
func (c *Client) Stop(ctx context.Context) error {
	res, err := c.do(ctx, http.MethodPost, "/v1/stop", nil)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
