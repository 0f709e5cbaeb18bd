package app

import (
	"errors"
	"fmt"

	"winnow/cmd/config"
	"winnow/cmd/config/edit"
	"winnow/cmd/config/strict"
	"winnow/dashboards/desk/draft"
	"winnow/pipeline/campaign"
)

// book shows the desk the campaigns of a configuration that it cannot change.
type book struct {
	cfg    config.Config
	all    []campaign.Campaign
	reason draft.Closed
}

// book is where the desk has its campaigns from.
func (a *App) book() draft.Book {
	closed := book{cfg: a.cfg, all: a.matcher.Campaigns(), reason: draft.NoFile}
	switch {
	case a.deps.Demo:
		closed.reason = draft.Demo
	case a.service != nil:
		return &fileBook{book: closed, service: a.service}
	}
	return &closed
}

// Open implements draft.Book.
func (b *book) Open() (draft.Opened, error) {
	return draft.Opened{Campaigns: b.all, Watched: b.all, Closed: b.reason, Budget: budget(b.cfg)}, nil
}

// Check implements draft.Book.
func (b *book) Check(c campaign.Campaign) ([]draft.Mistake, error) { return mistakes(b.cfg, c), nil }

// Write implements draft.Book.
func (b *book) Write(string, campaign.Campaign) error { return draft.ErrClosed }

// Snippet implements draft.Book.
func (b *book) Snippet(c campaign.Campaign) string { return edit.Snippet(config.CampaignOf(c)) }

func budget(cfg config.Config) *draft.Budget {
	if cfg.Collectors.X == nil {
		return nil
	}
	return &draft.Budget{PerDay: cfg.Collectors.X.Budget.PostsPerDay, PerMonth: cfg.Collectors.X.Budget.PostsPerMonth}
}

func mistakes(cfg config.Config, c campaign.Campaign) (all []draft.Mistake) {
	inside, outside := edit.Check(cfg, config.CampaignOf(c))
	for _, p := range inside {
		all = append(all, draft.Mistake{Path: p.Path, Text: p.Text})
	}
	for _, p := range outside {
		all = append(all, draft.Mistake{Path: p.Path, Text: p.Text, Outside: true})
	}
	return all
}

// fileBook is the configuration file, changes of which a service puts to use.
type fileBook struct {
	book
	service *Service
}

// Open implements draft.Book.
func (b *fileBook) Open() (draft.Opened, error) {
	file := b.service.file
	// What it was when Winnow began to work by it can be looked at even if the file
	// cannot be read now.
	o := draft.Opened{Campaigns: b.all, Watched: b.all, File: file.Path(), Closed: draft.Broken, Failed: b.service.failed.Load(), Budget: budget(b.cfg)}
	if cfg, version, err := file.Read(); err == nil {
		o.Campaigns, o.Version, o.Budget, o.Closed = cfg.CampaignList(), string(version), budget(cfg), ""
		switch {
		case cfg.Desk.Campaigns == config.ReadOnly:
			o.Closed = draft.Managed
		case file.Writable() != nil:
			o.Closed = draft.Unwritable
		}
	}
	return o, nil
}

// Check implements draft.Book.
func (b *fileBook) Check(c campaign.Campaign) ([]draft.Mistake, error) {
	cfg, _, err := b.service.file.Read()
	if err != nil {
		cfg = b.cfg
	}
	return mistakes(cfg, c), nil
}

// Write implements draft.Book.
func (b *fileBook) Write(version string, c campaign.Campaign) error {
	if o, err := b.Open(); err != nil || o.Closed != "" {
		return errors.Join(draft.ErrClosed, err)
	}
	undo, err := b.service.file.Put(edit.Version(version), config.CampaignOf(c))
	switch {
	case errors.Is(err, edit.ErrChanged):
		return fmt.Errorf("%w: %w", draft.ErrChanged, err)
	case errors.Is(err, edit.ErrLocked):
		return fmt.Errorf("%w: %w", draft.ErrClosed, err)
	case errors.Is(err, edit.ErrLayout):
		return fmt.Errorf("%w: %w", draft.ErrLayout, err)
	case errors.As(err, new(strict.Problems)):
		return fmt.Errorf("%w: the file has mistakes by now", draft.ErrChanged)
	case err != nil:
		return err
	}
	b.service.apply(undo)
	return nil
}
