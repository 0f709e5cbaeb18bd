package app

import (
	"context"
	"fmt"
	"slices"

	"winnow/collectors/dial"
	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify"
	"winnow/dashboards/notify/message"
	"winnow/storage/evidence"
	"winnow/storage/evidence/witness"
)

// witnesses makes who shows the heads of a store of evidence; nil if the configuration
// names nobody to show them to. It asks no network.
func (a *App) witnesses(s witness.Store) (*witness.Schedule, error) {
	w := &a.cfg.Evidence.Witness
	if !w.Any() {
		return nil, nil //nolint:nilnil // nobody is no error
	}
	var all []witness.Witness
	if len(w.Receivers) > 0 {
		people, err := a.people(w.Receivers)
		if err != nil {
			return nil, err
		}
		all = append(all, people)
	}
	if c := w.Authority; c != nil {
		roots, err := c.Roots()
		if err != nil {
			return nil, fmt.Errorf("evidence.witness.authority.roots_file: %w", err)
		}
		client, err := dial.New(dial.Options{Proxy: c.Proxy.Reveal(), AllowPrivate: c.AllowPrivate, UserAgent: "winnow/" + a.deps.Version})
		if err != nil {
			return nil, fmt.Errorf("evidence.witness.authority: %w", err)
		}
		all = append(all, &witness.Authority{URL: c.URL.Reveal(), Client: client, Roots: roots})
	}
	return witness.New(s, all, witness.Options{Every: w.Every.Duration(), Now: a.deps.Now, Log: a.deps.Log, Metrics: a.metrics})
}

// people reaches the receivers of some names.
func (a *App) people(names []string) (*witness.People, error) {
	all, err := a.receivers()
	if err != nil {
		return nil, err
	}
	tell, err := a.teller()
	if err != nil {
		return nil, err
	}
	var senders []witness.Sender
	for _, r := range all {
		if slices.Contains(names, r.Name) {
			senders = append(senders, letters{tell: tell, to: r})
		}
	}
	return witness.ToPeople(senders...), nil
}

// letters sends heads over the channel of a receiver.
type letters struct {
	tell *words.Teller
	to   notify.Receiver
}

// Wants keeps to the campaigns that the receiver is told of.
func (l letters) Wants(campaign string) bool {
	return len(l.to.Campaigns) == 0 || slices.Contains(l.to.Campaigns, campaign)
}

// Send sends a head.
func (l letters) Send(ctx context.Context, h evidence.Head) error {
	err := l.to.Sender.Send(ctx, message.Head(l.tell, h.Campaign, h.String(), h.Records, h.At))
	if err != nil {
		return fmt.Errorf("to the receiver %s: %w", l.to.Name, err)
	}
	return nil
}
