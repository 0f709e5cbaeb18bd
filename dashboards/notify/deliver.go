package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/channel"
	"winnow/dashboards/notify/message"
	"winnow/dashboards/notify/pace"
)

const (
	// firstWait is after the first failure; it doubles up to longestWait. What fails
	// until somebody changes something is tried every longWait: somebody may.
	firstWait   = 10 * time.Second
	longestWait = 15 * time.Minute
	longWait    = time.Hour
	// longestSleep bounds how long a delivery looks at no clock: on a laptop that
	// slept, a timer is late.
	longestSleep = time.Minute
	// notable is how many failures in a row are worth a note on the desk.
	notable = 3
)

// delivery sends to one receiver. Its fields but the first three are guarded by the
// notifier's lock.
type delivery struct {
	receiver *Receiver
	box      *pace.Box // its content as well
	wake     chan struct{}

	failures int
	since    time.Time // of the first failure
	// delivered is when the last message was taken, failed when one last was not, and
	// last why; all since Winnow was started.
	delivered, failed time.Time
	last              *channel.Failure
	retryAt           time.Time
	failure           *channel.Failure
}

// nudge tells a delivery that there is something new.
func (d *delivery) nudge() {
	select {
	case d.wake <- struct{}{}:
	default: // it was told already
	}
}

// deliver sends what is due until ctx ends.
func (n *Notifier) deliver(ctx context.Context, d *delivery) {
	for ctx.Err() == nil {
		batch, wait := n.due(d)
		if len(batch.Items) > 0 {
			n.send(ctx, d, batch)
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-t.C:
		}
		t.Stop()
	}
}

// due returns what is to be sent now or, if that is nothing, how long to wait.
func (n *Notifier) due(d *delivery) (pace.Batch, time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.o.Now()
	if wait := d.retryAt.Sub(now); wait > 0 {
		return pace.Batch{}, min(wait, longestSleep)
	}
	batch, next := d.box.Due(now, d.receiver.Limits)
	if next.IsZero() {
		return batch, longestSleep
	}
	return batch, min(max(0, next.Sub(now)), longestSleep)
}

// send tries once.
func (n *Notifier) send(ctx context.Context, d *delivery, batch pace.Batch) {
	err := d.receiver.Sender.Send(ctx, n.write(ctx, d.receiver, batch))
	if err != nil && ctx.Err() != nil {
		return // it is still in the box
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.o.Now()
	if err != nil {
		d.fail(err, now)
		n.metrics.failed(d.receiver.Name)
		if d.failures == 1 {
			// The receiver's name is the operator's own; the error holds no secret.
			n.o.Log.Warn("an alert could not be delivered; it is kept and tried again", "receiver", d.receiver.Name, "err", err)
		}
		return
	}
	d.failures, d.failure, d.retryAt, d.delivered = 0, nil, time.Time{}, now
	d.box.Done(batch, now)
	n.metrics.delivered(d.receiver.Name)
	if err := n.keep(); err != nil {
		n.failed = err // the next look tries again
	}
	n.count()
}

// fail notes a failure and when to try again.
func (d *delivery) fail(err error, now time.Time) {
	var f *channel.Failure
	if !errors.As(err, &f) {
		f = &channel.Failure{Err: err}
	}
	if d.failures == 0 {
		d.since = now
	}
	wait := longestWait
	if d.failures < 10 {
		wait = min(longestWait, firstWait<<d.failures)
	}
	if f.Permanent {
		wait = longWait
	}
	d.failures++
	d.failure, d.retryAt = f, now.Add(max(wait, f.After))
	d.failed, d.last = now, f
}

// note says what is amiss; empty if nothing is, or not for long.
func (d *delivery) note(t *words.Teller) string {
	if d.failure == nil || !d.failure.Permanent && d.failures < notable {
		return ""
	}
	return t.Text("Alerts for “%s” cannot be delivered since %s: %s. They are kept and tried again; “winnow notify test” says whether a receiver works.",
		message.Line(d.receiver.Name), t.Clock(d.since), d.failure.Error())
}

// write makes a batch a message for a receiver.
func (n *Notifier) write(ctx context.Context, r *Receiver, batch pace.Batch) message.Message {
	o := message.Options{Tell: n.o.Tell, Desk: n.o.Desk, Crowded: batch.Crowded}
	if r.Handles || r.Texts {
		o.Extra = func(a alert.Alert) message.Extra { return n.extra(ctx, r, a) }
	}
	m := message.Write(batch.Alerts(), o)
	m.ID = identity(r.Name, batch)
	return m
}

// identity is the same for the same batch, over a restart too.
func identity(receiver string, batch pace.Batch) string {
	data, err := json.Marshal(batch.Items)
	if err != nil {
		data = nil // times, texts and numbers can always be written
	}
	sum := sha256.Sum256(append([]byte(receiver+"\n"), data...))
	return hex.EncodeToString(sum[:12])
}
