package feed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// The names by which JetStream knows the log.
const (
	postsStream        = "WINNOW_POSTS"
	stateStream        = "WINNOW_STATE"
	consumerName       = "pipeline"
	postsSubject       = "winnow.posts."
	cursorSubject      = "winnow.state.cursor."
	incarnationSubject = "winnow.state.incarnation"
)

// The headers of a message.
const (
	headerIncarnation = "Winnow-Incarnation"
	headerSeq         = "Winnow-Seq"
	// headerRoom is what headers and subject take of a message at most, in
	// bytes: a source's name escaped, three headers, and the store's own.
	headerRoom = 3*codec.MaxSource + 512
)

// openStreams makes the two streams, or brings them to what the log relies on
// and leaves the rest, such as replicas, as the operator set it.
func (l *Log) openStreams(ctx context.Context) (err error) {
	l.posts, err = l.openStream(ctx, postsStream, func(c *jetstream.StreamConfig) {
		c.Description = "Winnow: batches of posts on their way into the store"
		c.Subjects = []string{postsSubject + "*"}
		c.Retention = jetstream.LimitsPolicy
		// Refuse what is new rather than drop what is old, and never by age.
		c.Discard = jetstream.DiscardNew
		c.MaxBytes = l.o.MaxBytes
		c.MaxAge, c.MaxMsgs, c.MaxMsgsPerSubject, c.MaxMsgSize = 0, -1, -1, -1
		c.AllowDirect = false
		c.AllowMsgTTL = false
	})
	if err != nil {
		return err
	}
	l.state, err = l.openStream(ctx, stateStream, func(c *jetstream.StreamConfig) {
		c.Description = "Winnow: the last cursor of every source, kept when the log is trimmed"
		c.Subjects = []string{"winnow.state.>"}
		c.Retention = jetstream.LimitsPolicy
		c.Discard = jetstream.DiscardOld
		c.MaxMsgsPerSubject = 1
		c.MaxAge, c.MaxMsgs, c.MaxBytes, c.MaxMsgSize = 0, -1, -1, -1
		c.AllowDirect = false
		c.AllowMsgTTL = false
	})
	if err != nil {
		return err
	}
	if _, err := l.consumer(ctx); err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	return nil
}

func (l *Log) openStream(ctx context.Context, name string, set func(*jetstream.StreamConfig)) (jetstream.Stream, error) {
	conf := jetstream.StreamConfig{Name: name, Storage: jetstream.FileStorage, Replicas: 1}
	stream, err := l.js.Stream(ctx, name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
	case err != nil:
		return nil, fmt.Errorf("open the log: stream %s: %w; is JetStream enabled there?", name, err)
	default:
		conf = stream.CachedInfo().Config
		if conf.Storage != jetstream.FileStorage {
			return nil, fmt.Errorf("open the log: stream %s is kept in memory; remove it, or keep it in files", name)
		}
	}
	set(&conf)
	if stream, err = l.js.CreateOrUpdateStream(ctx, conf); hasCode(err, codeNoStorage) {
		return nil, fmt.Errorf("open the log: the NATS server has no room for %d bytes; give JetStream more, or make the log smaller: %w", conf.MaxBytes, err)
	} else if err != nil {
		return nil, fmt.Errorf("open the log: stream %s: %w", name, err)
	}
	return stream, nil
}

// consumer returns the one durable consumer, which it makes if needed.
func (l *Log) consumer(ctx context.Context) (jetstream.Consumer, error) {
	consumer, err := l.posts.Consumer(ctx, consumerName)
	if err == nil || !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return consumer, err
	}
	return l.posts.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       consumerName,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		// Only for a delivery that a broken connection lost at the very end
		// of the log: all else is found out and asked for again at once.
		AckWait:       5 * time.Minute,
		MaxDeliver:    -1,
		MaxAckPending: maxAckPending,
	})
}

// takeIncarnation draws a number that no earlier opening had: the clock, or
// one more than the last one if the clock stands behind it.
func (l *Log) takeIncarnation(ctx context.Context) (uint64, error) {
	for {
		var lastSeq, last uint64
		raw, err := l.state.GetLastMsgForSubject(ctx, incarnationSubject)
		switch {
		case isNotFound(err):
		case err != nil:
			return 0, fmt.Errorf("read the log's incarnation: %w", err)
		default:
			lastSeq = raw.Sequence
			if last, err = strconv.ParseUint(string(raw.Data), 10, 64); err != nil {
				return 0, fmt.Errorf("read the log's incarnation: message %d of stream %s: %w", raw.Sequence, stateStream, err)
			}
		}
		next := max(uint64(max(l.o.Now().UnixMicro(), 1)), last+1)
		_, err = l.js.PublishMsg(ctx, &nats.Msg{
			Subject: incarnationSubject,
			Data:    strconv.AppendUint(nil, next, 10),
		}, jetstream.WithExpectLastSequencePerSubject(lastSeq))
		if err == nil {
			return next, nil
		}
		// Another process that opened the same external log was quicker.
		if !isConflict(err) || ctx.Err() != nil {
			return 0, fmt.Errorf("write the log's incarnation: %w", err)
		}
	}
}

// isConflict says whether a message was refused because others came first.
func isConflict(err error) bool {
	return hasCode(err, jetstream.JSErrCodeStreamWrongLastSequence) || hasCode(err, jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// The server's codes for a lack of room; the client library names none.
const (
	codeInsufficientResources jetstream.ErrorCode = 10023
	codeNoStorage             jetstream.ErrorCode = 10047
	codeStoreFailed           jetstream.ErrorCode = 10077
)

func hasCode(err error, code jetstream.ErrorCode) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == code
}

// subjectToken returns source as one token of a subject: letters, digits, "-",
// "_" and "/" stay, every other byte becomes % and two hexadecimal digits.
func subjectToken(source string) string {
	const hex = "0123456789ABCDEF"
	var token strings.Builder
	for i := range len(source) {
		c := source[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '/':
			token.WriteByte(c)
		default:
			token.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return token.String()
}
