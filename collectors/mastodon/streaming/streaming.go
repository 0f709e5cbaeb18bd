package streaming

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// ErrUnsupported is wrapped by the faults of a server that does not have the
// kind of stream asked for.
var ErrUnsupported = errors.New("the server has no such stream")

// Options is what to listen to.
type Options struct {
	// Base is the streaming server, by http or https.
	Base *url.URL
	// HTTP carries the requests, and the token.
	HTTP *http.Client
	// Tags are the hashtags, at least one, as they are to be asked for.
	Tags []string
	// Stall is the longest silence of a sound connection.
	Stall time.Duration
	// Now tells the time.
	Now func() time.Time
}

// Handler takes what comes. Its methods may be called from several goroutines.
// An error that Message returns ends the stream with that error.
type Handler interface {
	// Alive says that bytes came.
	Alive()
	// Open says that all tags are asked for.
	Open() error
	// Message takes a message, raw in case of err, which is a *wire.Reject.
	Message(m Message, err error) error
}

// path is where streams are, below the base.
const path = "api/v1/streaming"

// ended is the fault of a connection that broke.
func ended(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return collectors.FromError(err)
}

// stalled is the fault of a connection that stands but is silent.
func stalled(after time.Duration) *collectors.Fault {
	return &collectors.Fault{Cause: post.Stalled, Err: fmt.Errorf("no byte came for %v, not even a heartbeat", after)}
}
