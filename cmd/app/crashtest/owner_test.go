package crashtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/storage"
	"winnow/storage/storagetest"
)

// lifeVariable holds a life as JSON and makes the test binary live it.
const lifeVariable = "WINNOW_CRASH_LIFE"

// life is what one owner of the data directory does.
type life struct {
	Dir     string
	Library string
	Seed    uint64
	// Upto is how many batches of the stream it takes in at most.
	Upto int
	// Kills come one after the other; the last one ends it. Without any it
	// ends when all is through and settled, and writes what the store holds
	// then into Shot.
	Kills []kill
	Shot  string
}

// ahead is how many messages may wait in the log: few, so that kills find all
// stages at work and not only the log.
const ahead = 6

// live is the main function of a process that is killed.
func live(text string) error {
	var l life
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return err
	}
	// Whatever this process starts is an engine.
	if err := errors.Join(os.Unsetenv(lifeVariable), os.Setenv(storagetest.ChildVariable, "1")); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cfg, err := config.Load("")
	if err != nil {
		return err
	}
	cfg.DataDir, cfg.Engine.Library = l.Dir, l.Library
	in := newStream(l.Seed)
	k := newKiller(l.Kills)
	a, err := app.New(cfg, app.Deps{
		Version: "test", EngineCommand: []string{self}, Campaigns: in.campaigns, Log: slog.New(k), Now: time.Now,
	})
	if err != nil {
		return err
	}
	return a.Run(context.Background(), app.Role{Settle: true}, func(ctx context.Context, r *app.Running) error {
		k.point("up")
		if err := l.publish(ctx, r, in, k); err != nil {
			return err
		}
		if err := drain(ctx, r); err != nil {
			return err
		}
		if l.Shot == "" {
			k.now(ctx)
		}
		return l.end(ctx, r, in)
	})
}

// publish is what sources do: each goes on from its cursor in the log.
func (l *life) publish(ctx context.Context, r *app.Running, in *stream, k *killer) error {
	after := make(map[string]int, len(sources))
	for _, source := range sources {
		cursor, began, err := r.Cursor(ctx, source)
		if err != nil {
			return err
		}
		after[source] = -1
		if began {
			if after[source], err = strconv.Atoi(string(cursor)); err != nil {
				return err
			}
		}
	}
	for n, b := range in.batches[:min(l.Upto, len(in.batches))] {
		if n <= after[b.Source] {
			continue
		}
		if err := waitFor(ctx, func() (bool, error) {
			lag, err := r.Lag(ctx)
			return lag < ahead, err
		}); err != nil {
			return err
		}
		k.point("publishing")
		if err := r.Publish(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// drain settles everything; an engine that was killed is waited for.
func drain(ctx context.Context, r *app.Running) error {
	return waitFor(ctx, func() (bool, error) {
		err := r.Drain(ctx)
		return err == nil, ctx.Err()
	})
}

// end writes down what the store holds.
func (l *life) end(ctx context.Context, r *app.Running, in *stream) error {
	for i, source := range sources {
		cursor, _, err := r.Cursor(ctx, source)
		if err != nil {
			return err
		}
		last := len(in.batches) - 1
		if last%len(sources) != i {
			last--
		}
		if string(cursor) != strconv.Itoa(last) {
			return fmt.Errorf("source %s ends with cursor %q, not %d", source, cursor, last)
		}
	}
	// What winnow rebuild --check does.
	built, err := r.Rebuild(ctx, storage.Rebuilding{Check: true})
	if err != nil {
		return err
	}
	if built.Different > 0 || built.Hours == 0 {
		return fmt.Errorf("%d of %d buckets are not those of the posts: %+v", built.Different, built.Hours, built.Differences)
	}
	s, err := shoot(ctx, r)
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(l.Shot, text, 0o600)
}

// waitFor asks again and again until ctx ends.
func waitFor(ctx context.Context, done func() (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
