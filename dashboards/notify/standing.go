package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/channel"
	"winnow/dashboards/notify/message"
)

// Standing is how it goes with telling one receiver.
type Standing struct {
	Name string
	// Waiting is how many alerts wait to be sent.
	Waiting int
	// Delivered is when a message was taken last, Failed when one was not; zero if that
	// did not happen since Winnow was started.
	Delivered, Failed time.Time
	// Failure is why the last one was not, and Failing is true until one is taken.
	Failure *channel.Failure
	Failing bool
}

// Standings tells how it goes with each receiver, in the order of the configuration.
func (n *Notifier) Standings() []Standing {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]Standing, 0, len(n.doing))
	for _, d := range n.doing {
		s := Standing{Name: d.receiver.Name, Waiting: len(d.box.Waiting), Delivered: d.delivered, Failed: d.failed, Failure: d.last, Failing: d.failure != nil}
		if sent := d.box.Sent; s.Delivered.IsZero() && len(sent) > 0 {
			s.Delivered = sent[len(sent)-1] // before a restart
		}
		out = append(out, s)
	}
	return out
}

// Test sends a test to the receiver of a name, past quiet hours and the limit of messages.
// Where it is taken, alerts that wait for the next attempt are sent at once.
func (n *Notifier) Test(ctx context.Context, name string) error {
	i := slices.IndexFunc(n.doing, func(d *delivery) bool { return d.receiver.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no receiver %.100q", name)
	}
	d := n.doing[i]
	if err := SendTest(ctx, n.o.Tell, *d.receiver, n.o.Desk, n.o.Now()); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if d.failure != nil {
		d.retryAt = time.Time{}
		d.nudge()
	}
	return nil
}

// SendTest sends a message that says that it is a test, once. Desk is the address of the
// desk, empty for no link.
func SendTest(ctx context.Context, tell *words.Teller, r Receiver, desk string, now time.Time) error {
	m := message.Test(tell, r.Name, desk)
	m.ID = "test " + r.Name + now.String() // each is a message of its own
	return r.Sender.Send(ctx, m)
}
