package pipeline

import (
	"context"
	"fmt"
	"time"
)

// retainEvery is how often it is seen to that posts are kept no longer than their
// campaign says. They go by whole days.
const retainEvery = time.Hour

// retain lets go of the posts that campaigns keep no longer.
func (s *Settle) retain(ctx context.Context) error {
	now := s.now()
	if now.Sub(s.retained) < retainEvery {
		return nil
	}
	for _, c := range s.campaigns.Campaigns() {
		if c.Keep <= 0 {
			continue
		}
		if _, err := s.store.Retain(ctx, c.Name, now.Add(-c.Keep)); err != nil {
			return fmt.Errorf("keeping posts for %v only: %w", c.Keep, err)
		}
	}
	s.retained = now
	return nil
}
