package pace

import (
	"slices"
	"time"

	"winnow/dashboards/notify/alert"
)

const (
	// Gather is for how long an alert waits for others to go with it.
	Gather = time.Minute
	// window is what the limit of messages counts in.
	window = time.Hour
	// maxWaiting bounds how many alerts wait for one receiver. Alerts are few: so
	// many come together only if a receiver cannot be reached for days.
	maxWaiting = 200
)

// Limits are what a receiver asks for.
type Limits struct {
	// Quiet is nil for none.
	Quiet *Quiet
	// PerHour is the most messages in an hour, at least 1.
	PerHour int
}

// Box holds what waits for one receiver. Its zero value is an empty one; it is
// written as JSON.
type Box struct {
	Waiting []Item `json:"waiting,omitempty"`
	// Next numbers the items.
	Next uint64 `json:"next,omitzero"`
	// Crowded counts alerts that there was no room for since the last message.
	Crowded int `json:"crowded,omitzero"`
	// Sent is when the messages of the last hour were sent.
	Sent []time.Time `json:"sent,omitempty"`
}

// Item is an alert that waits.
type Item struct {
	Number uint64      `json:"number"`
	Alert  alert.Alert `json:"alert"`
}

// Add puts an alert behind those that wait. Where there is no room, the oldest is
// only counted.
func (b *Box) Add(a alert.Alert) {
	b.Next++
	b.Waiting = append(b.Waiting, Item{Number: b.Next, Alert: a})
	if n := len(b.Waiting) - maxWaiting; n > 0 {
		b.Waiting = slices.Delete(b.Waiting, 0, n)
		b.Crowded += n
	}
}

// Batch is what goes into one message.
type Batch struct {
	Items []Item
	// Crowded counts alerts that there was no room for.
	Crowded int
}

// Alerts are those of the batch, in their order.
func (b Batch) Alerts() []alert.Alert {
	out := make([]alert.Alert, len(b.Items))
	for i := range b.Items {
		out[i] = b.Items[i].Alert
	}
	return out
}

// Due returns what is to go into one message now. If that is nothing, it returns
// when to ask again; the zero time means not before something is added.
func (b *Box) Due(now time.Time, l Limits) (batch Batch, next time.Time) {
	candidates := b.Waiting
	until, quiet := l.Quiet.Until(now)
	if quiet {
		candidates = nil
		if l.Quiet.Urgent {
			candidates = b.urgent()
		}
	}
	if len(candidates) == 0 {
		if len(b.Waiting) == 0 {
			return Batch{}, time.Time{}
		}
		return Batch{}, until
	}
	// One that was noticed in the future is from before a clock was put back.
	if at := candidates[0].Alert.At.Add(Gather); at.After(now) && at.Sub(now) <= Gather {
		return Batch{}, at
	}
	b.forget(now)
	if n := len(b.Sent) - max(1, l.PerHour); n >= 0 {
		return Batch{}, b.Sent[n].Add(window)
	}
	return Batch{Items: slices.Clone(candidates), Crowded: b.Crowded}, time.Time{}
}

// urgent are the alerts that break through quiet hours.
func (b *Box) urgent() []Item {
	var out []Item
	for _, i := range b.Waiting {
		if i.Alert.Kind == alert.Begins {
			out = append(out, i)
		}
	}
	return out
}

// Done takes a batch out that was sent.
func (b *Box) Done(batch Batch, now time.Time) {
	before := len(b.Waiting)
	b.Waiting = slices.DeleteFunc(b.Waiting, func(w Item) bool {
		return slices.ContainsFunc(batch.Items, func(i Item) bool { return i.Number == w.Number })
	})
	// What was crowded out while it was sent is not missing.
	b.Crowded -= min(b.Crowded, batch.Crowded+len(batch.Items)-(before-len(b.Waiting)))
	b.forget(now)
	b.Sent = append(b.Sent, now)
}

// forget drops what lies outside the hour, and what a clock that was put back
// left in the future.
func (b *Box) forget(now time.Time) {
	b.Sent = slices.DeleteFunc(b.Sent, func(t time.Time) bool { return now.Sub(t) >= window || t.After(now) })
}
