package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/pipeline/feed"
	"winnow/storage"
	"winnow/storage/embedded"
	"winnow/storage/embedded/library"
)

// openStore connects to the configured server, or starts the embedded engine
// and connects to that; the engine is nil for a server.
func (a *App) openStore(ctx context.Context) (*storage.Store, *embedded.Engine, func() error, error) {
	o, engine, closeEngine, err := a.reachStore(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := storage.Open(ctx, o)
	if err != nil {
		return nil, nil, nil, errors.Join(err, closeEngine())
	}
	return store, engine, func() error { return errors.Join(store.Close(), closeEngine()) }, nil
}

// reachStore says how to reach the configured server, or starts the embedded engine.
func (a *App) reachStore(ctx context.Context) (storage.Options, *embedded.Engine, func() error, error) {
	o := storage.Options{Fresh: a.noLogYet, Registerer: a.metrics, Log: a.deps.Log, Now: a.deps.Now}
	var engine *embedded.Engine
	closeEngine := func() error { return nil }
	if url := a.cfg.Store.URL.Reveal(); url != "" {
		opts, err := clickhouse.ParseDSN(url)
		if err != nil {
			return o, nil, nil, errors.New("store.url is no ClickHouse address: write it as http://user:password@host:8123/database")
		}
		o.Writer, o.Cluster = opts, a.cfg.Store.Cluster
	} else {
		var err error
		if engine, err = a.startEngine(ctx); err != nil {
			return o, nil, nil, err
		}
		o.Writer, o.Reader = engine.ClientOptions(), engine.ReaderOptions()
		closeEngine = func() error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			defer cancel()
			return engine.Close(ctx)
		}
	}
	return o, engine, closeEngine, nil
}

// ErrStoreGone means that the store holds nothing of what the log took for it.
var ErrStoreGone = errors.New("the store is empty and should not be")

// noLogYet refuses to make a store beside a log that is there already: its
// sources would go on from where they were, and what came before would be
// missing in silence. The log is made after the store, so that no crash leaves
// them like this.
func (a *App) noLogYet() error {
	if made, err := feed.Made(a.logDir()); !made || err != nil {
		return err
	}
	return fmt.Errorf("%w: the log in %s took posts for another one; put that store back, or move the log away to begin anew",
		ErrStoreGone, a.logDir())
}

// startEngine starts the embedded engine, after fetching its library if this
// machine has none yet.
func (a *App) startEngine(ctx context.Context) (*embedded.Engine, error) {
	path := a.cfg.Engine.Library
	if path == "" {
		var err error
		if path, err = EngineLibrary(ctx, a.deps); err != nil {
			return nil, err
		}
	}
	e, err := embedded.Start(ctx, embedded.Options{
		Dir:            filepath.Join(a.cfg.DataDir, "store"),
		Library:        path,
		Command:        a.deps.EngineCommand,
		Listen:         a.cfg.Engine.Listen,
		ReaderPassword: a.cfg.Engine.Password.Reveal(),
		WriterPassword: a.cfg.Engine.WriterPassword.Reveal(),
		MemoryLimit:    int64(a.cfg.Engine.Memory),
		Log:            a.deps.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the embedded engine: %w", err)
	}
	return e, nil
}

// EngineLibrary returns where the engine's library lies, after fetching it if
// this machine has none yet.
func EngineLibrary(ctx context.Context, deps Deps) (string, error) {
	path, err := library.Find("")
	if errors.Is(err, library.ErrMissing) && deps.Progress != nil {
		path, err = library.Fetch(ctx, "", deps.Progress)
	}
	if err != nil {
		return "", fmt.Errorf("finding the embedded engine: %w", err)
	}
	return path, nil
}

// WithStore owns the data directory for a moment, with nothing but the store
// running, or uses the configured server.
func WithStore(ctx context.Context, cfg config.Config, deps Deps, use func(*storage.Store) error) (err error) {
	a, err := New(cfg, deps)
	if err != nil {
		return err
	}
	lock, err := control.Lock(cfg.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	store, _, closeStore, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	return use(store)
}

// watch returns an error if the engine is gone for good, nil when ctx ends. The
// engine starts again by itself after a fault; it gives up only when the store
// is damaged.
func watch(ctx context.Context, e *embedded.Engine) error {
	select {
	case <-ctx.Done():
		return nil
	case <-e.Done():
		return fmt.Errorf("the embedded engine ended: %w", e.Err())
	}
}
