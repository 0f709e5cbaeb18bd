package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/collectors"
	"winnow/pipeline/campaign"
)

const (
	// soakRate is how many posts a second all platforms publish together.
	soakRate = 200
	// soakStall is the silence after which the sources give a connection up.
	soakStall = 3 * time.Second
	// soakPerFault is how much longer than its cause a gap may be.
	soakPerFault = 5 * time.Second
)

// soakLength returns how long posts flow: 15 s, or what WINNOW_SOAK says, and
// then with a line of progress now and then. WINNOW_SOAK_SEED chooses the faults.
func soakLength(t *testing.T) (length time.Duration, seed uint64, told bool) {
	t.Helper()
	length, seed = 15*time.Second, uint64(time.Now().UnixNano())
	if s := os.Getenv("WINNOW_SOAK"); s != "" {
		var err error
		if length, err = time.ParseDuration(s); err != nil || length < 10*time.Second {
			t.Fatalf("WINNOW_SOAK=%s: write a time of at least 10s, such as 10m", s)
		}
		told = true
	}
	if s := os.Getenv("WINNOW_SOAK_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("WINNOW_SOAK_SEED=%s: write a whole number", s)
		}
	}
	return length, seed, told
}

// TestSoak lets posts flow from all platforms while their connections break in
// every way that platforms know, from a seed. At the end each post is stored
// once or was made in an outage, which is on record, for hardly longer than it
// was.
func TestSoak(t *testing.T) {
	length, seed, told := soakLength(t)
	cfg, deps := setup(t)
	deps.Campaigns = []campaign.Campaign{{Name: "soak", Tags: []string{soakTag}}}
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d", seed)
	s := &soak{t: t, begin: time.Now(), length: length, seed: seed, told: told}
	for _, make := range []func(*testing.T, []campaign.Campaign) *lane{xLane, mastodonLane, blueskyLane} {
		s.lanes = append(s.lanes, make(t, deps.Campaigns))
	}
	err = a.Run(t.Context(), app.Role{Settle: true}, func(ctx context.Context, r *app.Running) error {
		if err := s.run(ctx, r); err != nil {
			return err
		}
		if err := r.WaitStored(ctx); err != nil {
			return err
		}
		return s.account(ctx, r)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// soak is one run.
type soak struct {
	t      *testing.T
	begin  time.Time
	length time.Duration
	seed   uint64
	told   bool
	lanes  []*lane
	super  *collectors.Supervisor
	load   []sample
}

// elapsed is for people.
func (s *soak) elapsed() time.Duration { return time.Since(s.begin).Round(time.Second) }

// run lets posts flow and breaks things, mends everything, and returns when
// all sources have caught up and what they took is in the log.
func (s *soak) run(ctx context.Context, r *app.Running) error {
	s.super = collectors.New(collectors.Options{Log: r})
	var sources []collectors.Source
	for _, l := range s.lanes {
		sources = append(sources, l.source)
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.super.Run(running, sources...) }()
	// Posts before a source's first connection are its past, and not what this is about.
	if err := s.until(ctx, "all sources are live", func() bool { return s.all(s.live) }); err != nil {
		return err
	}
	s.begin = time.Now()

	var flow, faults sync.WaitGroup
	published, flowing := context.WithTimeout(ctx, s.length)
	defer flowing()
	// The last faults leave time to catch up.
	broken, breaking := context.WithTimeout(ctx, s.length-min(s.length/4, 10*time.Second))
	defer breaking()
	errs := make([]error, len(s.lanes))
	for i, l := range s.lanes {
		flow.Go(func() { l.publish(published, float64(soakRate)/float64(len(s.lanes))) })
		faults.Go(func() { errs[i] = s.breakThings(ctx, broken, l, i) })
	}
	flow.Go(func() { s.watch(published) })
	faults.Wait()
	if err := errors.Join(errs...); err != nil {
		flowing()
		flow.Wait()
		return err
	}
	flow.Wait()
	err := s.until(ctx, "all sources have caught up", func() bool {
		for _, st := range s.super.Status() {
			if st.Missing != nil || st.Pending > 0 {
				return false
			}
		}
		return s.all(s.live)
	})
	if err == nil {
		err = s.lastOnes(ctx, r)
	}
	stop()
	return errors.Join(err, <-ended)
}

// lastOnes waits until the last post of each lane is stored: what is under way
// when Winnow stops lies in the gap that the next start records.
func (s *soak) lastOnes(ctx context.Context, r *app.Running) error {
	var ids []string
	for _, l := range s.lanes {
		posts := l.published()
		ids = append(ids, "'"+posts[len(posts)-1].id+"'")
	}
	sql := "SELECT count(DISTINCT post_id) FROM posts WHERE post_id IN (" + strings.Join(ids, ", ") + ")"
	var failed error
	err := s.until(ctx, "the last posts are stored", func() bool {
		found, err := rows(ctx, r, sql)
		failed = err
		return err != nil || found[0][0] == strconv.Itoa(len(ids))
	})
	return errors.Join(err, failed)
}

func (s *soak) all(ok func(*lane) bool) bool {
	for _, l := range s.lanes {
		if !ok(l) {
			return false
		}
	}
	return true
}

// live reports whether a lane's source says that it is connected, and is.
func (s *soak) live(l *lane) bool {
	for _, st := range s.super.Status() {
		if st.Source == l.name {
			return st.State == collectors.Live && l.platform.Open() > 0
		}
	}
	return false
}

// until waits for what must come within a minute.
func (s *soak) until(ctx context.Context, what string, ok func() bool) error {
	const most = time.Minute
	deadline, look := time.NewTimer(most), time.NewTicker(5*time.Millisecond)
	defer deadline.Stop()
	defer look.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return fmt.Errorf("not within %v: %s; %s", most, what, s.describe())
		case <-look.C:
		}
	}
	return nil
}

func (s *soak) describe() string {
	text := ""
	for _, st := range s.super.Status() {
		text += fmt.Sprintf("[%s is %s, %d posts, %d gaps pending, fault %q]", st.Source, st.State, st.Posts, st.Pending, st.Fault)
	}
	return text
}

// publish makes posts at a rate until ctx ends.
func (l *lane) publish(ctx context.Context, rate float64) {
	begin := time.Now()
	beat := time.NewTicker(5 * time.Millisecond)
	defer beat.Stop()
	for made := 0; ; {
		for due := int(time.Since(begin).Seconds() * rate); made < due; made++ {
			before := time.Now()
			id := l.platform.Publish(fmt.Sprintf("soaking, post %d of %s", made, l.name))
			l.add(soaked{id: id, begin: before, end: time.Now()})
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
	}
}
