package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"

	"winnow/pipeline/feed"
)

// Client speaks to the owner of a data directory over its socket.
type Client struct {
	http *http.Client
	path string
}

var _ Owner = (*Client)(nil)

// Dial returns a client for the owner of dir. It does not connect yet.
func Dial(dir string) (*Client, error) {
	path, err := SocketPath(dir)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	return &Client{path: path, http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", path)
		},
	}}}, nil
}

// Answers reports whether a Winnow is running on the data directory and takes calls.
func (c *Client) Answers(ctx context.Context) bool {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", c.path)
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	return true
}

// ErrUnreachable means that the owner of the data directory does not answer.
var ErrUnreachable = errors.New("the winnow that owns this data directory does not answer on its socket: wait until it has started, or stop it")

func (c *Client) do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://winnow"+path, body)
	if err != nil {
		return nil, fmt.Errorf("asking the owner of the data directory: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			return nil, fmt.Errorf("%w (%w)", ErrUnreachable, err)
		}
		return nil, fmt.Errorf("asking the owner of the data directory: %w", err)
	}
	if res.StatusCode/100 == 2 {
		return res, nil
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return nil, errors.Join(errors.New(strings.TrimSpace(string(text))), err, res.Body.Close())
}

// Publish hands a batch to the owner's log.
func (c *Client) Publish(ctx context.Context, b feed.Batch) error {
	body, err := json.Marshal(parcelOf(b))
	if err != nil {
		return fmt.Errorf("encoding a batch: %w", err)
	}
	res, err := c.do(ctx, http.MethodPost, "/v1/batches", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Cursor asks the owner's log where a source stopped.
func (c *Client) Cursor(ctx context.Context, source string) ([]byte, bool, error) {
	res, err := c.do(ctx, http.MethodGet, "/v1/cursor?source="+url.QueryEscape(source), nil)
	if err != nil {
		return nil, false, err
	}
	cursor, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, false, fmt.Errorf("reading a cursor: %w", err)
	}
	return cursor, res.StatusCode == http.StatusOK, nil
}

// Drain waits until the owner has stored and settled what was published.
func (c *Client) Drain(ctx context.Context) error {
	res, err := c.do(ctx, http.MethodPost, "/v1/drain", nil)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Query runs a statement in the owner's store.
func (c *Client) Query(ctx context.Context, sql, format string) (io.ReadCloser, error) {
	res, err := c.do(ctx, http.MethodPost, "/v1/query?format="+url.QueryEscape(format), strings.NewReader(sql))
	if err != nil {
		return nil, err
	}
	return res.Body, nil
}
