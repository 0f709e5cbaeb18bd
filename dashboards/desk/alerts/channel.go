package alerts

import (
	"context"
	"time"
)

// Source is who is told, and how to try it.
type Source interface {
	// Channels returns the receivers in the order of the configuration.
	Channels() []Channel
	// Test sends a test to the receiver of a name, once. Its errors hold no secret; a
	// *Failure says more.
	Test(ctx context.Context, name string) error
}

// Failure is why a message was not taken.
type Failure struct {
	Text string
	// Permanent is true if that stays so until somebody changes something.
	Permanent bool
}

// Error is the reason in words.
func (f *Failure) Error() string { return f.Text }

// Channel is a receiver of alerts. It holds no secret.
type Channel struct {
	Name string
	// Kind is the kind of channel, such as ntfy, Host the server.
	Kind, Host string
	// Campaigns and Events are those that it is told of; none means all.
	Campaigns, Events []string
	// Handles and Texts say whether those of findings are sent along.
	Handles, Texts bool
	// PerHour is the most messages in an hour.
	PerHour int
	// Quiet are the hours in which nothing is sent; nil for none.
	Quiet *Quiet
	// Waiting is how many alerts wait to be sent.
	Waiting int
	// Delivered is when a message was taken last, Failed when one was not; zero if that
	// did not happen since Winnow was started. Failing is true until one is taken again.
	Delivered, Failed time.Time
	Failing           bool
	// Failure says why the last one was not taken; Permanent is true if that stays so
	// until somebody changes something.
	Failure   string
	Permanent bool
}

// Quiet are hours of each day.
type Quiet struct {
	// From and To are times of day such as "22:00", in the zone of that name.
	From, To, Zone string
	// Urgent lets through that an attack begins.
	Urgent bool
}
