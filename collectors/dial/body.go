package dial

import (
	"fmt"
	"io"
	"net/http"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// ReadBody reads an answer to its end and closes it. One of more than max
// bytes, after decompression, is a *collectors.Fault with the cause
// post.Protocol; other errors are those of reading. How long it may take is up
// to the context of the request.
func ReadBody(resp *http.Response, max int64) ([]byte, error) {
	defer resp.Body.Close()
	tooLarge := func() error {
		return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("the answer is larger than %d bytes", max)}
	}
	if resp.ContentLength > max {
		return nil, tooLarge()
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, max+1))
	if err != nil {
		return nil, fmt.Errorf("reading an answer: %w", err)
	}
	if int64(len(body)) > max {
		return nil, tooLarge()
	}
	return body, nil
}
