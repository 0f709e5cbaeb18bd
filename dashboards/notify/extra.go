package notify

import (
	"context"
	"slices"
	"time"

	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/message"
)

const (
	// maxHandles and maxTexts bound what a message quotes of one alert.
	maxHandles, maxTexts = 10, 3
	// extraPatience bounds the questions for it: a message is worth more than what
	// it quotes.
	extraPatience = 10 * time.Second
)

// extra reads the handles and texts of an alert's findings that a receiver asks
// for. They are read when the message is written, so that none is kept. A receiver
// of whom they were asked goes without where the store does not answer.
func (n *Notifier) extra(ctx context.Context, r *Receiver, a alert.Alert) message.Extra {
	within, cancel := context.WithTimeout(ctx, extraPatience)
	defer cancel()
	var e message.Extra
	if a.Withdrawn {
		return e
	}
	for _, id := range a.IDs {
		d, ok, err := n.o.Store.Finding(within, a.Campaign, id)
		if err != nil || !ok {
			continue
		}
		if r.Handles {
			if d.Target != "" {
				e.Handles = put(e.Handles, n.o.Tell.Text("%s (the target)", d.TargetName()), maxHandles)
			}
			for _, acc := range d.AccountRows {
				name := acc.AccountID
				if acc.Handle != "" {
					name = "@" + acc.Handle
				}
				e.Handles = put(e.Handles, name+" ("+n.o.Tell.Platform(acc.Platform)+")", maxHandles)
			}
		}
		if r.Texts {
			for _, o := range d.ObjectRows {
				e.Texts = put(e.Texts, o.Label, maxTexts)
			}
		}
	}
	return e
}

// put adds what is not there yet, as long as there is room.
func put(to []string, what string, most int) []string {
	if what == "" || len(to) >= most || slices.Contains(to, what) {
		return to
	}
	return append(to, what)
}
