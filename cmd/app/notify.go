package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"winnow/collectors"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify"
	"winnow/dashboards/notify/channel"
)

// notifyFile is the name in the data directory of what people were told.
const notifyFile = "notify.json"

// receivers opens the channels of the configuration; it asks no network.
func (a *App) receivers() ([]notify.Receiver, error) {
	out := make([]notify.Receiver, 0, len(a.cfg.Notify.Receivers))
	var errs []error
	for i := range a.cfg.Notify.Receivers {
		c := &a.cfg.Notify.Receivers[i]
		limits, err := c.Limits()
		if err != nil {
			errs = append(errs, fmt.Errorf("notify.receivers[%d].quiet: %w", i, err))
			continue
		}
		to, err := channel.Open(channel.Options{
			URL: c.URL.Reveal(), Proxy: c.Proxy.Reveal(), AllowPrivate: c.AllowPrivate, UserAgent: "winnow/" + a.deps.Version,
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("notify.receivers[%d]: %w", i, err))
			continue
		}
		r := notify.Receiver{Name: c.Name, Sender: to, Campaigns: c.Campaigns, Kinds: c.Kinds(), Limits: limits}
		r.Handles, r.Texts = c.Includes()
		out = append(out, r)
	}
	return out, errors.Join(errs...)
}

// notifier makes who tells people; nil if nobody is to be told.
func (a *App) notifier(r *Running) (*notify.Notifier, error) {
	if len(a.cfg.Notify.Receivers) == 0 {
		return nil, nil //nolint:nilnil // nobody is no error
	}
	receivers, err := a.receivers()
	if err != nil {
		return nil, err
	}
	var sources func() []collectors.Status
	if r.live != nil {
		sources = r.live.Status
	}
	var watched []string
	for _, c := range a.matcher.Campaigns() {
		watched = append(watched, c.Name)
	}
	tell, err := a.teller()
	if err != nil {
		return nil, err
	}
	return notify.New(notify.Options{
		Tell: tell, Receivers: receivers, Store: r.store.View(), Sources: sources, Watched: watched, Desk: a.deskURL(),
		Path: filepath.Join(a.cfg.DataDir, notifyFile), Registerer: a.metrics, Log: a.deps.Log, Now: a.deps.Now,
	})
}

// deskURL is the address of the desk as receivers reach it, with a slash at its end;
// empty if it is not known.
func (a *App) deskURL() string {
	if a.cfg.Notify.DeskURL == "" {
		return ""
	}
	return strings.TrimSuffix(a.cfg.Notify.DeskURL, "/") + "/"
}

// teller tells what goes out to people, in the language and zone of the desk.
func (a *App) teller() (*words.Teller, error) {
	messages, err := catalogue.Load(a.cfg.Desk.Tongue())
	if err != nil {
		return nil, err
	}
	return words.NewTeller(messages, a.cfg.Desk.Zone(), a.deps.Now), nil
}

// TestReceivers sends a test to every receiver, or to the one of a name, one after
// the other, and tells how each went.
func (a *App) TestReceivers(ctx context.Context, name string, done func(receiver string, err error)) error {
	all, err := a.receivers()
	if err != nil {
		return err
	}
	tell, err := a.teller()
	if err != nil {
		return err
	}
	found := false
	for _, r := range all {
		if name != "" && r.Name != name {
			continue
		}
		found = true
		err := notify.SendTest(ctx, tell, r, a.deskURL(), a.deps.Now())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done(r.Name, err)
	}
	if !found && name != "" {
		return fmt.Errorf("there is no receiver %.100q under notify.receivers", name)
	}
	return nil
}
