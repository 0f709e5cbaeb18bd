package stream

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// The names by which JetStream knows the log.
const (
	// PostsStream holds the batches, one a message.
	PostsStream = "WINNOW_POSTS"
	// Consumer is the one durable consumer of PostsStream.
	Consumer = "pipeline"

	stateStream        = "WINNOW_STATE"
	postsSubject       = "winnow.posts."
	cursorSubject      = "winnow.state.cursor."
	incarnationSubject = "winnow.state.incarnation"
	trimmedSubject     = "winnow.state.trimmed"
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
func (s *Store) openStreams(ctx context.Context) (err error) {
	s.Posts, err = s.openStream(ctx, PostsStream, func(c *jetstream.StreamConfig) {
		c.Description = "Winnow: batches of posts on their way into the store"
		c.Subjects = []string{postsSubject + "*"}
		// Refuse what is new rather than drop what is old, and never by age.
		c.Discard = jetstream.DiscardNew
		c.MaxBytes, c.MaxMsgsPerSubject = s.o.MaxBytes, -1
	})
	if err != nil {
		return err
	}
	s.state, err = s.openStream(ctx, stateStream, func(c *jetstream.StreamConfig) {
		c.Description = "Winnow: the last cursor of every source, kept when the log is trimmed, and up to where it was"
		c.Subjects = []string{"winnow.state.>"}
		c.Discard = jetstream.DiscardOld
		c.MaxBytes, c.MaxMsgsPerSubject = -1, 1
	})
	if err != nil {
		return err
	}
	if _, err := s.consumer(ctx); hasCode(err, codeNoConsumerStore) && s.Embedded() {
		return fmt.Errorf("open the log: what is acknowledged cannot be read: %w (in %s): check the disk, then move that directory away; what was acknowledged last comes again, which changes nothing",
			err, filepath.Join(s.o.Dir, "jetstream", "$G", "streams", PostsStream, "obs"))
	} else if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	return nil
}

func (s *Store) openStream(ctx context.Context, name string, set func(*jetstream.StreamConfig)) (jetstream.Stream, error) {
	conf := jetstream.StreamConfig{Name: name, Storage: jetstream.FileStorage, Replicas: 1}
	stream, err := s.JS.Stream(ctx, name)
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
	conf.Retention = jetstream.LimitsPolicy
	conf.MaxAge, conf.MaxMsgs, conf.MaxMsgSize = 0, -1, -1
	conf.AllowDirect, conf.AllowMsgTTL = false, false
	set(&conf)
	if stream, err = s.JS.CreateOrUpdateStream(ctx, conf); hasCode(err, codeNoStorage) {
		return nil, fmt.Errorf("open the log: the NATS server has no room for %d bytes; give JetStream more, or make the log smaller: %w", conf.MaxBytes, err)
	} else if err != nil {
		return nil, fmt.Errorf("open the log: stream %s: %w", name, err)
	}
	return stream, nil
}

// consumer asks for the one durable consumer, and makes it if needed. Its cached
// information is of this moment.
func (s *Store) consumer(ctx context.Context) (jetstream.Consumer, error) {
	consumer, err := s.Posts.Consumer(ctx, Consumer)
	if err == nil || !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return consumer, err
	}
	return s.Posts.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       Consumer,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		// Only for a delivery that a broken connection lost at the very end
		// of the log: all else is found out and asked for again at once.
		AckWait:       5 * time.Minute,
		MaxDeliver:    -1,
		MaxAckPending: maxAckPending,
	})
}

// takeIncarnation draws a number that no earlier opening had: the clock, or one more than
// the last one, or than what others remember, if the clock stands behind it.
func (s *Store) takeIncarnation(ctx context.Context) (uint64, error) {
	for {
		var lastSeq, last uint64
		raw, err := s.state.GetLastMsgForSubject(ctx, incarnationSubject)
		switch {
		case isNotFound(err):
			if s.Posts.CachedInfo().State.LastSeq > 0 {
				return 0, s.Damage(fmt.Errorf("%w: the cursors that were kept (stream %s) are gone", codec.ErrDamaged, stateStream))
			}
		case err != nil:
			return 0, fmt.Errorf("read the log's incarnation: %w", err)
		default:
			lastSeq = raw.Sequence
			if last, err = strconv.ParseUint(string(raw.Data), 10, 64); err != nil {
				return 0, fmt.Errorf("read the log's incarnation: message %d of stream %s: %w", raw.Sequence, stateStream, err)
			}
		}
		next := max(uint64(max(s.o.Now().UnixMicro(), 1)), last+1, s.o.After+1)
		_, err = s.JS.PublishMsg(ctx, &nats.Msg{
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

func isNotFound(err error) bool {
	return errors.Is(err, jetstream.ErrMsgNotFound)
}

// isConflict says whether a message was refused because others came first.
func isConflict(err error) bool {
	return hasCode(err, jetstream.JSErrCodeStreamWrongLastSequence) || hasCode(err, jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// The server's codes for a lack of room; the client library names none.
const (
	codeInsufficientResources jetstream.ErrorCode = 10023
	codeNoStorage             jetstream.ErrorCode = 10047
	codeNoConsumerStore       jetstream.ErrorCode = 10012
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
