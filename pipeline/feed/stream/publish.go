package stream

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// The errors of this package that callers tell apart with errors.Is.
var (
	// ErrFull says that there is no room for a message.
	ErrFull = errors.New("the log is full")
	// ErrClosed says that the store was closed.
	ErrClosed = errors.New("the log is closed")
	// ErrUnwritable says that the embedded server's disk takes no more.
	ErrUnwritable = errors.New("the log cannot be written")
	// ErrInterrupted says that messages were lost on their way here.
	ErrInterrupted = errors.New("reading the log was interrupted")
)

// publishTimeout bounds how long the log may take for one batch. A disk that
// writes 1 MB/s still takes a full message in that time.
const publishTimeout = time.Minute

// Publish sends a payload to be stored. It is on disk when the future says Ok;
// what the future has for an error is for PublishError.
func (s *Store) Publish(source string, payload []byte) (jetstream.PubAckFuture, error) {
	if err := s.Breakage(); err != nil {
		return nil, err
	}
	ack, err := s.JS.PublishMsgAsync(&nats.Msg{
		Subject: postsSubject + subjectToken(source),
		Header:  nats.Header{headerIncarnation: {strconv.FormatUint(s.Incarnation, 10)}},
		Data:    payload,
	})
	if err != nil {
		return nil, PublishError(err)
	}
	return ack, nil
}

// PublishError says what the server's answer to a message means. The error is
// ErrFull, codec.ErrTooLarge or ErrClosed where it is one of these.
func PublishError(err error) error {
	switch {
	case hasCode(err, codeInsufficientResources),
		hasCode(err, codeStoreFailed) && strings.Contains(err.Error(), "maximum bytes exceeded"):
		return fmt.Errorf("publish to the log: %w: wait until the pipeline has caught up, or raise its size", ErrFull)
	case errors.Is(err, nats.ErrMaxPayload), hasCode(err, jetstream.JSErrCodeStreamMessageExceedsMaximum):
		return fmt.Errorf("publish to the log: %w: %w", codec.ErrTooLarge, err)
	case errors.Is(err, nats.ErrConnectionClosed):
		return fmt.Errorf("publish to the log: %w", ErrClosed)
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("publish to the log: its store does not answer; is the disk full? free some space and start again: %w", err)
	}
	return fmt.Errorf("publish to the log: %w", err)
}
