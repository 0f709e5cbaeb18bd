package feed

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/post"
)

// Options says where the log lives and how it behaves. Dir or URL is required.
type Options struct {
	// Dir is the directory of the embedded log. It has one owner at a time,
	// which the caller sees to.
	Dir string
	// URL, unless empty, is that of an external NATS server with JetStream
	// (2.14 or later), which is used instead of Dir: "nats://user:password@host:4222", several hosts separated by commas,
	// "tls://" to insist on TLS. Files are named as parameters: creds (NATS
	// credentials), ca, cert and key (PEM).
	URL string
	// MaxBytes is how much the log holds before it refuses, in bytes;
	// DefaultMaxBytes if zero, and at least MinMaxBytes.
	MaxBytes int64
	// Backoff is how long to wait before an attempt is repeated, attempt
	// counting from 1; DefaultBackoff if nil.
	Backoff func(attempt int) time.Duration
	// TrimEvery is how often Consume removes what is acknowledged;
	// DefaultTrimEvery if zero.
	TrimEvery time.Duration
	// Now is the clock that incarnations are made of; time.Now if nil.
	Now func() time.Time
	// After is the highest incarnation that is remembered outside the log, zero for none:
	// positions are after it even if the log is a new one and the clock stands behind.
	After uint64
	// Version is the program's, and Clock tells how well the machine's clock is
	// kept: both for the receipts of batches with evidence. Clock is SystemClock
	// if nil.
	Version string
	Clock   func() post.Clock
	// Registerer takes the metrics; nil for none.
	Registerer prometheus.Registerer
	// Logger takes what the NATS server and client have to say; nil for
	// silence.
	Logger *slog.Logger
}

// What applies where Options says nothing.
const (
	// DefaultMaxBytes is some hundred million posts of a busy tag.
	DefaultMaxBytes int64 = 4 << 30
	// MinMaxBytes is the smallest log that makes sense.
	MinMaxBytes int64 = 1 << 20
	// DefaultTrimEvery keeps what is acknowledged no longer than needed:
	// texts that were deleted since should not live on in the log.
	DefaultTrimEvery = time.Second
)

// DefaultBackoff doubles from 200 ms to half a minute, and takes a random part
// off, so that many do not come back at the same moment.
func DefaultBackoff(attempt int) time.Duration {
	const first, most = 200 * time.Millisecond, 30 * time.Second
	d := most
	if attempt < 8 {
		d = min(most, first<<max(attempt-1, 0))
	}
	return d/2 + rand.N(d/2)
}

func (o Options) withDefaults() (Options, error) {
	if o.Dir == "" && o.URL == "" {
		return o, fmt.Errorf("%w: give a directory or a URL for the log", ErrInvalid)
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxBytes < MinMaxBytes {
		return o, fmt.Errorf("%w: the log needs at least %d bytes, not %d", ErrInvalid, MinMaxBytes, o.MaxBytes)
	}
	if o.Backoff == nil {
		o.Backoff = DefaultBackoff
	}
	if o.TrimEvery == 0 {
		o.TrimEvery = DefaultTrimEvery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Clock == nil {
		o.Clock = SystemClock
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}
