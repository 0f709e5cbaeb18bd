package app_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/collectors/scenario"
)

// awayVariable asks for more posts than the test takes otherwise: 600000 are ten
// minutes at a thousand a second (`make away`).
const awayVariable = "WINNOW_AWAY"

// The engine does not work for as long as it takes to publish many posts, then
// dies: all of them wait in the log, and are stored once it is back.
func TestEngineIsGoneForLong(t *testing.T) {
	total := 20_000
	if text := os.Getenv(awayVariable); text != "" {
		var err error
		if total, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	cfg, deps := setup(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
		signalChildren(t, syscall.SIGSTOP)
		begin := time.Now()
		published := 0
		for b := range scenario.New(scenario.Config{Scale: float64(total) / 30_000}).Batches(500) {
			b.Posts, b.Campaign = b.Posts[:min(len(b.Posts), total-published)], "story"
			if err := r.Publish(ctx, b); err != nil {
				return err
			}
			if published += len(b.Posts); published == total {
				break
			}
		}
		if published != total {
			return fmt.Errorf("the story has %d posts, not %d", published, total)
		}
		t.Logf("%d posts were published in %s", published, time.Since(begin).Round(time.Millisecond))
		if lag, err := r.Lag(ctx); err != nil || lag < uint64(total/500) {
			t.Errorf("%d messages wait, %v: the engine was there", lag, err)
		}
		signalChildren(t, syscall.SIGKILL)
		begin = time.Now()
		posts, err := stored(ctx, r)
		t.Logf("%d posts were stored after %s", posts, time.Since(begin).Round(time.Millisecond))
		if posts != uint64(total) {
			t.Errorf("%d posts stored, want %d", posts, total)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
