package app

import (
	"context"
	"errors"
	"sync/atomic"

	"winnow/cmd/config"
	"winnow/cmd/config/edit"
	"winnow/dashboards/desk/access"
)

// Service runs an app, and when its configuration file was changed in the pages, another
// one in its place: in this process, and by the same order as any end and start, so that
// sources go on where they were. If the new one does not start, the file is put back and
// the old one starts again.
type Service struct {
	cfg    config.Config
	adjust func(*config.Config)
	deps   Deps
	role   Role
	file   *edit.File
	// doorstep and sessions outlive an app: whoever asks in between waits, and stays
	// logged in.
	doorstep doorstep
	sessions *access.Sessions
	changed  chan edit.Undo
	// failed is true if the last change was taken back.
	failed atomic.Bool
}

// NewService makes a service of the configuration file at a path. Adjust puts over what
// it says what goes before it, such as what the command line says.
func NewService(path string, adjust func(*config.Config), deps Deps, role Role) (*Service, error) {
	cfg, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	adjust(&cfg)
	return &Service{
		cfg: cfg, adjust: adjust, deps: deps, role: role, file: edit.New(path),
		sessions: access.NewSessions(), changed: make(chan edit.Undo, 1),
	}, nil
}

// apply has the file as it is now put to use; undo is for when that does not work.
func (s *Service) apply(undo edit.Undo) {
	s.failed.Store(false)
	// Whoever is led to another page is answered by the next app, and not still by
	// this one.
	s.doorstep.pause()
	select {
	case s.changed <- undo:
	default: // the file is read anew in any case
	}
}

// Run runs until ctx ends. Its error is that of an app that ran, or could not be started
// with the configuration of the beginning.
func (s *Service) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.doorstep.close()) }()
	cfg := s.cfg
	var before *config.Config
	var undo edit.Undo
	for {
		started, next, err := s.once(ctx, cfg)
		switch {
		case err != nil && !started && before != nil && ctx.Err() == nil:
			s.deps.Log.ErrorContext(ctx, "the changed configuration does not work, the one before is put back", "err", err)
			s.takeBack(ctx, undo)
			cfg, before = *before, nil
			continue
		case err != nil || next == nil:
			return err
		}
		undo = *next
		changed, _, err := s.file.Read()
		if err != nil {
			s.deps.Log.ErrorContext(ctx, "the changed configuration cannot be read, the one before is put back", "err", err)
			s.takeBack(ctx, undo)
			continue
		}
		s.adjust(&changed)
		old := cfg
		before, cfg = &old, changed
	}
}

// takeBack undoes a change of the file.
func (s *Service) takeBack(ctx context.Context, undo edit.Undo) {
	s.failed.Store(true)
	if err := s.file.Undo(undo); err != nil {
		s.deps.Log.ErrorContext(ctx, "the configuration file could not be put back", "err", err)
	}
}

// once runs one app until ctx ends or the file was changed, which next tells how to
// undo. Started says whether everything was up.
func (s *Service) once(ctx context.Context, cfg config.Config) (started bool, next *edit.Undo, err error) {
	a, err := New(cfg, s.deps)
	if err != nil {
		return false, nil, err
	}
	a.service = s
	role := s.role
	role.Ready = func(url string) {
		started = true
		if s.role.Ready != nil {
			s.role.Ready(url)
		}
	}
	err = a.Run(ctx, role, func(ctx context.Context, _ *Running) error {
		select {
		case <-ctx.Done():
		case undo := <-s.changed:
			next = &undo
		}
		return nil
	})
	return started, next, err
}
