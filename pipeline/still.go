package pipeline

import "context"

// Still calls f while nothing is settled.
func (s *Settle) Still(ctx context.Context, f func(context.Context) error) error {
	s.pass.Lock()
	defer s.pass.Unlock()
	return f(ctx)
}

// StillAnew is Still for what takes things out of the store: all that was kept in memory
// of posts is dropped, and what comes next is settled from the store. Nothing may be
// written meanwhile.
func (s *Settle) StillAnew(ctx context.Context, f func(context.Context) error) error {
	return s.Still(ctx, func(ctx context.Context) error {
		// Also when it failed: some of it may be done.
		defer func() {
			clear(s.live)
			s.coming.forget()
			s.due = nil
			s.metrics.live.Set(0)
		}()
		return f(ctx)
	})
}

// forget drops the posts that wait: who asks for them is to read the store.
func (a *Arrivals) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.of {
		c.posts, c.missed = nil, true
	}
	a.n = 0
}
