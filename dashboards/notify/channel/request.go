package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"winnow/collectors/dial"
)

const (
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 64 << 10
	// longestWait bounds how long a receiver can ask to wait.
	longestWait = time.Hour
)

// request is one request to a receiver.
type request struct {
	method, url string
	header      http.Header
	body        []byte
}

// post is a request with a JSON body.
func post(url string, body any) (request, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return request{}, fmt.Errorf("writing a message: %w", err)
	}
	return request{method: http.MethodPost, url: url, body: data, header: http.Header{"Content-Type": {"application/json"}}}, nil
}

// do sends a request and returns the answer, which is that of success. explain, if
// given, returns the reason that stands in another one.
func (n network) do(ctx context.Context, r request, explain func([]byte) string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, &Failure{Permanent: true, Err: fmt.Errorf("making a request: %w", bare(err))}
	}
	for k, v := range r.header {
		req.Header[k] = v
	}
	res, err := n.http.Do(req) //nolint:bodyclose // dial.ReadBody closes it
	if err != nil {
		return nil, &Failure{Err: bare(err)}
	}
	answer, err := dial.ReadBody(res, maxAnswer)
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		// It was taken, whatever became of the answer.
		return answer, nil
	}
	if err != nil {
		answer = nil
	}
	f := &Failure{
		Permanent: permanent(res.StatusCode),
		After:     retryAfter(res.Header.Get("Retry-After")),
		Err:       fmt.Errorf("the server answered %d %s", res.StatusCode, http.StatusText(res.StatusCode)),
	}
	if explain != nil {
		if why := explain(answer); why != "" {
			f.Err = fmt.Errorf("%w: %s", f.Err, shown(why))
		}
	}
	return nil, f
}

// permanent reports whether the same request will be refused again.
func permanent(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status < 500
}

// retryAfter reads the header of RFC 9110, section 10.2.3, in seconds; as a date
// hardly anybody writes it.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 31)
	if err != nil {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

// field returns a text of a JSON object, empty if there is none.
func field(answer []byte, name string) string {
	var object map[string]json.RawMessage
	var text string
	if json.Unmarshal(answer, &object) != nil || json.Unmarshal(object[name], &text) != nil {
		return ""
	}
	return text
}
