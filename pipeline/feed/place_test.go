package feed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// place is where a test's log lives. Opening it again finds the same log.
type place struct {
	name string
	o    Options
}

// places returns an embedded log and one in an external server, which run the
// same tests.
func places(t *testing.T) []place {
	return []place{
		{name: "embedded", o: Options{Dir: t.TempDir()}},
		{name: "external", o: Options{URL: externalServer(t, server.Options{})}},
	}
}

// externalServer runs a NATS server that listens on the loopback interface,
// and returns its URL.
func externalServer(t *testing.T, so server.Options) string {
	t.Helper()
	so.Host, so.Port = "127.0.0.1", -1
	so.JetStream, so.StoreDir, so.JetStreamMaxStore = true, t.TempDir(), 16<<30
	so.NoSigs, so.NoLog, so.MaxPayload = true, true, 8<<20
	s, err := server.NewServer(&so)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the external server did not start")
	}
	return s.ClientURL()
}

// atPlaces runs a test on each place.
func atPlaces(t *testing.T, f func(t *testing.T, o Options)) {
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) { f(t, p.o) })
	}
}

// open opens a log whose trimming is quick and whose pauses are short.
func open(t *testing.T, o Options) *Log {
	t.Helper()
	if o.Backoff == nil {
		o.Backoff = func(int) time.Duration { return time.Millisecond }
	}
	if o.TrimEvery == 0 {
		o.TrimEvery = time.Millisecond
	}
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLog(t, l) })
	return l
}

func closeLog(t *testing.T, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func publish(t *testing.T, l *Log, batches ...Batch) {
	t.Helper()
	for _, b := range batches {
		if err := l.Publish(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

// errEnough ends a collecting handler without an acknowledgement.
var errEnough = errors.New("enough")

// consume reads n messages and acknowledges the first acked of them.
func consume(t *testing.T, l *Log, n, acked int) []Message {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var got []Message
	err := l.Consume(ctx, func(_ context.Context, m Message) error {
		got = append(got, m)
		if len(got) == n {
			cancel(errEnough)
		}
		if len(got) > acked {
			return errEnough
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func cursors(messages []Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Batch.Source+"="+string(m.Batch.Cursor))
	}
	return strings.Join(all, " ")
}

func wantCursor(t *testing.T, l *Log, source, want string) {
	t.Helper()
	got, found, err := l.Cursor(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want || found != (want != "") {
		t.Errorf("cursor of %s: %q, %v; want %q", source, got, found, want)
	}
}

func wantLag(t *testing.T, l *Log, want uint64) {
	t.Helper()
	got, _, err := l.Lag(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("lag: %d messages, want %d", got, want)
	}
}

// storedMessages says how many messages the stream still holds.
func storedMessages(t *testing.T, l *Log) uint64 {
	t.Helper()
	info, err := l.store.Posts.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return info.State.Msgs
}
