package app

import (
	"context"
	"errors"
	"fmt"

	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/notify"
	"winnow/dashboards/notify/channel"
)

// alertBoard is who is told of attacks, as the desk shows it.
type alertBoard struct {
	app *App
	// places are where the receivers lead, in their order.
	places []channel.Place
	// notifier is nil where this process tells nobody.
	notifier *notify.Notifier
}

// alertBoard returns who is told; nil if nobody is configured.
func (a *App) alertBoard(n *notify.Notifier) (alerts.Source, error) {
	if len(a.cfg.Notify.Receivers) == 0 {
		return nil, nil //nolint:nilnil // nobody is no error
	}
	b := &alertBoard{app: a, notifier: n}
	for i := range a.cfg.Notify.Receivers {
		c := &a.cfg.Notify.Receivers[i]
		place, err := channel.PlaceOf(c.URL.Reveal(), c.AllowPrivate)
		if err != nil {
			return nil, fmt.Errorf("notify.receivers[%d]: %w", i, err)
		}
		b.places = append(b.places, place)
	}
	return b, nil
}

// Channels implements alerts.Source.
func (b *alertBoard) Channels() []alerts.Channel {
	out := make([]alerts.Channel, 0, len(b.places))
	for i := range b.app.cfg.Notify.Receivers {
		c := &b.app.cfg.Notify.Receivers[i]
		one := alerts.Channel{
			Name: c.Name, Kind: b.places[i].Kind, Host: b.places[i].Host, Campaigns: c.Campaigns, Events: c.Events, PerHour: int(c.MaxPerHour),
		}
		one.Handles, one.Texts = c.Includes()
		if q := c.Quiet; q != nil {
			one.Quiet = &alerts.Quiet{From: string(q.From), To: string(q.To), Zone: q.Zone, Urgent: q.Urgent}
		}
		out = append(out, one)
	}
	if b.notifier == nil {
		return out
	}
	for i, s := range b.notifier.Standings() { // in the same order
		out[i].Waiting, out[i].Delivered, out[i].Failed, out[i].Failing = s.Waiting, s.Delivered, s.Failed, s.Failing
		if s.Failure != nil {
			out[i].Failure, out[i].Permanent = s.Failure.Error(), s.Failure.Permanent
		}
	}
	return out
}

// Test implements alerts.Source.
func (b *alertBoard) Test(ctx context.Context, name string) error {
	var err error
	if b.notifier != nil {
		err = b.notifier.Test(ctx, name)
	} else {
		var failed error
		err = b.app.TestReceivers(ctx, name, func(_ string, e error) { failed = e })
		err = errors.Join(err, failed)
	}
	var f *channel.Failure
	if errors.As(err, &f) {
		return &alerts.Failure{Text: f.Error(), Permanent: f.Permanent}
	}
	return err
}
